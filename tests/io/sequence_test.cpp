// SPDX-License-Identifier: Apache-2.0
#include "files.hpp"

#include <catch2/catch.hpp>
#include <guide_test/data.hpp>

#include <numeric>

namespace fs = std::filesystem;
using namespace guide;
using namespace guide::test;

namespace {

/// Values 0, 1, 2, ... as bytes.
std::string counting(std::size_t count) {
    std::string bytes(count, '\0');
    std::iota(bytes.begin(), bytes.end(), '\0');
    return bytes;
}

std::string mha(const std::string& fields, const std::string& size = "3 2 2") {
    return "ObjectType = Image\nNDims = " +
           std::to_string(1 + std::count(size.begin(), size.end(), ' ')) + "\nDimSize = " + size +
           "\nElementType = MET_UCHAR\n" + fields + "ElementDataFile = LOCAL\n";
}

std::vector<float> range(float from, float step, int count) {
    std::vector<float> v;
    for (int i = 0; i < count; ++i)
        v.push_back(from + step * static_cast<float>(i));
    return v;
}

const char* const kTracked =
    "UltrasoundImageOrientation = UF\n"
    "ImageToProbeTransform = 0.2 0 0 1  0 0.1 0 2  0 0 1 3  0 0 0 1\n"
    "Seq_Frame0000_ProbeToTrackerTransform = 1 0 0 10 0 1 0 20 0 0 1 30 0 0 0 1\n"
    "Seq_Frame0000_ProbeToTrackerTransformStatus = OK\n"
    "Seq_Frame0000_ReferenceToTrackerTransform = 1 0 0 100 0 1 0 0 0 0 1 0 0 0 0 1\n"
    "Seq_Frame0000_ReferenceToTrackerTransformStatus = OK\n"
    "Seq_Frame0000_Timestamp = 5.5\n"
    "Seq_Frame0001_ProbeToTrackerTransform = 1 0 0 11 0 1 0 20 0 0 1 30 0 0 0 1\n"
    "Seq_Frame0001_ProbeToTrackerTransformStatus = INVALID\n"
    "Seq_Frame0001_Timestamp = 5.75\n";

}  // namespace

TEST_CASE("sequence: frames of a MetaImage file, with data inside or beside") {
    const TemporaryFolder folder;
    save(folder.path() / "a", mha("") + counting(12));
    const auto source = io::open(folder.path() / "a");
    CHECK(source->info().format == "metaimage");
    CHECK(source->info().frame_count == 2);
    CHECK(values(source->read(1)) == range(6, 1, 6));
    CHECK(values(source->read(0)) == range(0, 1, 6));
    CHECK(has_note(source->info().notes, "volume"));

    std::string header = mha("");
    header.replace(header.find("LOCAL"), 5, "data.raw");
    save(folder.path() / "b.mhd", header);
    std::string message;
    CHECK(error_of(folder.path() / "b.mhd", {}, &message) == "not-found");
    CHECK(message.find("data.raw") != std::string::npos);
    save(folder.path() / "data.raw", counting(12));
    CHECK(values(io::open(folder.path() / "b.mhd")->read(1)) == range(6, 1, 6));
    save(folder.path() / "data.raw", counting(11));
    CHECK(error_of(folder.path() / "b.mhd") == "truncated");
}

TEST_CASE("sequence: transforms, stamps and scale of tracked frames") {
    const TemporaryFolder folder;
    save(folder.path() / "a", mha(kTracked) + counting(12));
    const auto source = io::open(folder.path() / "a");
    const auto& info = source->info();
    CHECK(info.modality == Modality::ultrasound);
    CHECK_FALSE(info.turn.any());
    REQUIRE(info.spacing);
    CHECK(info.spacing->x_mm == Approx(0.2));
    CHECK(info.spacing->y_mm == Approx(0.1));
    CHECK(info.frame_rate_hz.value_or(0) == Approx(4));
    const Frame first = source->read(0);
    CHECK(first.time_s == 0.0);
    REQUIRE(first.image_to_reference);
    // Pixel (5, 10): (1 + 1, 2 + 1, 3) in the probe, (12, 23, 33) in the tracker, (-88, 23, 33) in
    // the reference.
    const Eigen::Vector4d point = *first.image_to_reference * Eigen::Vector4d(5, 10, 0, 1);
    CHECK(point.isApprox(Eigen::Vector4d(-88, 23, 33, 1)));
    const Frame second = source->read(1);
    CHECK(second.time_s.value_or(0) == Approx(0.25));
    CHECK_FALSE(second.image_to_reference);  // the tracker had lost the probe
    const auto transforms = source->transforms(0);
    CHECK(transforms.size() == 3);
    int invalid = 0;
    for (const auto& t : source->transforms(1))
        invalid += t.valid ? 0 : 1;
    CHECK(invalid == 1);
}

