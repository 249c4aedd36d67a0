// SPDX-License-Identifier: Apache-2.0
#include "dicom_dataset.hpp"

#include <guide/core/error.hpp>
#include <guide/io/sha256.hpp>
#include <guide/io/write.hpp>

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcostrmb.h>
#include <dcmtk/dcmdata/dctk.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string_view>

namespace guide::io {

bool has_colour(const Frame& frame) {
    return frame.modality == Modality::ultrasound && frame.colour.width() > 0;
}

void append_pixels(const Frame& frame, std::string& bytes) {
    if (has_colour(frame)) {
        for (std::size_t i = 0; i < frame.colour.size(); ++i) {
            const Rgb8 p = frame.colour.data()[i];
            for (const std::uint8_t channel : {p.r, p.g, p.b})
                bytes.push_back(static_cast<char>(channel));
        }
        return;
    }
    const auto view = frame.intensity.view();
    const float range = frame.display_high - frame.display_low;
    for (int y = 0; y < view.height; ++y) {
        for (int x = 0; x < view.width; ++x) {
            const float share = (view.at(x, y) - frame.display_low) / range;
            bytes.push_back(static_cast<char>(
                static_cast<std::uint8_t>(std::lround(255 * std::clamp(share, 0.0F, 1.0F)))));
        }
    }
}

void check_dicom_tags(const Frame& frame, const DicomTags& tags) {
    const auto rule = [](bool holds, const char* text) { require(holds, "write_dicom", text); };
    rule(!frame.intensity.view().empty(), "the frame has pixels");
    rule(frame.intensity.width() <= 65535 && frame.intensity.height() <= 65535,
         "a side is at most 65535 px");
    rule(frame.display_high > frame.display_low, "display_high is above display_low");
    rule(frame.modality == Modality::ultrasound || frame.modality == Modality::fluoroscopy,
         "the modality is ultrasound or fluoroscopy");
    rule(tags.laterality == 0 || tags.laterality == 'L' || tags.laterality == 'R',
         "laterality is L, R or 0");
    rule(tags.instance >= 1, "instance is 1 or more");
    rule(!tags.face || (std::abs(tags.face->x) <= 1e6 && std::abs(tags.face->y) <= 1e6),
         "face lies within a million pixels");
    rule(!has_colour(frame) || (frame.colour.width() == frame.intensity.width() &&
                                frame.colour.height() == frame.intensity.height()),
         "colour has the size of the frame");
    if (frame.spacing) rule(!spacing_fault(*frame.spacing), "the spacing makes sense");
    if (frame.modality == Modality::ultrasound) return;
    rule(tags.xray.has_value(), "X-ray frames come with their tags");
    const DicomXrayTags& x = *tags.xray;
    rule(x.source_to_patient_mm > 0 && x.source_to_patient_mm <= x.source_to_detector_mm,
         "source_to_patient_mm is above 0, to source_to_detector_mm");
    rule(std::isfinite(x.source_to_detector_mm), "source_to_detector_mm is finite");
    rule(std::abs(x.primary_deg) <= 180, "primary_deg is -180 to 180");
    rule(std::abs(x.secondary_deg) <= 90, "secondary_deg is -90 to 90");
    rule(x.detector_pixel_mm >= 0.001 && x.detector_pixel_mm <= 10,
         "detector_pixel_mm is 0.001 to 10");
}

namespace {

/// A UID under 2.25, whose number comes from the hash of a text.
std::string uid_of(const std::string& text) {
    constexpr std::uint64_t kDigits18 = 1'000'000'000'000'000'000ULL;
    const std::string hash = sha256(text);
    const auto part = [&](std::size_t at) { return std::stoull(hash.substr(at, 15), nullptr, 16); };
    char digits[64];
    std::snprintf(digits, sizeof digits, "2.25.%llu%018llu",
                  static_cast<unsigned long long>(1 + part(0) % (kDigits18 - 1)),
                  static_cast<unsigned long long>(part(15) % kDigits18));
    return digits;
}

/// A decimal string holds 16 characters.
std::string decimal(double value) {
    char text[40];
    for (int precision = 15; precision > 0; --precision) {
        std::snprintf(text, sizeof text, "%.*g", precision, value);
        if (std::string_view(text).size() <= 16) break;
    }
    return text;
}

class Writer {
  public:
    Writer(DcmItem& item, std::string path) : item_(item), path_(std::move(path)) {}

