// SPDX-License-Identifier: Apache-2.0
#include "dicom_builder.hpp"
#include "files.hpp"

#include <catch2/catch.hpp>
#include <guide_test/data.hpp>

#include <limits>

namespace {

using namespace guide;
using namespace guide::test;

/// A black frame of 100 x 80 pixels.
struct Case {
    explicit Case(const std::string& modality = "US")
        : builder({100, 80, 1, 1, 8, 8, 7, false, 0, "MONOCHROME2"}, modality) {
        builder.bytes(std::vector<std::uint8_t>(8000));
    }
    io::SourceInfo info() {
        builder.save(folder.path() / "a.dcm");
        const auto source = io::open(folder.path() / "a.dcm");
        // The frame says the same as its source.
        const Frame frame = source->read(0);
        CHECK(frame.spacing == source->info().spacing);
        CHECK(frame.spacing_source == source->info().spacing_source);
        CHECK(frame.pixel_aspect == source->info().pixel_aspect);
        CHECK(frame.content_box == source->info().content_box);
        CHECK(frame.regions.size() == source->info().regions.size());
        return source->info();
    }
    TemporaryFolder folder;
    DicomBuilder builder;
};

}  // namespace

TEST_CASE("calibration: region deltas are centimetres and become millimetres") {
    Case c;
    c.builder.region({10, 20, 59, 69, 0.0125, 0.025});
    const auto info = c.info();
    REQUIRE(info.spacing);
    CHECK(info.spacing->x_mm == Approx(0.125));
    CHECK(info.spacing->y_mm == Approx(0.25));
    CHECK(info.spacing_source == SpacingSource::dicom_regions);
    REQUIRE(info.regions.size() == 1);
    CHECK(info.regions[0].box ==
          PixelBox{10, 20, 60, 70});  // the corners are inclusive in the file
    CHECK_FALSE(info.regions[0].clipped);
    CHECK(info.regions[0].reference_pixel == PixelPoint{7, -5});
    CHECK(info.regions[0].delta_x == 0.0125);
    CHECK(io::region_unit_name(info.regions[0].unit_x) == "cm");
    CHECK(io::region_data_type_name(info.regions[0].data_type) == "tissue");
    CHECK(info.content_box == PixelBox{10, 20, 60, 70});
    CHECK(info.notes.empty());
}

TEST_CASE("calibration: nothing stated is no calibration") {
    for (const char* modality : {"US", "DX", "XA", "OT"}) {
        Case c(modality);
        const auto info = c.info();
        CHECK_FALSE(info.spacing);
        CHECK(info.spacing_source == SpacingSource::none);
        CHECK_FALSE(info.content_box);
    }
}

TEST_CASE("calibration: regions that end at the width, or beyond one side, are clipped") {
    Case end;
    end.builder.region({0, 0, 100, 80});
    auto info = end.info();
    CHECK(info.spacing);
    CHECK(info.content_box == PixelBox{0, 0, 100, 80});
    CHECK(info.regions[0].clipped);
    CHECK(has_note(info.notes, "region-clipped"));

    Case beyond;  // rows were cut off below: the scale holds
    beyond.builder.region({10, 10, 99, 170});
    info = beyond.info();
    CHECK(info.spacing == Spacing{0.1, 0.1});
    CHECK(info.content_box == PixelBox{10, 10, 100, 80});
    CHECK(has_note(info.notes, "region-clipped"));
}

TEST_CASE("calibration: a region of a larger picture gives no scale") {
    Case c;  // made for 200 x 160, the frame is half of that
    c.builder.region({20, 20, 190, 150}).text(DCM_PixelSpacing, "0.1\\0.1");
    const auto info = c.info();
    CHECK_FALSE(info.spacing);
    CHECK_FALSE(info.content_box);
    CHECK(has_note(info.notes, "region-of-larger-picture"));
}

TEST_CASE("calibration: a region outside the frame is left out") {
    Case c;
    c.builder.region({100, 0, 150, 50});
    const auto info = c.info();
    CHECK_FALSE(info.spacing);
    CHECK_FALSE(info.content_box);
    CHECK(has_note(info.notes, "region-outside"));
}

