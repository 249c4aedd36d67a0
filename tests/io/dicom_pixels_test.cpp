// SPDX-License-Identifier: Apache-2.0
#include "dicom_builder.hpp"
#include "files.hpp"

#include <catch2/catch.hpp>
#include <guide_test/data.hpp>

namespace {

using namespace guide;
using namespace guide::test;

Frame first_frame(const std::filesystem::path& path) {
    return io::open(path)->read(0);
}

/// 12 grey values that differ, the extremes among them.
std::vector<std::uint8_t> grey_bytes() {
    return {0, 1, 2, 50, 100, 127, 128, 129, 200, 253, 254, 255};
}

std::vector<float> as_floats(const auto& samples) {
    return {samples.begin(), samples.end()};
}

/// A smooth 16 x 16 colour picture, which lossy coding keeps nearly as it is.
std::vector<std::uint8_t> smooth_rgb() {
    std::vector<std::uint8_t> rgb;
    for (int y = 0; y < 16; ++y) {
        for (int x = 0; x < 16; ++x) {
            rgb.push_back(static_cast<std::uint8_t>(40 + 8 * x));
            rgb.push_back(static_cast<std::uint8_t>(60 + 4 * y));
            rgb.push_back(static_cast<std::uint8_t>(200 - 6 * x));
        }
    }
    return rgb;
}

double worst_difference(const Frame& frame, const std::vector<std::uint8_t>& rgb) {
    REQUIRE(frame.colour.size() * 3 == rgb.size());
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(frame.colour.data());
    double worst = 0;
    for (std::size_t i = 0; i < rgb.size(); ++i)
        worst = std::max(worst, std::abs(double(bytes[i]) - double(rgb[i])));
    return worst;
}

const std::vector<E_TransferSyntax> kLossless = {
    EXS_LittleEndianImplicit, EXS_LittleEndianExplicit,
    EXS_BigEndianExplicit,    EXS_DeflatedLittleEndianExplicit,
    EXS_RLELossless,          EXS_JPEGLSLossless,
    EXS_JPEGProcess14,        EXS_JPEGProcess14SV1};

}  // namespace

TEST_CASE("dicom: 8-bit grey is the same in every lossless transfer syntax") {
    const TemporaryFolder folder;
    for (const auto syntax : kLossless) {
        INFO(DcmXfer(syntax).getXferName());
        DicomBuilder({}).bytes(grey_bytes()).save(folder.path() / "a.dcm", syntax);
        const auto source = io::open(folder.path() / "a.dcm");
        CHECK(source->info().modality == Modality::ultrasound);
        CHECK(source->info().transfer_syntax == DcmXfer(syntax).getXferName());
        const Frame frame = source->read(0);
        CHECK(values(frame) == as_floats(grey_bytes()));
        CHECK(frame.colour.empty());
        CHECK(frame.display_low == 0);
        CHECK(frame.display_high == 255);
        CHECK_FALSE(frame.spacing);
    }
}

TEST_CASE("dicom: 12-bit grey is the same in every lossless transfer syntax") {
    const TemporaryFolder folder;
    const std::vector<std::uint16_t> samples = {0,    1,    255,  256,  1000, 2047,
                                                2048, 3000, 4000, 4093, 4094, 4095};
    Pixels p;
    p.bits_allocated = 16;
    p.bits_stored = 12;
    p.high_bit = 11;
    for (const auto syntax : kLossless) {
        INFO(DcmXfer(syntax).getXferName());
        DicomBuilder(p, "XA").shorts(samples).save(folder.path() / "a.dcm", syntax);
        const Frame frame = first_frame(folder.path() / "a.dcm");
        CHECK(frame.modality == Modality::fluoroscopy);
        CHECK(values(frame) == as_floats(samples));
    }
}

