// SPDX-License-Identifier: Apache-2.0
#include "files.hpp"

#include <guide/core/error.hpp>
#include <guide/io/dicom_write.hpp>
#include <guide/io/frame_source.hpp>
#include <guide/io/sha256.hpp>

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <guide_test/data.hpp>

using namespace guide;
using test::TemporaryFolder;

namespace {

Frame frame_of(Modality modality, int width = 13, int height = 7) {
    Frame frame;
    frame.intensity = Image<float>(width, height);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x)
            frame.intensity.at(x, y) = static_cast<float>((17 * x + 31 * y) % 256);
    }
    frame.modality = modality;
    frame.spacing = Spacing{0.0812345678901, 0.0912345678901};
    return frame;
}

io::DicomTags tags() {
    io::DicomTags result;
    result.study = "a case";
    result.description = "A phantom";
    result.laterality = 'L';
    result.instance = 3;
    return result;
}

io::DicomTags xray_tags() {
    io::DicomTags result = tags();
    result.xray = io::DicomXrayTags{1100, 700, -90, 12.5, 1.0 / 3};
    return result;
}

std::string stored(const std::filesystem::path& path, const DcmTagKey& tag) {
    DcmFileFormat file;
    REQUIRE(file.loadFile(path.c_str()).good());
    OFString value;
    REQUIRE(file.getDataset()->findAndGetOFStringArray(tag, value).good());
    return value.c_str();
}

void check_pixels(const Frame& found, const Frame& wanted) {
    REQUIRE(found.intensity.width() == wanted.intensity.width());
    REQUIRE(found.intensity.height() == wanted.intensity.height());
    for (std::size_t i = 0; i < wanted.intensity.size(); ++i)
        REQUIRE(found.intensity.data()[i] == wanted.intensity.data()[i]);
}

}  // namespace

TEST_CASE("dicom write: an ultrasound frame comes back with its pixels and its scale") {
    const TemporaryFolder folder;
    const auto path = folder.path() / "us.dcm";
    Frame frame = frame_of(Modality::ultrasound);
    frame.content_box = PixelBox{2, 1, 12, 6};
    io::write_dicom(path, frame, tags());
    const auto source = io::open(path);
    const Frame back = source->read(0);
    check_pixels(back, frame);
    CHECK(back.modality == Modality::ultrasound);
    CHECK(back.spacing_source == SpacingSource::dicom_regions);
    REQUIRE(back.spacing);
    CHECK(back.spacing->x_mm == Approx(frame.spacing->x_mm).epsilon(1e-12));
    CHECK(back.spacing->y_mm == Approx(frame.spacing->y_mm).epsilon(1e-12));
    CHECK(back.content_box == frame.content_box);
    REQUIRE(back.regions.size() == 1);
    CHECK(back.regions[0].unit_x == 3);  // centimetres
    CHECK(back.regions[0].delta_x == Approx(frame.spacing->x_mm / 10));
    CHECK(stored(path, DCM_SOPClassUID) == UID_UltrasoundImageStorage);
    CHECK(stored(path, DCM_Laterality) == "L");
    CHECK(stored(path, DCM_InstanceNumber) == "3");
}

TEST_CASE("dicom write: a fluoroscopy frame comes back with the scale at the patient") {
    const TemporaryFolder folder;
    const auto path = folder.path() / "xa.dcm";
    const Frame frame = frame_of(Modality::fluoroscopy);
    io::write_dicom(path, frame, xray_tags());
    const Frame back = io::open(path)->read(0);
    check_pixels(back, frame);
    CHECK(back.modality == Modality::fluoroscopy);
    CHECK(back.spacing_source == SpacingSource::imager_pixel_spacing);
    REQUIRE(back.spacing);
    CHECK(back.spacing->x_mm == Approx(1.0 / 3 * 700 / 1100).epsilon(1e-9));
    CHECK(stored(path, DCM_SOPClassUID) == UID_XRayAngiographicImageStorage);
    CHECK(stored(path, DCM_PositionerPrimaryAngle) == "-90");
    CHECK(stored(path, DCM_PositionerSecondaryAngle) == "12.5");
    CHECK(stored(path, DCM_DistanceSourceToDetector) == "1100");
    CHECK(stored(path, DCM_DistanceSourceToPatient) == "700");
}

TEST_CASE("dicom write: same input, same bytes, and another identifier for another frame") {
    const TemporaryFolder folder;
    const auto a = folder.path() / "a.dcm", b = folder.path() / "b.dcm";
    const Frame frame = frame_of(Modality::ultrasound);
    io::write_dicom(a, frame, tags());
    io::write_dicom(b, frame, tags());
    CHECK(io::sha256_of_file(a) == io::sha256_of_file(b));
    io::DicomTags other = tags();
    other.instance = 4;
    io::write_dicom(b, frame, other);
    CHECK(stored(a, DCM_SOPInstanceUID) != stored(b, DCM_SOPInstanceUID));
    CHECK(stored(a, DCM_SeriesInstanceUID) == stored(b, DCM_SeriesInstanceUID));
}

TEST_CASE("dicom write: a display window is applied and a frame without scale has none") {
    const TemporaryFolder folder;
    const auto path = folder.path() / "us.dcm";
    Frame frame = frame_of(Modality::ultrasound, 3, 1);
    frame.spacing.reset();
    frame.display_low = -1;
    frame.display_high = 1;
    frame.intensity.at(0, 0) = -5;
    frame.intensity.at(1, 0) = 0;
    frame.intensity.at(2, 0) = 1;
    io::write_dicom(path, frame, tags());
    const Frame back = io::open(path)->read(0);
    CHECK(back.intensity.at(0, 0) == 0);
    CHECK(back.intensity.at(1, 0) == 128);
    CHECK(back.intensity.at(2, 0) == 255);
    CHECK_FALSE(back.spacing);
}

TEST_CASE("dicom write: wrong calls and places that cannot be written are told") {
    const TemporaryFolder folder;
    const auto path = folder.path() / "x.dcm";
    const Frame us = frame_of(Modality::ultrasound), xa = frame_of(Modality::fluoroscopy);
    CHECK_THROWS_AS(io::write_dicom(path, xa, tags()), PreconditionError);
    CHECK_THROWS_AS(io::write_dicom(path, frame_of(Modality::other), tags()), PreconditionError);
    io::DicomTags bad = tags();
    bad.laterality = 'x';
    CHECK_THROWS_AS(io::write_dicom(path, us, bad), PreconditionError);
    bad = xray_tags();
    bad.xray->source_to_patient_mm = 2000;
    CHECK_THROWS_WITH(io::write_dicom(path, xa, bad), Catch::Contains("source_to_patient_mm"));
    CHECK_FALSE(std::filesystem::exists(path));
    CHECK_THROWS_AS(io::write_dicom(folder.path() / "no" / "x.dcm", us, tags()), IoError);
}
