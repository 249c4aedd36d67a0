// SPDX-License-Identifier: Apache-2.0
// Real files beside the project, which are no part of it. The scales were worked out by hand from
// `dcmdump`.
#include "files.hpp"

#include <catch2/catch.hpp>
#include <guide_test/data.hpp>

#include <chrono>

namespace fs = std::filesystem;
using namespace guide;
using namespace guide::test;

namespace {

/// Whether all frames of two files are the same pixel by pixel.
bool same_pixels(const fs::path& a, const fs::path& b) {
    const auto first = io::open(a), second = io::open(b);
    for (int i = 0; i < first->info().frame_count; ++i) {
        const Frame x = first->read(i), y = second->read(i);
        if (values(x) != values(y) || colours(x) != colours(y)) return false;
    }
    return first->info().frame_count == second->info().frame_count;
}

}  // namespace

TEST_CASE("real: one picture in several encodings is one picture") {
    GUIDE_REQUIRE_SHARED_DATA(data);
    const fs::path us = data / "us-dicom" / "pydicom-data", xa = data / "dicom-xray" / "wg04";
    const std::vector<std::pair<fs::path, fs::path>> pairs = {
        {us / "OBXXXX1A.dcm", us / "OBXXXX1A_expb.dcm"},  // big endian palette
        {us / "OBXXXX1A.dcm", us / "OBXXXX1A_rle.dcm"},   // run lengths
        {us / "OBXXXX1A_2frame.dcm", us / "OBXXXX1A_expb_2frame.dcm"},
        {us / "OBXXXX1A_2frame.dcm", us / "OBXXXX1A_rle_2frame.dcm"},
        {us / "gdcm-US-ALOKA-16.dcm", us / "gdcm-US-ALOKA-16_big.dcm"},  // segmented palette
        {us / "US1_UNCR.dcm", us / "US1_J2KR.dcm"},  // JPEG 2000, reversible colour
        {us / "US1_UNCI.dcm", us / "US1_J2KI.dcm"},  // and irreversible
        {us / "color-pl.dcm", us / "color-px.dcm"},  // planes and pixels
        {us / "SC_rgb.dcm", us / "SC_rgb_expb.dcm"},
        {us / "SC_rgb.dcm", us / "SC_rgb_16bit.dcm"},
        {us / "SC_rgb.dcm", us / "SC_rgb_32bit.dcm"},
        {us / "SC_rgb.dcm", us / "SC_rgb_expb_32bit.dcm"},
        {us / "SC_rgb_2frame.dcm", us / "SC_rgb_expb_2frame.dcm"},
        {us / "SC_rgb_2frame.dcm", us / "SC_rgb_expb_16bit_2frame.dcm"},
        {us / "SC_rgb_32bit_2frame.dcm", us / "SC_rgb_expb_32bit_2frame.dcm"},
        {xa / "J2KR" / "XA1_J2KR", xa / "JLSL" / "XA1_JLSL"},
        {xa / "J2KR" / "XA1_J2KR", xa / "JPLL" / "XA1_JPLL"},
        {xa / "J2KR" / "XA1_J2KR", xa / "RLE" / "XA1_RLE"},
    };
    for (const auto& [a, b] : pairs) {
        INFO(a << " " << b);
        CHECK(same_pixels(a, b));
    }
    CHECK(error_of(xa / "REF" / "XA1_UNC.zst") == "unknown-format");
}

TEST_CASE("real: scales in millimetres") {
    GUIDE_REQUIRE_SHARED_DATA(data);
    struct Expected {
        const char* file;
        double mm;  ///< 0: none
        SpacingSource source;
        std::size_t regions;
        PixelBox box;
        const char* note;
    };
    const auto regions = SpacingSource::dicom_regions;
    const std::vector<Expected> table = {
        {"us-dicom/pydicom-data/OBXXXX1A.dcm",
         0.2622878766,
         regions,
         2,
         {120, 60, 800, 519},
         "region-clipped"},
        {"us-dicom/pydicom/examples_palette.dcm",
         0.2622878766,
         regions,
         2,
         {120, 60, 800, 350},
         "region-clipped"},
        {"us-dicom/pydicom-data/gdcm-US-ALOKA-16.dcm",
         0.3826530650,
         regions,
         3,
         {32, 24, 336, 416},
         "several-regions"},
        {"us-dicom/pydicom-data/gdcm-US-ALOKA-16_big.dcm",
         0.3826530650,
         regions,
         3,
         {32, 24, 336, 416},
         "several-regions"},
        {"us-pocus/sonoque_anechoic-3mm-3mm.dcm",
         0.0291,
         regions,
         1,
         {0, 0, 2083, 1455},
         "region-clipped"},
        // The region is that of 640 x 480 pixels, the frame is half of it.
        {"us-dicom/pydicom/examples_ybr_color.dcm",
         0,
         SpacingSource::none,
         1,
         {},
         "region-of-larger-picture"},
        {"us-dicom/pydicom-data/SC_rgb.dcm", 1, SpacingSource::pixel_spacing, 0, {}, nullptr},
        {"us-dicom/pydicom/examples_overlay.dcm",
         0.7231404959,
         SpacingSource::pixel_spacing,
         0,
         {},
         "overlay-ignored"},
        {"us-dicom/pydicom-data/color-px.dcm", 0, SpacingSource::none, 0, {}, "pixel-aspect"},
        {"us-dicom/pydicom-data/US1_UNCR.dcm", 0, SpacingSource::none, 0, {}, nullptr},
        {"dicom-xray/HasFragmentSequence.dcm", 0, SpacingSource::none, 0, {}, nullptr},
        {"dicom-xray/KarstenHilbertRF.dcm", 0, SpacingSource::none, 0, {}, nullptr},
        {"us-sequence/BoneUltrasound_L14.igs.mha",
         0,
         SpacingSource::none,
         0,
         {},
         "spacing-default"},
    };
    for (const auto& e : table) {
        INFO(e.file);
        const auto source = io::open(data / e.file);
        const auto& info = source->info();
        CHECK(info.spacing_source == e.source);
        CHECK(info.spacing.has_value() == (e.mm > 0));
        if (info.spacing) {
            CHECK(info.spacing->x_mm == Approx(e.mm).epsilon(1e-8));
            CHECK(info.spacing->y_mm == Approx(e.mm).epsilon(1e-8));
        }
        CHECK(info.regions.size() == e.regions);
        CHECK(info.content_box.value_or(PixelBox{}) == e.box);
        if (e.note != nullptr) CHECK(has_note(info.notes, e.note));
    }
}