TEST_CASE("dicom: frames of odd size are read one by one in either byte order") {
    const TemporaryFolder folder;
    Pixels p;
    p.width = 3;
    p.height = 1;
    p.frames = 4;
    const std::vector<std::uint8_t> samples = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    for (const auto syntax : kLossless) {
        INFO(DcmXfer(syntax).getXferName());
        DicomBuilder(p)
            .bytes(samples)
            .text(DCM_FrameTime, "40")
            .save(folder.path() / "a.dcm", syntax);
        const auto source = io::open(folder.path() / "a.dcm");
        REQUIRE(source->info().frame_count == 4);
        CHECK(source->info().frame_rate_hz.value_or(0) == Approx(25));
        for (const int i : {3, 0, 2, 1}) {
            const Frame frame = source->read(i);
            const auto k = static_cast<float>(3 * i);
            CHECK(values(frame) == std::vector<float>{k + 1, k + 2, k + 3});
            CHECK(frame.time_s.value_or(-1) == Approx(0.04 * i));
        }
        CHECK_THROWS_AS((void)source->read(4), IoError);
        CHECK_THROWS_AS((void)source->read(-1), IoError);
    }
}

TEST_CASE("dicom: MONOCHROME1 is turned over and says so") {
    const TemporaryFolder folder;
    Pixels p;
    p.photometric = "MONOCHROME1";
    DicomBuilder(p, "DX")
        .bytes(grey_bytes())
        .text(DCM_WindowCenter, "60")
        .text(DCM_WindowWidth, "41")
        .save(folder.path() / "a.dcm");
    const Frame frame = first_frame(folder.path() / "a.dcm");
    auto expected = as_floats(grey_bytes());
    for (float& v : expected)
        v = 255 - v;
    CHECK(values(frame) == expected);
    CHECK(has_note(frame.notes, "inverted"));
    CHECK(frame.modality == Modality::radiograph);
    // Window 39.5 to 79.5 of the stored values, seen from the other end.
    CHECK(frame.display_low == Approx(255 - 79.5));
    CHECK(frame.display_high == Approx(255 - 39.5));
}

TEST_CASE("dicom: signed values, shifted bits and the rescale are applied") {
    const TemporaryFolder folder;
    Pixels p;
    p.width = 2;
    p.height = 2;
    p.bits_allocated = 16;
    p.bits_stored = 10;
    p.high_bit = 13;
    p.is_signed = true;
    // 10 bits in bits 4 to 13; the bits around them are not of the value.
    const std::vector<std::uint16_t> samples = {5U << 4U, (0x3ffU << 4U) | 0xc00fU, 0x200U << 4U,
                                                0x1ffU << 4U};
    for (const auto syntax : {EXS_LittleEndianExplicit, EXS_BigEndianExplicit, EXS_RLELossless}) {
        DicomBuilder(p, "RF")
            .shorts(samples)
            .text(DCM_RescaleSlope, "2")
            .text(DCM_RescaleIntercept, "-7")
            .save(folder.path() / "a.dcm", syntax);
        CHECK(values(first_frame(folder.path() / "a.dcm")) ==
              std::vector<float>{2 * 5 - 7, 2 * -1 - 7, 2 * -512 - 7, 2 * 511 - 7});
    }
}

TEST_CASE("dicom: the modality look-up table is applied and holds its ends") {
    const TemporaryFolder folder;
    Pixels p;
    p.width = 5;
    p.height = 1;
    DicomBuilder builder(p, "RF");
    builder.bytes({0, 10, 11, 12, 200});
    DcmItem* item = nullptr;
    REQUIRE(builder.dataset().findOrCreateSequenceItem(DCM_ModalityLUTSequence, item, -2).good());
    const std::vector<std::uint16_t> descriptor = {3, 10, 16}, table = {700, 300, 100};
    REQUIRE(item->putAndInsertUint16Array(DCM_LUTDescriptor, descriptor.data(), 3).good());
    REQUIRE(item->putAndInsertUint16Array(DCM_LUTData, table.data(), 3).good());
    builder.save(folder.path() / "a.dcm");
    CHECK(values(first_frame(folder.path() / "a.dcm")) ==
          std::vector<float>{700, 700, 300, 100, 100});
}

