// SPDX-License-Identifier: Apache-2.0
// Sequences, colour and sectors as `io::DicomSequenceWriter` and `io::write_dicom` write them.
#include "files.hpp"

#include <guide/core/error.hpp>
#include <guide/io/dicom_write.hpp>
#include <guide/io/frame_source.hpp>
#include <guide/io/sha256.hpp>

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <guide_test/data.hpp>

#include <utility>

using namespace guide;
using test::TemporaryFolder;

namespace {

/// Odd in both sides: pixels of one frame do not fill whole words.
Frame frame_of(Modality modality, int number, bool colour = false) {
    Image<Rgb8> rgb(11, 7);
    for (int y = 0; y < 7; ++y) {
        for (int x = 0; x < 11; ++x) {
            const auto level = static_cast<std::uint8_t>((17 * x + 31 * y + 50 * number) % 256);
            rgb.at(x, y) = {level, level, colour && x == 3 ? std::uint8_t{9} : level};
        }
    }
    Frame frame = frame_from_rgb(rgb.view());
    if (colour) frame.colour = std::move(rgb);
    if (!colour) frame.colour = {};
    frame.modality = modality;
    frame.spacing = Spacing{0.125, 0.125};
    frame.content_box = PixelBox{2, 1, 9, 6};
    return frame;
}

io::DicomTags tags_of(Modality modality) {
    io::DicomTags tags;
    tags.study = "a case";
    tags.laterality = 'R';
    if (modality == Modality::fluoroscopy) tags.xray = io::DicomXrayTags{1100, 700, 0, 0, 0.2};
    return tags;
}

void write(const std::filesystem::path& path, Modality modality, int frames, bool colour = false,
           int changed = -1) {
    io::DicomSequenceWriter writer(path, tags_of(modality), frames, 12.5);
    for (int i = 0; i < frames; ++i)
        writer.add(frame_of(modality, i == changed ? 99 : i, colour));
    writer.finish();
}

std::string stored(const std::filesystem::path& path, const DcmTagKey& tag) {
    DcmFileFormat file;
    REQUIRE(file.loadFile(path.c_str()).good());
    OFString value;
    REQUIRE(file.getDataset()->findAndGetOFStringArray(tag, value, OFTrue).good());
    return value.c_str();
}

}  // namespace

TEST_CASE("dicom sequence: frames come back from one file in order and in time") {
    for (const auto modality : {Modality::ultrasound, Modality::fluoroscopy}) {
        const TemporaryFolder folder;
        const auto path = folder.path() / "sequence.dcm";
        write(path, modality, 5);
        const auto source = io::open(path);
        REQUIRE(source->info().frame_count == 5);
        CHECK(source->info().modality == modality);
        for (int i = 0; i < 5; ++i) {
            const Frame back = source->read(i), wanted = frame_of(modality, i);
            for (std::size_t p = 0; p < wanted.intensity.size(); ++p)
                REQUIRE(back.intensity.data()[p] == wanted.intensity.data()[p]);
            REQUIRE(back.time_s);
            CHECK(*back.time_s == Approx(i / 12.5));
            REQUIRE(back.spacing);
            if (modality == Modality::ultrasound) CHECK(back.content_box == PixelBox{2, 1, 9, 6});
        }
        CHECK(stored(path, DCM_FrameTime) == "80");
        CHECK(stored(path, DCM_NumberOfFrames) == "5");
        CHECK(stored(path, DCM_SOPClassUID) == (modality == Modality::ultrasound
                                                    ? UID_UltrasoundMultiframeImageStorage
                                                    : UID_XRayAngiographicImageStorage));
        CHECK(stored(path, DCM_FrameIncrementPointer) == "(0018,1063)");
    }
}

TEST_CASE("dicom sequence: same frames, same bytes, and another identifier for another frame") {
    const TemporaryFolder folder;
    const auto a = folder.path() / "a.dcm", b = folder.path() / "b.dcm";
    write(a, Modality::ultrasound, 4);
    write(b, Modality::ultrasound, 4);
    CHECK(io::sha256_of_file(a) == io::sha256_of_file(b));
    write(b, Modality::ultrasound, 4, false, 3);
    CHECK(stored(a, DCM_SOPInstanceUID) != stored(b, DCM_SOPInstanceUID));
    CHECK(stored(a, DCM_SeriesInstanceUID) == stored(b, DCM_SeriesInstanceUID));
}