TEST_CASE("calibration: two regions that agree give one scale, two that do not give none") {
    Case same;
    same.builder.region({0, 0, 39, 79, 0.02, 0.02}).region({40, 0, 99, 79, 0.02, 0.02});
    auto info = same.info();
    CHECK(info.spacing == Spacing{0.2, 0.2});
    CHECK(info.content_box == PixelBox{40, 0, 100, 80});  // the larger one
    CHECK(has_note(info.notes, "several-regions"));
    CHECK(info.regions.size() == 2);

    Case other;
    other.builder.region({0, 0, 49, 79, 0.02, 0.02}).region({50, 0, 99, 79, 0.03, 0.03});
    other.builder.text(DCM_PixelSpacing, "0.2\\0.2");
    info = other.info();
    CHECK_FALSE(info.spacing);
    CHECK(has_note(info.notes, "regions-disagree"));
    CHECK(has_note(info.notes, "spacing-conflict"));
    REQUIRE(info.regions.size() == 2);
    CHECK(info.regions[0].spacing == Spacing{0.2, 0.2});  // each keeps its own
    CHECK(info.regions[1].spacing->x_mm == Approx(0.3));
}

TEST_CASE("calibration: traces, M-mode and other units are no scale of the picture") {
    Case c;
    c.builder.region({0, 0, 49, 39, 0.01, 0.01, 3, 3, 1, 1});
    c.builder.region({0, 40, 99, 79, 0.5, 0.02, 4, 3, 2, 1});  // M-mode: seconds, centimetres
    c.builder.region({0, 70, 99, 79, 0.5, 0.5, 4, 0, 4, 10});  // electrocardiogram
    auto info = c.info();
    CHECK(info.spacing == Spacing{0.1, 0.1});
    CHECK(info.content_box == PixelBox{0, 0, 50, 40});
    REQUIRE(info.regions.size() == 3);
    CHECK_FALSE(info.regions[1].spacing);
    CHECK(io::region_unit_name(info.regions[1].unit_x) == "s");
    CHECK(io::region_data_type_name(info.regions[2].data_type) == "ecg-trace");

    Case hertz;
    hertz.builder.region({0, 0, 99, 79, 0.01, 0.01, 5, 3});
    info = hertz.info();
    CHECK_FALSE(info.spacing);
    CHECK(has_note(info.notes, "region-not-length"));
    CHECK(io::region_unit_name(99) == "unknown");
    CHECK(io::region_data_type_name(-1) == "unknown");
}

TEST_CASE("calibration: absurd scales are none") {
    const double nan = std::numeric_limits<double>::quiet_NaN(),
                 inf = std::numeric_limits<double>::infinity();
    for (const double delta : {nan, inf, 0.0, -0.01, 1e-9, 50.0}) {
        INFO(delta);
        Case c;
        c.builder.region({0, 0, 99, 79, delta, 0.01});
        const auto info = c.info();
        CHECK_FALSE(info.spacing);
        CHECK_FALSE(info.regions[0].spacing);
        CHECK(info.notes.size() == 1);
        CHECK(info.notes[0].code.starts_with("spacing-"));
    }
    for (const char* text : {"nan\\0.1", "0.1\\inf", "0\\0", "-0.3\\0.3", "1e-9\\1e-9", "50\\50",
                             "0.1", "a\\b", "0,3\\0,3"}) {
        INFO(text);
        Case c("DX");
        c.builder.text(DCM_PixelSpacing, text);
        const auto info = c.info();
        CHECK_FALSE(info.spacing);
        CHECK(info.notes.size() == 1);
    }
}

TEST_CASE("calibration: PixelSpacing is rows first and yields to the regions") {
    Case c("DX");
    c.builder.text(DCM_PixelSpacing, "0.3\\0.2");
    auto info = c.info();
    CHECK(info.spacing == Spacing{0.2, 0.3});
    CHECK(info.spacing_source == SpacingSource::pixel_spacing);
    CHECK(has_note(info.notes, "spacing-at-detector"));

    Case calibrated("DX");
    calibrated.builder.text(DCM_PixelSpacing, "0.3\\0.2")
        .text(DCM_PixelSpacingCalibrationType, "FIDUCIAL");
    CHECK(has_note(calibrated.info().notes, "pixel-spacing-calibrated"));

    Case tenfold;  // centimetres in PixelSpacing
    tenfold.builder.region({0, 0, 99, 79, 0.02, 0.02}).text(DCM_PixelSpacing, "0.02\\0.02");
    info = tenfold.info();
    CHECK(info.spacing == Spacing{0.2, 0.2});
    CHECK(info.spacing_source == SpacingSource::dicom_regions);
    REQUIRE(has_note(info.notes, "spacing-conflict"));
    CHECK(info.notes[0].text.find("factor 0.1") != std::string::npos);

    Case agree;
    agree.builder.region({0, 0, 99, 79, 0.02, 0.02}).text(DCM_PixelSpacing, "0.2\\0.2");
    CHECK(agree.info().notes.empty());
}

