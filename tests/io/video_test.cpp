// SPDX-License-Identifier: Apache-2.0
#include "files.hpp"

#include <catch2/catch.hpp>
#include <guide_test/data.hpp>

namespace fs = std::filesystem;
using namespace guide;
using namespace guide::test;

namespace {

std::string chunk(const std::string& id, const std::string& body) {
    return id + le32(static_cast<std::uint32_t>(body.size())) + body +
           std::string(body.size() % 2, '\0');
}
std::string list(const std::string& type, const std::string& body) {
    return chunk("LIST", type + body);
}

/// An uncompressed AVI of grey 8 x 4 frames, frame k all of value 10 k.
std::string avi(unsigned frames) {
    constexpr unsigned kWidth = 8, kHeight = 4, kBytes = kWidth * kHeight * 3;
    const std::string main = chunk(
        "avih", le32(40000) + le32(0) + le32(0) + le32(16) + le32(frames) + le32(0) + le32(1) +
                    le32(kBytes) + le32(kWidth) + le32(kHeight) + std::string(16, '\0'));
    const std::string header =
        chunk("strh", "vidsDIB " + le32(0) + le32(0) + le32(0) + le32(1) + le32(25) + le32(0) +
                          le32(frames) + le32(kBytes) + le32(0) + le32(0) + le16(0) + le16(0) +
                          le16(kWidth) + le16(kHeight));
    const std::string format =
        chunk("strf", le32(40) + le32(kWidth) + le32(kHeight) + le16(1) + le16(24) + le32(0) +
                          le32(kBytes) + std::string(16, '\0'));
    std::string movie;
    for (unsigned k = 0; k < frames; ++k)
        movie += chunk("00db", std::string(kBytes, static_cast<char>(10 * k)));
    std::string index;
    for (unsigned k = 0; k < frames; ++k)
        index += "00db" + le32(16) + le32(4 + k * (kBytes + 8)) + le32(kBytes);
    return chunk("RIFF", "AVI " + list("hdrl", main + list("strl", header + format)) +
                             list("movi", movie) + chunk("idx1", index));
}

}  // namespace

TEST_CASE("video: frames are counted, and each is the same however it is reached") {
    const TemporaryFolder folder;
    save(folder.path() / "a", avi(6));
    const auto source = io::open(folder.path() / "a");
    CHECK(source->info().format == "video");
    CHECK(source->info().width == 8);
    CHECK(source->info().height == 4);
    REQUIRE(source->info().frame_count == 6);
    CHECK(source->info().frame_rate_hz.value_or(0) == Approx(25));
    for (const int i : {0, 1, 5, 2, 4, 3, 3, 0}) {
        const Frame frame = source->read(i);
        CHECK(frame.intensity.at(3, 2) == static_cast<float>(10 * i));
        CHECK(frame.time_s.value_or(-1) == Approx(0.04 * i));
        CHECK_FALSE(frame.spacing);
    }
    CHECK_THROWS_AS((void)source->read(6), IoError);
    io::OpenOptions few;
    few.max_frames = 5;
    CHECK(error_of(folder.path() / "a", few) == "too-large");
    io::OpenOptions small;
    small.max_pixels = 31;
    CHECK(error_of(folder.path() / "a", small) == "too-large");
}

TEST_CASE("video: a film cut anywhere is an error or a shorter film, and no crash") {
    const TemporaryFolder folder;
    const std::string whole = avi(3);
    for (std::size_t size = 12; size < whole.size(); size += 13) {
        save(folder.path() / "a", whole.substr(0, size));
        (void)error_of(folder.path() / "a");
    }
    save(folder.path() / "b", std::string("\0\0\0\x18"
                                          "ftypisom",
                                          12));
    CHECK_FALSE(error_of(folder.path() / "b").empty());
}
