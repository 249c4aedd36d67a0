// SPDX-License-Identifier: Apache-2.0
#include "dicom_builder.hpp"

#include "files.hpp"

#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>
#include <dcmtk/dcmdata/dcrleerg.h>
#include <dcmtk/dcmimage/diregist.h>  // colour for the JPEG encoders
#include <dcmtk/dcmjpeg/djencode.h>
#include <dcmtk/dcmjpeg/djrploss.h>
#include <dcmtk/dcmjpls/djencode.h>
#include <openjpeg.h>

#include <stdexcept>

namespace guide::test {
namespace {

void check(const OFCondition& status) {
    if (status.bad()) throw std::runtime_error(std::string("test file: ") + status.text());
}

}  // namespace

DicomBuilder::DicomBuilder(const Pixels& p, const std::string& modality) {
    text(DCM_SOPClassUID, UID_UltrasoundMultiframeImageStorage);
    text(DCM_SOPInstanceUID, "1.2.3.4");
    text(DCM_Modality, modality);
    word(DCM_SamplesPerPixel, p.samples);
    text(DCM_PhotometricInterpretation, p.photometric);
    if (p.samples > 1) word(DCM_PlanarConfiguration, p.planar);
    if (p.frames > 1) text(DCM_NumberOfFrames, std::to_string(p.frames));
    word(DCM_Rows, p.height);
    word(DCM_Columns, p.width);
    word(DCM_BitsAllocated, p.bits_allocated);
    word(DCM_BitsStored, p.bits_stored);
    word(DCM_HighBit, p.high_bit);
    word(DCM_PixelRepresentation, p.is_signed ? 1 : 0);
}

DicomBuilder& DicomBuilder::text(const DcmTagKey& tag, const std::string& value) {
    check(dataset().putAndInsertString(tag, value.c_str()));
    return *this;
}
DicomBuilder& DicomBuilder::word(const DcmTagKey& tag, int value) {
    check(dataset().putAndInsertUint16(tag, static_cast<Uint16>(value)));
    return *this;
}
DicomBuilder& DicomBuilder::words(const DcmTagKey& tag, const std::vector<std::uint16_t>& values) {
    check(dataset().putAndInsertUint16Array(tag, values.data(), values.size()));
    return *this;
}

DicomBuilder& DicomBuilder::region(const Region& r) {
    DcmItem* item = nullptr;
    check(dataset().findOrCreateSequenceItem(DCM_SequenceOfUltrasoundRegions, item, -2));
    check(item->putAndInsertUint16(DCM_RegionSpatialFormat, static_cast<Uint16>(r.spatial_format)));
    check(item->putAndInsertUint16(DCM_RegionDataType, static_cast<Uint16>(r.data_type)));
    check(item->putAndInsertUint32(DCM_RegionFlags, 0));
    check(item->putAndInsertUint32(DCM_RegionLocationMinX0, static_cast<Uint32>(r.x0)));
    check(item->putAndInsertUint32(DCM_RegionLocationMinY0, static_cast<Uint32>(r.y0)));
    check(item->putAndInsertUint32(DCM_RegionLocationMaxX1, static_cast<Uint32>(r.x1)));
    check(item->putAndInsertUint32(DCM_RegionLocationMaxY1, static_cast<Uint32>(r.y1)));
    check(item->putAndInsertSint32(DCM_ReferencePixelX0, 7));
    check(item->putAndInsertSint32(DCM_ReferencePixelY0, -5));
    check(item->putAndInsertUint16(DCM_PhysicalUnitsXDirection, static_cast<Uint16>(r.unit_x)));
    check(item->putAndInsertUint16(DCM_PhysicalUnitsYDirection, static_cast<Uint16>(r.unit_y)));
    check(item->putAndInsertFloat64(DCM_PhysicalDeltaX, r.delta_x));
    check(item->putAndInsertFloat64(DCM_PhysicalDeltaY, r.delta_y));
    return *this;
}

DicomBuilder& DicomBuilder::bytes(const std::vector<std::uint8_t>& samples) {
    check(dataset().putAndInsertUint8Array(DCM_PixelData, samples.data(), samples.size()));
    return *this;
}
DicomBuilder& DicomBuilder::shorts(const std::vector<std::uint16_t>& samples) {
    check(dataset().putAndInsertUint16Array(DCM_PixelData, samples.data(), samples.size()));
    return *this;
}

DicomBuilder& DicomBuilder::fragments(const std::vector<std::string>& streams,
                                      E_TransferSyntax syntax) {
    auto pixels = std::make_unique<DcmPixelData>(DcmTag(DCM_PixelData, EVR_OB));
    auto sequence = std::make_unique<DcmPixelSequence>(DcmTag(DCM_PixelData, EVR_OB));
    sequence->insert(new DcmPixelItem(DcmTag(DCM_Item, EVR_OB)));
    for (std::string stream : streams) {
        if (stream.size() % 2 != 0) stream += '\0';
        auto item = std::make_unique<DcmPixelItem>(DcmTag(DCM_Item, EVR_OB));
        check(item->putUint8Array(reinterpret_cast<const Uint8*>(stream.data()), stream.size()));
        sequence->insert(item.release());
    }
    pixels->putOriginalRepresentation(syntax, nullptr, sequence.release());
    check(dataset().insert(pixels.release(), OFTrue));
    syntax_ = syntax;
    return *this;
}

void DicomBuilder::save(const std::filesystem::path& path, E_TransferSyntax syntax) {
    static const bool registered = [] {
        DJEncoderRegistration::registerCodecs();
        // Neither "cooked" nor FF-padded: DCMTK 3.6.7 then writes beyond the buffers of tiny
        // pictures.
        DJLSEncoderRegistration::registerCodecs(0, 0, 0, 0, OFFalse, 0, OFTrue, EJLSUC_default,
                                                OFFalse, DJLSCodecParameter::interleaveDefault,
                                                OFFalse);
        DcmRLEEncoderRegistration::registerCodecs();
        return true;
    }();
    (void)registered;
    if (syntax_ != EXS_LittleEndianExplicit) syntax = syntax_;
    const DJ_RPLossy lossy(100);
    const bool is_lossy = syntax == EXS_JPEGProcess1 || syntax == EXS_JPEGProcess2_4;
    if (DcmXfer(syntax).isEncapsulated())
        check(dataset().chooseRepresentation(syntax, is_lossy ? &lossy : nullptr));
    check(file_.saveFile(path.c_str(), syntax));
}

std::string jpeg2000_stream(const std::vector<int>& samples, int width, int height, int components,
                            int bits) {
    std::vector<opj_image_cmptparm_t> planes(static_cast<std::size_t>(components));
    for (auto& p : planes) {
        p = {};
        p.dx = p.dy = 1;
        p.w = static_cast<OPJ_UINT32>(width);
        p.h = static_cast<OPJ_UINT32>(height);
        p.prec = static_cast<OPJ_UINT32>(bits);
    }
    const std::unique_ptr<opj_image_t, decltype(&opj_image_destroy)> image(
        opj_image_create(static_cast<OPJ_UINT32>(components), planes.data(),
                         components == 3 ? OPJ_CLRSPC_SRGB : OPJ_CLRSPC_GRAY),
        &opj_image_destroy);
    image->x1 = static_cast<OPJ_UINT32>(width);
    image->y1 = static_cast<OPJ_UINT32>(height);
    const auto count = static_cast<std::size_t>(width * height),
               n = static_cast<std::size_t>(components);
    for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t c = 0; c < n; ++c)
            image->comps[c].data[i] = samples[i * n + c];
    }
    opj_cparameters_t parameters;
    opj_set_default_encoder_parameters(&parameters);
    parameters.tcp_numlayers = 1;
    parameters.cp_disto_alloc = 1;
    parameters.numresolution = 2;
    parameters.tcp_mct = components == 3 ? 1 : 0;
    const std::unique_ptr<opj_codec_t, decltype(&opj_destroy_codec)> codec(
        opj_create_compress(OPJ_CODEC_J2K), &opj_destroy_codec);
    std::string out;
    const std::unique_ptr<opj_stream_t, decltype(&opj_stream_destroy)> stream(
        opj_stream_create(4096, OPJ_FALSE), &opj_stream_destroy);
    opj_stream_set_user_data(stream.get(), &out, nullptr);
    opj_stream_set_write_function(stream.get(), [](void* bytes, OPJ_SIZE_T size, void* user) {
        static_cast<std::string*>(user)->append(static_cast<const char*>(bytes), size);
        return size;
    });
    // The encoder goes back to nothing, for no length is written late with one tile part.
    opj_stream_set_skip_function(stream.get(), [](OPJ_OFF_T, void*) { return OPJ_OFF_T{-1}; });
    opj_stream_set_seek_function(stream.get(),
                                 [](OPJ_OFF_T, void*) { return OPJ_BOOL{OPJ_FALSE}; });
    if (opj_setup_encoder(codec.get(), &parameters, image.get()) == 0 ||
        opj_start_compress(codec.get(), image.get(), stream.get()) == 0 ||
        opj_encode(codec.get(), stream.get()) == 0 ||
        opj_end_compress(codec.get(), stream.get()) == 0) {
        throw std::runtime_error("test file: JPEG 2000 encoder");
    }
    return out;
}

}  // namespace guide::test