TEST_CASE("sequence: orientations are turned to marked-side-left, depth-down") {
    const TemporaryFolder folder;
    // Stored 3 x 2: 0 1 2 / 3 4 5. The letters say where +x and +y point; M: to the mark, so that U
    // is as wanted.
    struct Expected {
        const char* letters;
        int width;
        std::vector<float> pixels;
    };
    const std::vector<Expected> cases = {
        {"UF", 3, {0, 1, 2, 3, 4, 5}},  {"MF", 3, {2, 1, 0, 5, 4, 3}},
        {"MFA", 3, {2, 1, 0, 5, 4, 3}}, {"UN", 3, {3, 4, 5, 0, 1, 2}},
        {"MN", 3, {5, 4, 3, 2, 1, 0}},  {"FU", 2, {0, 3, 1, 4, 2, 5}},
        {"FM", 2, {3, 0, 4, 1, 5, 2}},  {"NU", 2, {2, 5, 1, 4, 0, 3}},
        {"NM", 2, {5, 2, 4, 1, 3, 0}},  {"XX", 3, {0, 1, 2, 3, 4, 5}},
    };
    for (const auto& c : cases) {
        INFO(c.letters);
        std::string fields = std::string("UltrasoundImageOrientation = ") + c.letters + "\n" +
                             "ImageToProbeTransform = 0.5 0 0 0 0 0.25 0 0 0 0 1 0 0 0 0 1\n" +
                             "ImageToReferenceTransform = 0.5 0 0 1 0 0.25 0 2 0 0 1 3 0 0 0 1\n";
        save(folder.path() / "a", mha(fields, "3 2") + counting(6));
        const auto source = io::open(folder.path() / "a");
        const Frame frame = source->read(0);
        CHECK(frame.intensity.width() == c.width);
        CHECK(source->info().width == c.width);
        CHECK(values(frame) == c.pixels);
        CHECK(has_note(frame.notes, "turned") == source->info().turn.any());
        CHECK(has_note(frame.notes, "orientation-unknown") == (std::string(c.letters) == "XX"));
        CHECK(frame.spacing->x_mm == (c.width == 3 ? 0.5 : 0.25));
        CHECK(source->info().spacing == frame.spacing);
        CHECK(frame.pixel_aspect == (c.width == 3 ? 0.5 : 2));
        CHECK(source->info().pixel_aspect == frame.pixel_aspect);
        // A pixel of the frame keeps its value and its place in space.
        for (int y = 0; y < frame.intensity.height(); ++y) {
            for (int x = 0; x < frame.intensity.width(); ++x) {
                const PixelPoint p =
                    io::stored_from_read({double(x), double(y)}, source->info().turn,
                                         frame.intensity.width(), frame.intensity.height());
                CHECK(frame.intensity.at(x, y) == p.x + 3 * p.y);
                const Eigen::Vector4d here =
                    *frame.image_to_reference * Eigen::Vector4d(x, y, 0, 1);
                CHECK(here.isApprox(Eigen::Vector4d(1 + 0.5 * p.x, 2 + 0.25 * p.y, 3, 1)));
            }
        }
        io::OpenOptions stored;
        stored.orientation = io::Orientation::as_stored;
        const Frame unturned = io::open(folder.path() / "a", stored)->read(0);
        CHECK(values(unturned) == range(0, 1, 6));
        const auto& turn = source->info().turn;
        CHECK(has_note(unturned.notes, "orientation-not-applied") ==
              (turn.transposed || turn.upside_down));

        io::OpenOptions down;
        down.orientation = io::Orientation::depth_down;
        const auto depth_down = io::open(folder.path() / "a", down);
        CHECK_FALSE(depth_down->info().turn.left_right);
        CHECK(depth_down->info().turn.upside_down == source->info().turn.upside_down);
        CHECK(depth_down->info().turn.transposed == source->info().turn.transposed);
        CHECK(has_note(depth_down->info().notes, "mark-not-left") ==
              source->info().turn.left_right);
    }
}