TEST_CASE("dicom: descriptors of tables written as text may hold anything and break nothing") {
    const TemporaryFolder folder;
    Pixels p;
    p.width = 2;
    p.height = 1;
    for (const char* bad :
         {"inf\\0\\16", "3\\nan\\16", "1e300\\0\\16", "3\\-1e300\\16", "3\\0\\inf"}) {
        INFO(bad);
        const auto descriptor = [&](const DcmTagKey& tag) {
            auto element = std::make_unique<DcmDecimalString>(DcmTag(tag, DcmVR(EVR_DS)));
            REQUIRE(element->putString(bad).good());
            return element.release();
        };
        Pixels coloured = p;
        coloured.photometric = "PALETTE COLOR";
        DicomBuilder palette(coloured);
        palette.bytes({0, 1});
        for (const auto& tag :
             {DCM_RedPaletteColorLookupTableDescriptor, DCM_GreenPaletteColorLookupTableDescriptor,
              DCM_BluePaletteColorLookupTableDescriptor})
            REQUIRE(palette.dataset().insert(descriptor(tag)).good());
        palette.words(DCM_RedPaletteColorLookupTableData, {1, 2, 3});
        palette.words(DCM_GreenPaletteColorLookupTableData, {1, 2, 3});
        palette.words(DCM_BluePaletteColorLookupTableData, {1, 2, 3});
        palette.save(folder.path() / "palette.dcm");
        std::string message;
        CHECK(error_of(folder.path() / "palette.dcm", {}, &message) == "damaged");
        CHECK(message.find("out of range") != std::string::npos);

        DicomBuilder grey(p, "RF");
        grey.bytes({0, 1});
        DcmItem* item = nullptr;
        REQUIRE(grey.dataset().findOrCreateSequenceItem(DCM_ModalityLUTSequence, item, -2).good());
        REQUIRE(item->insert(descriptor(DCM_LUTDescriptor)).good());
        const std::vector<std::uint16_t> table = {700, 300, 100};
        REQUIRE(item->putAndInsertUint16Array(DCM_LUTData, table.data(), 3).good());
        grey.save(folder.path() / "grey.dcm");
        CHECK(error_of(folder.path() / "grey.dcm").empty());
    }
    DicomBuilder steep(p, "RF");
    steep.bytes({0, 1}).text(DCM_RescaleSlope, "1e300").text(DCM_RescaleIntercept, "0");
    steep.save(folder.path() / "steep.dcm");
    const Frame frame = first_frame(folder.path() / "steep.dcm");
    CHECK(values(frame) == std::vector<float>{0, 1});
    CHECK(has_note(frame.notes, "rescale-unusable"));
}

TEST_CASE("dicom: ultrasound deeper than 8 bits is brought to 0 to 255") {
    const TemporaryFolder folder;
    Pixels p;
    p.width = 3;
    p.height = 1;
    p.bits_allocated = 16;
    p.bits_stored = 12;
    p.high_bit = 11;
    DicomBuilder(p).shorts({0, 2047, 4095}).save(folder.path() / "a.dcm");
    const Frame frame = first_frame(folder.path() / "a.dcm");
    CHECK(values(frame)[0] == 0);
    CHECK(values(frame)[1] == Approx(255.0 * 2047 / 4095));
    CHECK(values(frame)[2] == 255);
}

TEST_CASE(
    "dicom: RGB by pixel and by plane are the same picture in every lossless transfer syntax") {
    const TemporaryFolder folder;
    Pixels p;
    p.width = 2;
    p.height = 2;
    p.samples = 3;
    p.photometric = "RGB";
    const std::vector<Rgb8> picture = {{255, 0, 0}, {0, 255, 0}, {0, 0, 255}, {10, 20, 30}};
    for (const int planar : {0, 1}) {
        p.planar = planar;
        const std::vector<std::uint8_t> samples =
            planar == 0 ? std::vector<std::uint8_t>{255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30}
                        : std::vector<std::uint8_t>{255, 0, 0, 10, 0, 255, 0, 20, 0, 0, 255, 30};
        for (const auto syntax : kLossless) {
            INFO(DcmXfer(syntax).getXferName() << ", planar " << planar);
            DicomBuilder(p).bytes(samples).save(folder.path() / "a.dcm", syntax);
            CHECK(colours(first_frame(folder.path() / "a.dcm")) == picture);
        }
    }
}