TEST_CASE("dicom sequence: colour is kept, in sequences and in single frames") {
    const TemporaryFolder folder;
    const auto path = folder.path() / "sequence.dcm", still = folder.path() / "still.dcm";
    write(path, Modality::ultrasound, 3, true);
    io::write_dicom(still, frame_of(Modality::ultrasound, 2, true), tags_of(Modality::ultrasound));
    const Frame wanted = frame_of(Modality::ultrasound, 2, true);
    const Frame from_sequence = io::open(path)->read(2), from_still = io::open(still)->read(0);
    for (const Frame* back : {&from_sequence, &from_still}) {
        REQUIRE(back->colour.size() == wanted.colour.size());
        for (std::size_t p = 0; p < wanted.colour.size(); ++p)
            REQUIRE(back->colour.data()[p] == wanted.colour.data()[p]);
    }
    CHECK(stored(path, DCM_PhotometricInterpretation) == "RGB");
}

TEST_CASE("dicom write: a sector's region refers to the middle of the probe's face") {
    const TemporaryFolder folder;
    const auto path = folder.path() / "sector.dcm";
    io::DicomTags tags = tags_of(Modality::ultrasound);
    tags.face = PixelPoint{5.2, 2.9};
    tags.curvilinear = true;
    tags.burned_in = true;
    io::write_dicom(path, frame_of(Modality::ultrasound, 0), tags);
    const Frame back = io::open(path)->read(0);
    REQUIRE(back.regions.size() == 1);
    REQUIRE(back.regions[0].reference_pixel);
    CHECK(back.regions[0].reference_pixel->x == 3);  // from the region's corner
    CHECK(back.regions[0].reference_pixel->y == 2);
    CHECK(stored(path, DCM_TransducerType) == "CURVED LINEAR");
    CHECK(stored(path, DCM_BurnedInAnnotation) == "YES");
}

TEST_CASE("dicom sequence: wrong calls, too many frames and bad places leave no file") {
    const TemporaryFolder folder;
    const auto path = folder.path() / "x.dcm";
    const auto us = tags_of(Modality::ultrasound);
    CHECK_THROWS_AS(io::DicomSequenceWriter(path, us, 0, 10), PreconditionError);
    CHECK_THROWS_AS(io::DicomSequenceWriter(path, us, 3, 0), PreconditionError);
    io::DicomSequenceWriter writer(path, us, 2, 10);
    CHECK_THROWS_AS(writer.finish(), PreconditionError);
    writer.add(frame_of(Modality::ultrasound, 0));
    Frame other = frame_of(Modality::ultrasound, 1);
    other.spacing = Spacing{0.2, 0.2};
    CHECK_THROWS_WITH(writer.add(other), Catch::Contains("first frame's"));
    CHECK_THROWS_AS(writer.add(frame_of(Modality::ultrasound, 1, true)), PreconditionError);
    writer.add(frame_of(Modality::ultrasound, 1));
    CHECK_THROWS_AS(writer.add(frame_of(Modality::ultrasound, 2)), PreconditionError);
    CHECK_FALSE(std::filesystem::exists(path));
    writer.finish();
    CHECK(std::filesystem::exists(path));

    Frame large = frame_of(Modality::ultrasound, 0);
    large.intensity = Image<float>(1200, 1000);
    large.content_box.reset();
    io::DicomSequenceWriter many(folder.path() / "many.dcm", us, 1000, 10);
    try {
        many.add(large);
        FAIL("1.2 GB were taken");
    } catch (const IoError& fault) {
        CHECK(fault.code() == "too-large");
        CHECK_THAT(fault.what(), Catch::Contains("1144 MiB"));
    }
    io::DicomSequenceWriter nowhere(folder.path() / "no" / "x.dcm", us, 1, 10);
    nowhere.add(frame_of(Modality::ultrasound, 0));
    CHECK_THROWS_AS(nowhere.finish(), IoError);
}