TEST_CASE("sequence: a spacing of 1 x 1 is no calibration, others are") {
    const TemporaryFolder folder;
    save(folder.path() / "a", mha("ElementSpacing = 1 1 1\n") + counting(12));
    CHECK_FALSE(io::open(folder.path() / "a")->info().spacing);
    CHECK(has_note(io::open(folder.path() / "a")->info().notes, "spacing-default"));
    save(folder.path() / "a", mha("ElementSpacing = 0.3 0.4 1\n") + counting(12));
    CHECK(io::open(folder.path() / "a")->info().spacing == Spacing{0.3, 0.4});
    for (const char* bad : {"nan nan 1", "0 0 1", "-1 1 1", "1e9 1 1"}) {
        save(folder.path() / "a",
             mha(std::string("ElementSpacing = ") + bad + "\n") + counting(12));
        CHECK_FALSE(io::open(folder.path() / "a")->info().spacing);
        CHECK(error_of(folder.path() / "a").empty());
    }
}

TEST_CASE("sequence: only a valid image-to-probe transform is a calibration") {
    const TemporaryFolder folder;
    const auto info_with = [&](const std::string& fields) {
        save(folder.path() / "a", mha("ElementSpacing = 0.1 0.1 1\n" + fields) + counting(12));
        return io::open(folder.path() / "a")->info();
    };
    const std::string matrix = " = 0.2 0 0 1  0 0.2 0 2  0 0 1 3  0 0 0 1\n";
    // A shift to a part of the image, and a calibration that was never made: the header's spacing.
    for (const char* none : {"ImageToCroppedImageTransform = 1 0 0 9  0 1 0 9  0 0 1 0  0 0 0 1\n",
                             "ImageToProbeTransform = 1 0 0 9  0 1 0 9  0 0 1 0  0 0 0 1\n",
                             "ImageToProbeTransform = 1 0 0 0  0 1 0 0  0 0 1 0  0 0 0 1\n"}) {
        const auto info = info_with(none);
        CHECK(info.spacing == Spacing{0.1, 0.1});
        CHECK(info.notes.size() == 1);  // "volume"
    }
    CHECK(info_with("ImageToReferenceTransform" + matrix).spacing == Spacing{0.1, 0.1});
    for (const char* name : {"ImageToProbeTransform", "ImageToTransducerTransform"}) {
        auto info = info_with(name + matrix);
        CHECK(info.spacing == Spacing{0.2, 0.2});
        CHECK(has_note(info.notes, "spacing-conflict"));
        info = info_with(name + matrix + name + "Status = OK\n");
        CHECK(info.spacing == Spacing{0.2, 0.2});
        info = info_with(name + matrix + name + "Status = INVALID\n");
        CHECK(info.spacing == Spacing{0.1, 0.1});
        CHECK(has_note(info.notes, "calibration-invalid"));
    }
    const auto agreeing =
        info_with("ImageToProbeTransform = 0.101 0 0 1  0 0.1 0 2  0 0 1 3  0 0 0 1\n");
    CHECK(agreeing.spacing == Spacing{0.101, 0.1});
    CHECK_FALSE(has_note(agreeing.notes, "spacing-conflict"));
}