TEST_CASE("dicom: grey pixels stored as RGB make a grey frame") {
    const TemporaryFolder folder;
    Pixels p;
    p.width = 2;
    p.height = 1;
    p.samples = 3;
    p.photometric = "RGB";
    DicomBuilder(p).bytes({7, 7, 7, 90, 90, 90}).save(folder.path() / "a.dcm");
    const Frame frame = first_frame(folder.path() / "a.dcm");
    CHECK(frame.colour.empty());
    CHECK(values(frame) == std::vector<float>{7, 90});
}

TEST_CASE("dicom: 16-bit RGB keeps its upper bits") {
    const TemporaryFolder folder;
    Pixels p;
    p.width = 1;
    p.height = 1;
    p.samples = 3;
    p.photometric = "RGB";
    p.bits_allocated = p.bits_stored = 16;
    p.high_bit = 15;
    for (const auto syntax : {EXS_LittleEndianExplicit, EXS_BigEndianExplicit}) {
        DicomBuilder(p).shorts({0x1234, 0xff00, 0x00ff}).save(folder.path() / "a.dcm", syntax);
        CHECK(colours(first_frame(folder.path() / "a.dcm")) ==
              std::vector<Rgb8>{{0x12, 0xff, 0x00}});
    }
}

TEST_CASE("dicom: YBR_FULL and native YBR_FULL_422 become RGB") {
    const TemporaryFolder folder;
    Pixels p;
    p.width = 2;
    p.height = 1;
    p.samples = 3;
    p.photometric = "YBR_FULL";
    // Pure red is Y 76, CB 85, CR 255 (ITU-R BT.601).
    DicomBuilder(p).bytes({76, 85, 255, 128, 128, 128}).save(folder.path() / "a.dcm");
    auto pixels = colours(first_frame(folder.path() / "a.dcm"));
    CHECK(pixels[0].r == 254);
    CHECK(pixels[0].g <= 1);
    CHECK(pixels[0].b <= 1);
    CHECK(pixels[1] == Rgb8{128, 128, 128});

    p.photometric = "YBR_FULL_422";
    DicomBuilder(p).bytes({76, 100, 85, 255}).save(folder.path() / "b.dcm");  // Y Y CB CR
    pixels = colours(first_frame(folder.path() / "b.dcm"));
    CHECK(pixels[0].r == 254);
    CHECK(pixels[1].r == 255);
    CHECK(int{pixels[1].g} - int{pixels[0].g} == Approx(24).margin(2));
}

TEST_CASE("dicom: plain palettes of 16 and 8 bits, with an offset, in either byte order") {
    const TemporaryFolder folder;
    Pixels p;
    p.width = 4;
    p.height = 1;
    p.photometric = "PALETTE COLOR";
    for (const auto syntax : {EXS_LittleEndianExplicit, EXS_BigEndianExplicit, EXS_RLELossless}) {
        DicomBuilder wide(p);
        wide.bytes({0, 5, 6, 255});
        const DcmTagKey descriptors[] = {DCM_RedPaletteColorLookupTableDescriptor,
                                         DCM_GreenPaletteColorLookupTableDescriptor,
                                         DCM_BluePaletteColorLookupTableDescriptor};
        for (const auto& tag : descriptors)
            wide.words(tag, {3, 5, 16});
        wide.words(DCM_RedPaletteColorLookupTableData, {0xff00, 0x8000, 0x0100});
        wide.words(DCM_GreenPaletteColorLookupTableData, {0x0000, 0x4000, 0x0200});
        wide.words(DCM_BluePaletteColorLookupTableData, {0x00ff, 0x2000, 0x0300});
        wide.save(folder.path() / "a.dcm", syntax);
        const std::vector<Rgb8> expected = {{255, 0, 0}, {255, 0, 0}, {128, 64, 32}, {1, 2, 3}};
        CHECK(colours(first_frame(folder.path() / "a.dcm")) == expected);

        DicomBuilder narrow(p);  // two entries to a word
        narrow.bytes({5, 6, 7, 8});
        for (const auto& tag : descriptors)
            narrow.words(tag, {4, 5, 8});
        narrow.words(DCM_RedPaletteColorLookupTableData, {0x80ff, 0x0001});
        narrow.words(DCM_GreenPaletteColorLookupTableData, {0x4000, 0x0002});
        narrow.words(DCM_BluePaletteColorLookupTableData, {0x2000, 0x0003});
        narrow.save(folder.path() / "b.dcm", syntax);
        const std::vector<Rgb8> packed = {{255, 0, 0}, {128, 64, 32}, {1, 2, 3}, {0, 0, 0}};
        CHECK(colours(first_frame(folder.path() / "b.dcm")) == packed);
    }
}