    void text(const DcmTagKey& tag, const std::string& value) {
        check(item_.putAndInsertString(tag, value.c_str()));
    }
    void number(const DcmTagKey& tag, double value) { text(tag, decimal(value)); }
    void word(const DcmTagKey& tag, int value) {
        check(item_.putAndInsertUint16(tag, static_cast<Uint16>(value)));
    }
    void wide(const DcmTagKey& tag, int value) {
        check(item_.putAndInsertUint32(tag, static_cast<Uint32>(value)));
    }
    void signed_wide(const DcmTagKey& tag, int value) {
        check(item_.putAndInsertSint32(tag, value));
    }
    void real(const DcmTagKey& tag, double value) { check(item_.putAndInsertFloat64(tag, value)); }
    void tag(const DcmTagKey& tag, const DcmTagKey& value) {
        check(item_.putAndInsertTagKey(tag, value));
    }
    Writer item_of(const DcmTagKey& sequence) {
        DcmItem* item = nullptr;
        check(item_.findOrCreateSequenceItem(sequence, item, -2));
        return {*item, path_};
    }
    void check(const OFCondition& status) const {
        if (status.bad())
            throw IoError(path_, "cannot-write", std::string("DICOM: ") + status.text());
    }

  private:
    DcmItem& item_;
    std::string path_;
};

/// PS3.3 C.8.5.5; lengths are centimetres.
void write_region(Writer& writer, const Frame& frame, const DicomTags& tags, Spacing spacing) {
    constexpr int kTwoDimensional = 1, kTissue = 1, kCentimetres = 3;
    const PixelBox box = frame.content_box.value_or(
        PixelBox{0, 0, frame.intensity.width(), frame.intensity.height()});
    Writer region = writer.item_of(DCM_SequenceOfUltrasoundRegions);
    region.word(DCM_RegionSpatialFormat, kTwoDimensional);
    region.word(DCM_RegionDataType, kTissue);
    region.wide(DCM_RegionFlags, 0);
    region.wide(DCM_RegionLocationMinX0, box.x0);
    region.wide(DCM_RegionLocationMinY0, box.y0);
    region.wide(DCM_RegionLocationMaxX1, box.x1 - 1);
    region.wide(DCM_RegionLocationMaxY1, box.y1 - 1);
    const PixelPoint face = tags.face.value_or(PixelPoint{
        static_cast<double>(box.x0 + (box.x1 - box.x0) / 2), static_cast<double>(box.y0)});
    region.signed_wide(DCM_ReferencePixelX0, static_cast<int>(std::lround(face.x)) - box.x0);
    region.signed_wide(DCM_ReferencePixelY0, static_cast<int>(std::lround(face.y)) - box.y0);
    region.word(DCM_PhysicalUnitsXDirection, kCentimetres);
    region.word(DCM_PhysicalUnitsYDirection, kCentimetres);
    region.real(DCM_ReferencePixelPhysicalValueX, 0);
    region.real(DCM_ReferencePixelPhysicalValueY, 0);
    region.real(DCM_PhysicalDeltaX, spacing.x_mm / 10);
    region.real(DCM_PhysicalDeltaY, spacing.y_mm / 10);
}

void write_xray(Writer& writer, const DicomXrayTags& xray) {
    const std::string pixel = decimal(xray.detector_pixel_mm);
    writer.text(DCM_ImagerPixelSpacing, pixel + "\\" + pixel);
    writer.number(DCM_DistanceSourceToDetector, xray.source_to_detector_mm);
    writer.number(DCM_DistanceSourceToPatient, xray.source_to_patient_mm);
    writer.number(DCM_EstimatedRadiographicMagnificationFactor,
                  xray.source_to_detector_mm / xray.source_to_patient_mm);
    writer.text(DCM_PositionerMotion, "STATIC");
    writer.number(DCM_PositionerPrimaryAngle, xray.primary_deg);
    writer.number(DCM_PositionerSecondaryAngle, xray.secondary_deg);
    writer.text(DCM_RadiationSetting, "SC");  // low dose: fluoroscopy
    writer.text(DCM_PixelIntensityRelationship, "DISP");
    writer.text(DCM_KVP, "");
}

/// All but the pixels, whose `content` the frame's identifier comes from.
void write_dataset(Writer& writer, const Frame& frame, const DicomTags& tags,
                   const std::string& content, const std::optional<DicomTiming>& timing) {
    const bool xray = frame.modality == Modality::fluoroscopy, colour = has_colour(frame);
    writer.text(DCM_SOPClassUID, xray     ? UID_XRayAngiographicImageStorage
                                 : timing ? UID_UltrasoundMultiframeImageStorage
                                          : UID_UltrasoundImageStorage);
    writer.text(DCM_SOPInstanceUID,
                uid_of("instance " + tags.study + std::to_string(tags.instance) + content));
    writer.text(DCM_StudyInstanceUID, uid_of("study " + tags.study));
    writer.text(DCM_SeriesInstanceUID, uid_of("series " + tags.study));
    for (const DcmTagKey& empty :
         {DCM_PatientName, DCM_PatientID, DCM_PatientBirthDate, DCM_PatientSex, DCM_StudyDate,
          DCM_StudyTime, DCM_StudyID, DCM_AccessionNumber, DCM_ReferringPhysicianName,
          DCM_PatientOrientation, DCM_ContentDate, DCM_ContentTime})
        writer.text(empty, "");
    writer.text(DCM_Modality, xray ? "XA" : "US");
    writer.text(DCM_ImageType,
                xray ? "ORIGINAL\\PRIMARY\\SINGLE PLANE" : "ORIGINAL\\PRIMARY\\\\0001");
    writer.text(DCM_Manufacturer, "libguide");
    writer.text(DCM_ManufacturerModelName, "guide simulate");
    writer.text(DCM_BodyPartExamined, "KNEE");
    writer.text(DCM_SeriesDescription, tags.description.substr(0, 64));
    if (tags.laterality != 0) writer.text(DCM_Laterality, std::string(1, tags.laterality));
    writer.text(DCM_SeriesNumber, "1");
    writer.text(DCM_InstanceNumber, std::to_string(tags.instance));
    writer.text(DCM_QualityControlImage, "YES");  // a phantom, no patient
    if (tags.burned_in) writer.text(DCM_BurnedInAnnotation, "YES");
    if (xray) {
        write_xray(writer, *tags.xray);
    } else {
        if (frame.spacing) write_region(writer, frame, tags, *frame.spacing);
        if (tags.curvilinear) writer.text(DCM_TransducerType, "CURVED LINEAR");
    }
    if (timing) {
        if (xray) {  // not known, and to be there all the same: PS3.3 C.8.7.3
            for (const DcmTagKey& empty : {DCM_ExposureTime, DCM_XRayTubeCurrent, DCM_Exposure})
                writer.text(empty, "");
        }
        writer.text(DCM_NumberOfFrames, std::to_string(timing->frames));
        writer.tag(DCM_FrameIncrementPointer, DCM_FrameTime);
        writer.number(DCM_FrameTime, 1000 / timing->frames_per_s);
    }
    writer.text(DCM_LossyImageCompression, "00");
    writer.word(DCM_SamplesPerPixel, colour ? 3 : 1);
    writer.text(DCM_PhotometricInterpretation, colour ? "RGB" : "MONOCHROME2");
    if (colour) writer.word(DCM_PlanarConfiguration, 0);
    writer.word(DCM_Rows, frame.intensity.height());
    writer.word(DCM_Columns, frame.intensity.width());
    writer.word(DCM_BitsAllocated, 8);
    writer.word(DCM_BitsStored, 8);
    writer.word(DCM_HighBit, 7);
    writer.word(DCM_PixelRepresentation, 0);
}

}  // namespace

void write_dicom_file(const std::filesystem::path& path, const Frame& frame, const DicomTags& tags,
                      const std::string& content, const std::optional<DicomTiming>& timing,
                      const std::string& pixels) {
    DcmFileFormat format;
    Writer writer(*format.getDataset(), path.string());
    write_dataset(writer, frame, tags, content, timing);
    // Preamble and meta header beside what the dataset says of its own length.
    constexpr std::size_t kReserve = 64 * 1024;
    std::string bytes(
        format.getDataset()->calcElementLength(EXS_LittleEndianExplicit, EET_ExplicitLength) +
            kReserve,
        '\0');
    DcmOutputBufferStream stream(bytes.data(), static_cast<offile_off_t>(bytes.size()));
    format.transferInit();
    writer.check(format.write(stream, EXS_LittleEndianExplicit, EET_ExplicitLength, nullptr));
    format.transferEnd();
    void* data = nullptr;
    offile_off_t length = 0;
    stream.flushBuffer(data, length);
    bytes.resize(static_cast<std::size_t>(length));
    // PS3.5 7.1.2: tag, OB, two reserved bytes, length; a length is even.
    const std::size_t size = pixels.size() + pixels.size() % 2;
    bytes += std::string("\xE0\x7F\x10\x00OB\x00\x00", 8);
    for (int shift = 0; shift < 32; shift += 8)
        bytes.push_back(static_cast<char>(size >> shift & 0xFFU));
    bytes += pixels;
    if (bytes.size() % 2 != 0) bytes.push_back('\0');
    write_text(path, bytes);
}

}  // namespace guide::io
