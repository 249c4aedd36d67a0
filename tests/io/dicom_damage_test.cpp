// SPDX-License-Identifier: Apache-2.0
#include "dicom_builder.hpp"
#include "files.hpp"

#include <guide/core/random.hpp>

#include <catch2/catch.hpp>
#include <guide_test/data.hpp>

namespace fs = std::filesystem;
using namespace guide;
using namespace guide::test;

namespace {

std::string good_file(const fs::path& path, E_TransferSyntax syntax) {
    Pixels p;
    p.width = 16;
    p.height = 12;
    p.frames = 2;
    std::vector<std::uint8_t> samples;
    for (int i = 0; i < 16 * 12 * 2; ++i)
        samples.push_back(static_cast<std::uint8_t>(i * 37));
    DicomBuilder(p).region({0, 0, 15, 11}).region({2, 2, 9, 9}).bytes(samples).save(path, syntax);
    return load(path);
}

const std::vector<E_TransferSyntax> kSyntaxes = {
    EXS_LittleEndianImplicit, EXS_LittleEndianExplicit,
    EXS_BigEndianExplicit,    EXS_DeflatedLittleEndianExplicit,
    EXS_RLELossless,          EXS_JPEGLSLossless,
    EXS_JPEGProcess14SV1,     EXS_JPEGProcess1};

/// Opens a meta header whose data set is in `syntax`.
std::string meta_header(const std::string& syntax) {
    const auto text = [](unsigned element, std::string value) {
        if (value.size() % 2 != 0) value += '\0';
        return le16(2) + le16(element) + "UI" + le16(static_cast<unsigned>(value.size())) + value;
    };
    const std::string body = text(0x0002, UID_SecondaryCaptureImageStorage) +
                             text(0x0003, "1.2.3") + text(0x0010, syntax);
    return std::string(128, '\0') + "DICM" + le16(2) + le16(0) + "UL" + le16(4) +
           le32(static_cast<std::uint32_t>(body.size())) + body;
}

std::string repeated(const std::string& text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i)
        all += text;
    return all;
}

}  // namespace

TEST_CASE("dicom: a file cut anywhere is an error or fewer frames, and no crash") {
    const TemporaryFolder folder;
    const fs::path path = folder.path() / "a.dcm";
    for (const auto syntax : kSyntaxes) {
        const std::string whole = good_file(path, syntax);
        CHECK(error_of(path).empty());
        for (std::size_t size = 0; size < whole.size(); size += 7) {
            save(path, whole.substr(0, size));
            std::string message;
            const std::string code = error_of(path, {}, &message);
            INFO(DcmXfer(syntax).getXferName() << " cut at " << size);
            if (code.empty()) CHECK(has_note(io::open(path)->info().notes, "fewer-frames"));
            CHECK(message.find('\n') == std::string::npos);
        }
    }
}

TEST_CASE("dicom: wrong bytes are an error or a picture, and no crash") {
    const TemporaryFolder folder;
    const fs::path path = folder.path() / "a.dcm";
    Random random(7);
    for (const auto syntax : kSyntaxes) {
        const std::string whole = good_file(path, syntax);
        for (int round = 0; round < 150; ++round) {
            std::string bad = whole;
            const int wrong = 1 + round % 4;
            for (int i = 0; i < wrong; ++i) {
                const auto at =
                    static_cast<std::size_t>(random.uniform(128, static_cast<double>(bad.size())));
                bad[at] = static_cast<char>(random.next());
            }
            save(path, bad);
            (void)error_of(path);
        }
    }
}

TEST_CASE("dicom: sequences nested without end are refused, many side by side are not") {
    const TemporaryFolder folder;
    const fs::path path = folder.path() / "a.dcm";
    const std::string open_item = le16(0xfffe) + le16(0xe000) + le32(0xffffffff);
    const std::string explicit_level =
        le16(8) + le16(0x1140) + "SQ" + le16(0) + le32(0xffffffff) + open_item;
    const std::string implicit_level = le16(8) + le16(0x1140) + le32(0xffffffff) + open_item;
    const std::string unknown_level =
        le16(8) + le16(0x1140) + "UN" + le16(0) + le32(0xffffffff) + open_item;
    std::string message;
    save(path,
         meta_header(UID_LittleEndianExplicitTransferSyntax) + repeated(explicit_level, 100'000));
    CHECK(error_of(path, {}, &message) == "damaged");
    CHECK(message.find("nested") != std::string::npos);
    save(path,
         meta_header(UID_LittleEndianImplicitTransferSyntax) + repeated(implicit_level, 100'000));
    CHECK(error_of(path) == "damaged");
    save(path, meta_header(UID_LittleEndianExplicitTransferSyntax) + unknown_level +
                   repeated(implicit_level, 100'000));
    CHECK(error_of(path) == "damaged");
    save(path,
         le16(8) + le16(0x16) + le32(2) + "1 " + repeated(implicit_level, 100'000));  // no header
    CHECK(error_of(path) == "damaged");

    DicomBuilder wide({});
    wide.bytes(std::vector<std::uint8_t>(12));
    for (int i = 0; i < 400; ++i)
        wide.region({0, 0, 3, 2});
    wide.save(path);
    CHECK(error_of(path).empty());
    CHECK(io::open(path)->info().regions.size() == 400);
}

TEST_CASE("dicom: impossible numbers in the header are one clear error each") {
    const TemporaryFolder folder;
    const fs::path path = folder.path() / "a.dcm";
    const auto code = [&](const DcmTagKey& tag, int value) {
        DicomBuilder b({});
        b.bytes(std::vector<std::uint8_t>(12)).word(tag, value).save(path);
        return error_of(path);
    };
    CHECK(code(DCM_Rows, 0) == "damaged");
    CHECK(code(DCM_Columns, 0) == "damaged");
    CHECK(code(DCM_BitsAllocated, 3) == "unsupported");
    CHECK(code(DCM_BitsAllocated, 0) == "unsupported");
    CHECK(code(DCM_BitsStored, 0) == "damaged");
    CHECK(code(DCM_BitsStored, 9) == "damaged");
    CHECK(code(DCM_HighBit, 0) == "damaged");
    CHECK(code(DCM_HighBit, 65535) == "damaged");
    CHECK(code(DCM_SamplesPerPixel, 2) == "unsupported");
    CHECK(code(DCM_SamplesPerPixel, 3) == "damaged");
    CHECK(code(DCM_Rows, 65535) == "truncated");
    CHECK(code(DCM_PixelRepresentation, 7).empty());

    DicomBuilder huge({});
    huge.bytes(std::vector<std::uint8_t>(12))
        .word(DCM_Rows, 65535)
        .word(DCM_Columns, 65535)
        .save(path);
    CHECK(error_of(path) == "too-large");
    DicomBuilder many({});
    many.bytes(std::vector<std::uint8_t>(12)).text(DCM_NumberOfFrames, "999999999").save(path);
    CHECK(error_of(path) == "too-large");
    DicomBuilder none({});
    none.bytes(std::vector<std::uint8_t>(12)).text(DCM_NumberOfFrames, "-5").save(path);
    CHECK(io::open(path)->info().frame_count == 1);
    DicomBuilder flat({});
    flat.bytes(std::vector<std::uint8_t>(12))
        .text(DCM_WindowCenter, "nan")
        .text(DCM_WindowWidth, "0")
        .save(path);
    CHECK(has_note(io::open(path)->info().notes, "window-unusable"));
    CHECK(io::open(path)->read(0).display_high == 255);
}