TEST_CASE("dicom: segmented palettes expand by PS3.3 C.7.9.2, and damaged ones are refused") {
    const TemporaryFolder folder;
    Pixels p;
    p.width = 8;
    p.height = 1;
    p.photometric = "PALETTE COLOR";
    const auto make = [&](const std::vector<std::uint16_t>& red) {
        DicomBuilder b(p);
        b.bytes({0, 1, 2, 3, 4, 5, 6, 7});
        for (const auto& tag :
             {DCM_RedPaletteColorLookupTableDescriptor, DCM_GreenPaletteColorLookupTableDescriptor,
              DCM_BluePaletteColorLookupTableDescriptor}) {
            b.words(tag, {8, 0, 16});
        }
        b.words(DCM_SegmentedRedPaletteColorLookupTableData, red);
        b.words(DCM_SegmentedGreenPaletteColorLookupTableData, {0, 1, 0, 1, 7, 0xff00});
        b.words(DCM_SegmentedBluePaletteColorLookupTableData,
                {0, 2, 0x1000, 0x2000, 0, 6, 0, 0, 0, 0, 0, 0x4000});
        b.save(folder.path() / "a.dcm");
    };
    // Two discrete values, two on a line up to 0x5000, then the same two segments again.
    make({0, 2, 0x1000, 0x3000, 1, 2, 0x5000, 2, 2, 0, 0});
    const auto pixels = colours(first_frame(folder.path() / "a.dcm"));
    const std::vector<int> red = {0x10, 0x30, 0x40, 0x50, 0x10, 0x30, 0x40, 0x50};
    for (std::size_t i = 0; i < 8; ++i) {
        CHECK(int{pixels[i].r} == red[i]);
        CHECK(int{pixels[i].g} == Approx(255.0 * static_cast<double>(i) / 7).margin(1));
    }
    CHECK(int{pixels[7].b} == 0x40);

    for (const auto& bad : std::vector<std::vector<std::uint16_t>>{
             {1, 4, 0xff00},                     // a line that starts nowhere
             {0, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9},  // more entries than stated
             {0, 8, 1, 2},                       // ends too early
             {2, 1, 0, 0},                       // refers to itself
             {0, 1, 5, 2, 2, 0xffff, 0xffff},    // refers beyond the end
             {7, 1, 5}}) {                       // no such segment
        make(bad);
        CHECK(error_of(folder.path() / "a.dcm") == "damaged");
    }
}

TEST_CASE("dicom: a lossy JPEG is what its stream says, whatever is declared") {
    const TemporaryFolder folder;
    Pixels p;
    p.width = p.height = 16;
    p.samples = 3;
    p.photometric = "RGB";
    DicomBuilder builder(p);
    builder.bytes(smooth_rgb()).save(folder.path() / "right.dcm", EXS_JPEGProcess1);
    const auto right = io::open(folder.path() / "right.dcm");
    CHECK(right->info().photometric.starts_with("YBR_FULL"));
    CHECK(worst_difference(right->read(0), smooth_rgb()) < 12);

    // The same stream with the tag of a careless scanner.
    DcmFileFormat file;
    REQUIRE(file.loadFile((folder.path() / "right.dcm").c_str()).good());
    REQUIRE(file.getDataset()->putAndInsertString(DCM_PhotometricInterpretation, "RGB").good());
    REQUIRE(file.saveFile((folder.path() / "wrong.dcm").c_str(), EXS_JPEGProcess1).good());
    const auto wrong = io::open(folder.path() / "wrong.dcm");
    CHECK(wrong->info().photometric == "RGB");
    const Frame frame = wrong->read(0);
    CHECK(has_note(frame.notes, "colour-corrected"));
    CHECK(worst_difference(frame, smooth_rgb()) < 12);
}