TEST_CASE("calibration: ImagerPixelSpacing is divided by the stated magnification, and says so") {
    Case plain("XA");
    plain.builder.text(DCM_ImagerPixelSpacing, "0.4\\0.4");
    auto info = plain.info();
    CHECK(info.spacing == Spacing{0.4, 0.4});
    CHECK(info.spacing_source == SpacingSource::imager_pixel_spacing);
    CHECK(has_note(info.notes, "spacing-at-detector"));

    Case factor("XA");
    factor.builder.text(DCM_ImagerPixelSpacing, "0.4\\0.4")
        .text(DCM_EstimatedRadiographicMagnificationFactor, "1.25");
    info = factor.info();
    CHECK(info.spacing->x_mm == Approx(0.32));
    CHECK(has_note(info.notes, "magnification-applied"));

    Case distances("RF");
    distances.builder.text(DCM_ImagerPixelSpacing, "0.4\\0.4")
        .text(DCM_DistanceSourceToDetector, "1000")
        .text(DCM_DistanceSourceToPatient, "800");
    CHECK(distances.info().spacing->y_mm == Approx(0.32));

    for (const char* impossible : {"0.5", "0", "-2", "nan", "100"}) {
        INFO(impossible);
        Case c("XA");
        c.builder.text(DCM_ImagerPixelSpacing, "0.4\\0.4")
            .text(DCM_EstimatedRadiographicMagnificationFactor, impossible);
        info = c.info();
        CHECK(info.spacing == Spacing{0.4, 0.4});
        CHECK(has_note(info.notes, "spacing-at-detector"));
    }

    Case both("DX");
    both.builder.text(DCM_PixelSpacing, "0.15\\0.15").text(DCM_ImagerPixelSpacing, "0.2\\0.2");
    info = both.info();
    CHECK(info.spacing == Spacing{0.15, 0.15});
    CHECK(has_note(info.notes, "spacing-conflict"));
}

TEST_CASE("calibration: pixels that are not square are reported, and film sizes not used") {
    Case c;
    c.builder.text(DCM_PixelAspectRatio, "4\\3").text(DCM_NominalScannedPixelSpacing, "0.1\\0.1");
    const auto info = c.info();
    CHECK_FALSE(info.spacing);
    CHECK(has_note(info.notes, "pixel-aspect"));
    CHECK(has_note(info.notes, "nominal-spacing-unused"));
    REQUIRE(info.pixel_aspect);
    CHECK(*info.pixel_aspect == Approx(4.0 / 3));  // vertical to horizontal
}

TEST_CASE("calibration: the shape of the pixels is known where their size is not") {
    const auto aspect = [](auto&& fill) {
        Case c;
        fill(c.builder);
        const auto info = c.info();
        CHECK_FALSE(info.spacing);
        return info.pixel_aspect.value_or(0);
    };
    CHECK(aspect([](DicomBuilder&) {}) == 0);
    for (const char* bad : {"0\\3", "4\\0", "0\\0", "-4\\3", "4", "4000\\3"}) {
        CHECK(aspect([&](DicomBuilder& b) { b.text(DCM_PixelAspectRatio, bad); }) == 0);
    }
    // The frame was made smaller after its scale was written.
    CHECK(aspect([](DicomBuilder& b) {
              b.region({20, 20, 190, 150, 0.01, 0.012});
          }) == Approx(1.2));
    // Two scales of one shape, then of two.
    CHECK(aspect([](DicomBuilder& b) {
              b.region({0, 0, 49, 79, 0.02, 0.03}).region({50, 0, 99, 79, 0.04, 0.06});
          }) == Approx(1.5));
    CHECK(aspect([](DicomBuilder& b) {
              b.region({0, 0, 49, 79, 0.02, 0.03}).region({50, 0, 99, 79, 0.04, 0.04});
          }) == 0);
    // PixelSpacing is vertical first.
    CHECK(aspect([](DicomBuilder& b) {
              b.region({0, 0, 49, 79, 0.02, 0.03}).region({50, 0, 99, 79, 0.04, 0.04});
              b.text(DCM_PixelSpacing, "0.3\\0.2");
          }) == Approx(1.5));
    Case scaled;
    scaled.builder.region({10, 20, 59, 69, 0.0125, 0.025});
    CHECK(scaled.info().pixel_aspect.value_or(0) == Approx(2));
}

TEST_CASE("calibration: no word of the patient is kept") {
    Case c;
    c.builder.text(DCM_PatientName, "SECRET^NAME")
        .text(DCM_PatientID, "SECRET-7")
        .text(DCM_Manufacturer, "Maker")
        .text(DCM_BodyPartExamined, "KNEE");
    const auto info = c.info();
    CHECK(info.manufacturer == "Maker");
    CHECK(info.body_part == "KNEE");
    for (const std::string& text :
         {info.manufacturer, info.model, info.body_part, info.dicom_modality, info.photometric}) {
        CHECK(text.find("SECRET") == std::string::npos);
    }
}