TEST_CASE("sequence: lengths in other units become millimetres, in unknown ones nothing") {
    const TemporaryFolder folder;
    const auto info_of = [&](const std::string& text) {
        save(folder.path() / "a", text);
        CHECK(error_of(folder.path() / "a").empty());
        return io::open(folder.path() / "a")->info();
    };
    const auto nrrd = [&](const std::string& fields) {
        return info_of("NRRD0004\ntype: uint8\ndimension: 3\nsizes: 3 2 2\nencoding: raw\n" +
                       fields + "\n" + counting(12));
    };
    const std::string directions =
        "space: left-posterior-superior\nspace directions: (0.5,0,0) (0,0.5,0) (0,0,2)\n"
        "space origin: (1,2,3)\n";
    const std::vector<std::pair<std::string, double>> units = {
        {"mm", 1}, {"cm", 10},       {"m", 1000},       {"um", 1e-3},       {"\xc2\xb5m", 1e-3},
        {"", 1},   {"micron", 1e-3}, {"microns", 1e-3}, {"Millimeters", 1}, {"centimetres", 10}};
    for (const auto& [unit, factor] : units) {
        INFO(unit);
        const std::string quoted = '"' + unit + '"';
        const std::string three = quoted + " " + quoted + " " + quoted + "\n";
        // Kept within what can be the scale of a knee.
        const std::string step = factor == 1000 ? "0.0005" : factor < 1 ? "50" : "0.5";
        const double mm = factor * std::stod(step);
        const std::string spacings = "spacings: " + step + " " + step + " 1\n";
        const auto plain = nrrd(spacings + "units: " + three);
        REQUIRE(plain.spacing);
        CHECK(plain.spacing->x_mm == Approx(mm));
        CHECK(plain.spacing->y_mm == Approx(mm));
        std::string placed = directions;
        placed.replace(placed.find("(0.5,0"), 4, "(" + step);
        placed.replace(placed.find("(0,0.5"), 6, "(0," + step);
        const auto in_space = nrrd(placed + "space units: " + three);
        REQUIRE(in_space.spacing);
        CHECK(in_space.spacing->x_mm == Approx(mm));
        CHECK(in_space.spacing->y_mm == Approx(mm));
        const auto frame = io::open(folder.path() / "a")->read(0);
        REQUIRE(frame.image_to_reference);
        CHECK((*frame.image_to_reference)(2, 3) == Approx(3 * factor));
    }
    for (const char* unit : {"inch", "s", "pixels"}) {
        const std::string quoted = '"' + std::string(unit) + '"';
        for (const std::string& fields :
             {"spacings: 0.5 0.5 1\nunits: \"mm\" " + quoted + " \"mm\"\n",
              directions + "space units: \"mm\" " + quoted + " \"mm\"\n"}) {
            const auto info = nrrd(fields);
            CHECK_FALSE(info.spacing);
            CHECK(has_note(info.notes, "spacing-unit-unknown"));
            CHECK_FALSE(io::open(folder.path() / "a")->read(0).image_to_reference);
        }
    }
    // Time along the frames is as it should be.
    const auto film = nrrd("spacings: 0.5 0.5 0.04\nunits: \"mm\" \"mm\" \"s\"\n");
    CHECK(film.spacing == Spacing{0.5, 0.5});
    CHECK_FALSE(has_note(film.notes, "spacing-unit-unknown"));
    CHECK(nrrd("spacings: 0.5 0.5 1\n").spacing == Spacing{0.5, 0.5});

    const auto meta = [&](const std::string& unit) {
        return info_of(mha("ElementSpacing = 50 50 50\nDistanceUnits = " + unit + "\n") +
                       counting(12));
    };
    CHECK(meta("um").spacing->x_mm == Approx(0.05));
    CHECK(has_note(meta("furlong").notes, "spacing-unit-unknown"));
}

TEST_CASE("sequence: a header without line ends is refused before it fills the memory") {
    const TemporaryFolder folder;
    for (const char* beginning : {"NRRD0004\ntype: uint8\n", "ObjectType = Image\nNDims = 3\n"}) {
        save(folder.path() / "a", beginning + std::string(3 << 20, 'x'));
        CHECK(error_of(folder.path() / "a") == "damaged");
    }
}

TEST_CASE("sequence: samples of every type and byte order") {
    const TemporaryFolder folder;
    const auto check = [&](const std::string& fields, const std::string& bytes,
                           const std::vector<float>& expected) {
        INFO(fields);
        save(folder.path() / "a",
             "NDims = 2\nDimSize = 2 1\n" + fields + "ElementDataFile = LOCAL\n" + bytes);
        CHECK(values(io::open(folder.path() / "a")->read(0)) == expected);
    };
    check("ElementType = MET_SHORT\n", le16(0xffff) + le16(300), {-1, 300});
    check("ElementType = MET_USHORT\nElementByteOrderMSB = True\n",
          std::string("\x01\x02\xff\xff", 4), {258, 65535});
    check("ElementType = MET_CHAR\n", "\xff\x7f", {-1, 127});
    check("ElementType = MET_UINT\n", le32(70000) + le32(1), {70000, 1});
    check("ElementType = MET_FLOAT\n", le32(0x3fc00000) + le32(0x7fc00000),
          {1.5F, 0});  // not a number reads as 0
    save(folder.path() / "a",
         "NDims = 2\nDimSize = 2 1\nElementType = MET_UCHAR\nElementNumberOfChannels = 3\n"
         "ElementDataFile = LOCAL\n\x01\x02\x03\x04\x05\x06");
    CHECK(colours(io::open(folder.path() / "a")->read(0)) ==
          std::vector<Rgb8>{{1, 2, 3}, {4, 5, 6}});
}