TEST_CASE("dicom: 12-bit lossy JPEG is read") {
    const TemporaryFolder folder;
    Pixels p;
    p.width = p.height = 16;
    p.bits_allocated = 16;
    p.bits_stored = 12;
    p.high_bit = 11;
    std::vector<std::uint16_t> samples;
    for (unsigned i = 0; i < 256; ++i)
        samples.push_back(static_cast<std::uint16_t>(16 * i + i % 16));
    DicomBuilder(p, "XA").shorts(samples).save(folder.path() / "a.dcm", EXS_JPEGProcess2_4);
    const Frame frame = first_frame(folder.path() / "a.dcm");
    for (std::size_t i = 0; i < samples.size(); ++i)
        CHECK(values(frame)[i] == Approx(samples[i]).margin(8));
}

TEST_CASE("dicom: JPEG 2000 in grey, in colour and in several fragments") {
    const TemporaryFolder folder;
    Pixels p;
    p.width = p.height = 8;
    p.bits_allocated = 16;
    p.bits_stored = 12;
    p.high_bit = 11;
    std::vector<int> samples;
    for (int i = 0; i < 64; ++i)
        samples.push_back(i * 64 % 4096);
    const std::string stream = jpeg2000_stream(samples, 8, 8, 1, 12);
    const auto half = static_cast<std::ptrdiff_t>(stream.size() / 4 * 2);
    DicomBuilder(p, "XA")
        .fragments({stream.substr(0, static_cast<std::size_t>(half)),
                    stream.substr(static_cast<std::size_t>(half))},
                   EXS_JPEG2000LosslessOnly)
        .save(folder.path() / "grey.dcm");
    CHECK(values(first_frame(folder.path() / "grey.dcm")) == as_floats(samples));

    Pixels c;
    c.width = c.height = 16;
    c.samples = 3;
    c.photometric = "YBR_RCT";
    c.frames = 2;
    const auto rgb = smooth_rgb();
    const std::string colour = jpeg2000_stream({rgb.begin(), rgb.end()}, 16, 16, 3, 8);
    DicomBuilder(c)
        .fragments({colour, colour}, EXS_JPEG2000LosslessOnly)
        .save(folder.path() / "colour.dcm");
    const auto source = io::open(folder.path() / "colour.dcm");
    CHECK(source->info().frame_count == 2);
    CHECK(worst_difference(source->read(1), rgb) == 0);

    // A stream that is another picture than the header says is refused before its pixels are
    // allocated.
    Pixels lie = c;
    lie.width = 15;
    DicomBuilder(lie)
        .fragments({colour, colour}, EXS_JPEG2000LosslessOnly)
        .save(folder.path() / "lie.dcm");
    CHECK(error_of(folder.path() / "lie.dcm") == "damaged");
}

TEST_CASE("dicom: what cannot be read is named") {
    const TemporaryFolder folder;
    const auto path = folder.path() / "a.dcm";
    std::string message;
    Pixels p;
    DicomBuilder(p).save(path);
    CHECK(error_of(path, {}, &message) == "no-pixels");
    CHECK(message.find("a.dcm") != std::string::npos);

    p.photometric = "HSV";
    p.samples = 3;
    DicomBuilder(p).bytes(std::vector<std::uint8_t>(36)).save(path);
    CHECK(error_of(path, {}, &message) == "unsupported");
    CHECK(message.find("HSV") != std::string::npos);

    Pixels grey;
    DicomBuilder(grey).bytes(std::vector<std::uint8_t>(11)).save(path);  // padded to 12 on writing
    CHECK(error_of(path).empty());
    DicomBuilder(grey).bytes(std::vector<std::uint8_t>(8)).save(path);
    CHECK(error_of(path) == "truncated");
    grey.frames = 3;
    DicomBuilder(grey).bytes(std::vector<std::uint8_t>(24)).save(path);
    CHECK(io::open(path)->info().frame_count == 2);
    CHECK(has_note(io::open(path)->info().notes, "fewer-frames"));
}