TEST_CASE("real: sizes, counts and kinds") {
    GUIDE_REQUIRE_SHARED_DATA(data);
    struct Expected {
        const char* file;
        const char* format;
        int width, height, frames;
        Modality modality;
    };
    const std::vector<Expected> table = {
        {"us-dicom/pydicom/examples_ybr_color.dcm", "dicom", 320, 240, 30, Modality::ultrasound},
        {"dicom-xray/HasFragmentSequence.dcm", "dicom", 512, 512, 96, Modality::fluoroscopy},
        {"dicom-xray/KarstenHilbertRF.dcm", "dicom", 512, 464, 1, Modality::fluoroscopy},
        {"us-pocus/clarius-ocular-short.mp4", "video", 1280, 960, 50, Modality::unknown},
        {"us-pocus/sonosite-anon-eye1-video.mp4", "video", 960, 720, 100, Modality::unknown},
        {"us-pocus/sonosite-anon-eye1.jpg", "jpeg", 960, 720, 1, Modality::unknown},
        {"us-sequence/BoneUltrasound_L14.igs.mha", "metaimage", 820, 616, 21, Modality::ultrasound},
        {"us-sequence/WaterTankBottomTranslationVideoBuffer.igs.mha", "metaimage", 820, 616, 201,
         Modality::ultrasound},
        {"us-sequence/NwirePhantomFreehand.igs.nrrd", "nrrd", 820, 616, 97, Modality::ultrasound},
        {"us-sequence/UltrasonixLinearScanConvertedData.igs.mha", "metaimage", 260, 400, 1,
         Modality::ultrasound},
        {"knee-labels/right_knee_labels.nrrd", "nrrd", 384, 384, 160, Modality::unknown},
        {"us-needle/sample/needle_14/image", "folder", 720, 440, 25, Modality::unknown},
    };
    for (const auto& e : table) {
        INFO(e.file);
        const auto source = io::open(data / e.file);
        CHECK(source->info().format == e.format);
        CHECK(source->info().width == e.width);
        CHECK(source->info().height == e.height);
        CHECK(source->info().frame_count == e.frames);
        CHECK(source->info().modality == e.modality);
        const Frame last = source->read(e.frames - 1);
        CHECK(last.intensity.width() == e.width);
        CHECK(last.intensity.height() == e.height);
    }
    CHECK(error_of(data / "us-sequence" / "MetaImageSequenceIOTest1.igs.mhd") == "not-found");
}

TEST_CASE("real: YCbCr under an RGB label is grey where the scanner drew grey") {
    GUIDE_REQUIRE_SHARED_DATA(data);
    const Frame frame = io::open(data / "us-pocus" / "sonoque_anechoic-3mm-3mm.dcm")->read(0);
    CHECK(has_note(frame.notes, "colour-corrected"));
    double spread = 0;
    for (const Rgb8& p : colours(frame))
        spread += std::max({p.r, p.g, p.b}) - std::min({p.r, p.g, p.b});
    // Read as RGB the mean is above 90: Y beside two chroma values of about 128.
    CHECK(spread / static_cast<double>(frame.colour.size()) < 2);
}

TEST_CASE("real: tracked frames have their transforms and stamps") {
    GUIDE_REQUIRE_SHARED_DATA(data);
    const auto source = io::open(data / "us-sequence" / "BoneUltrasound_L14.igs.mha");
    const auto transforms = source->transforms(1);
    REQUIRE(transforms.size() == 3);
    CHECK(transforms[0].name == "ProbeToTracker");
    CHECK(transforms[0].valid);
    CHECK(transforms[0].matrix(0, 0) == 0.85378);
    CHECK(transforms[0].matrix(2, 3) == 25.4496);
    CHECK(source->read(1).time_s.value_or(0) == Approx(232.628014 - 232.542071));
    CHECK_FALSE(
        source->read(1).image_to_reference);  // the file lacks the image-to-probe calibration
    CHECK(source->info().turn == io::Turn{false, true, false});
}

TEST_CASE("real: every broken DICOM file is a picture or one clear error, at once") {
    GUIDE_REQUIRE_SHARED_DATA(data);
    int files = 0, errors = 0;
    for (const auto& entry : fs::recursive_directory_iterator(data / "dicom-malformed")) {
        if (entry.path().extension() != ".dcm") continue;
        ++files;
        std::string message;
        const auto start = std::chrono::steady_clock::now();
        const std::string code = error_of(entry.path(), {}, &message);
        INFO(message);
        CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(2));
        CHECK(message.find('\n') == std::string::npos);
        errors += code.empty() ? 0 : 1;
    }
    CHECK(files > 80);
    CHECK(errors > 10);
    CHECK(errors < files);
}