TEST_CASE("sequence: NRRD in patient axes, where RAS becomes LPS") {
    const TemporaryFolder folder;
    const std::string common =
        "NRRD0004\ntype: uint8\ndimension: 3\nsizes: 3 2 2\nencoding: raw\nendian: little\n";
    save(folder.path() / "a",
         common +
             "space: right-anterior-superior\nspace directions: (0.5,0,0) (0,0.25,0) (0,0,2)\n"
             "space origin: (10,20,30)\n\n" +
             counting(12));
    const auto source = io::open(folder.path() / "a");
    CHECK(source->info().format == "nrrd");
    CHECK(source->info().spacing == Spacing{0.5, 0.25});
    const Frame second = source->read(1);
    CHECK(values(second) == range(6, 1, 6));
    REQUIRE(second.image_to_reference);
    CHECK((*second.image_to_reference * Eigen::Vector4d(1, 1, 0, 1))
              .isApprox(Eigen::Vector4d(-10.5, -20.25, 32, 1)));

    save(folder.path() / "b", common +
                                  "kinds: domain domain list\nultrasound image orientation:=MF\n"
                                  "Seq_Frame0001_Timestamp:=3\n\n" +
                                  counting(12));
    const auto tracked = io::open(folder.path() / "b");
    CHECK(tracked->info().modality == Modality::ultrasound);
    CHECK(tracked->info().turn == io::Turn{false, true, false});
    CHECK(values(tracked->read(0)) == std::vector<float>{2, 1, 0, 5, 4, 3});
    save(folder.path() / "c", common);  // no empty line: no end
    CHECK(error_of(folder.path() / "c") == "truncated");
}

TEST_CASE("sequence: damaged headers are one clear error each") {
    const TemporaryFolder folder;
    const fs::path path = folder.path() / "a";
    const std::string good = mha("") + counting(12);
    const auto with = [&](const std::string& from, const std::string& to) {
        std::string text = good;
        text.replace(text.find(from), from.size(), to);
        save(path, text);
        return error_of(path);
    };
    CHECK(with("DimSize = 3 2 2", "DimSize = 3 2 -2") == "damaged");
    CHECK(with("DimSize = 3 2 2", "DimSize = 3 2 x") == "damaged");
    CHECK(with("DimSize = 3 2 2", "DimSize = 0 2 2") == "damaged");
    CHECK(with("DimSize = 3 2 2", "DimSize = 20000 20000 2") == "too-large");
    CHECK(with("DimSize = 3 2 2", "DimSize = 3 2 9999999") == "too-large");
    CHECK(with("DimSize = 3 2 2", "DimSize = 3 2 999") == "truncated");
    CHECK(with("MET_UCHAR", "MET_STRING") == "unsupported");
    CHECK(with("NDims = 3", "NDims = 2") == "damaged");
    CHECK(with("LOCAL", "LIST") == "unsupported");
    CHECK(with("ElementType", "CompressedData = True\nElementType") == "damaged");
    CHECK(with("ElementType", "no equals sign\nElementType") == "damaged");
    CHECK(with("LOCAL", "/dev/zero") == "unreadable");
    for (std::size_t size = 1; size < good.size(); ++size) {
        save(path, good.substr(0, size));
        INFO(size);
        CHECK_FALSE(error_of(path).empty());
    }
    // Compressed pixels that end too early.
    save(path, mha("CompressedData = True\n") + std::string("\x78\x9c\x63\x60\x04\x00", 6));
    CHECK(error_of(path) == "truncated");
}
