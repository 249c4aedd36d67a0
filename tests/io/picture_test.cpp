// SPDX-License-Identifier: Apache-2.0
#include "files.hpp"

#include <guide/io/write.hpp>

#include <catch2/catch.hpp>
#include <guide_test/data.hpp>

namespace fs = std::filesystem;
using namespace guide;
using namespace guide::test;

namespace {

/// A bitmap by hand: 40-byte header, rows bottom-up unless the height is negative.
std::string bmp(int width, int height, int bits, const std::string& palette,
                const std::string& rows, std::uint32_t compression = 0) {
    const auto offset = static_cast<std::uint32_t>(54 + palette.size());
    return "BM" + le32(offset + static_cast<std::uint32_t>(rows.size())) + le32(0) + le32(offset) +
           le32(40) + le32(static_cast<std::uint32_t>(width)) +
           le32(static_cast<std::uint32_t>(height)) + le16(1) + le16(static_cast<unsigned>(bits)) +
           le32(compression) + le32(0) + le32(0) + le32(0) +
           le32(static_cast<std::uint32_t>(palette.size() / 4)) + le32(0) + palette + rows;
}

/// A TIFF by hand: one strip, no compression.
std::string tiff(unsigned width, unsigned height, unsigned bits, unsigned samples,
                 unsigned photometric, const std::string& pixels) {
    const auto entry = [](unsigned tag, unsigned type, std::uint32_t count, std::uint32_t value) {
        return le16(tag) + le16(type) + le32(count) + le32(value);
    };
    const std::string bits_list = le16(bits) + le16(bits) + le16(bits);
    const std::uint32_t bits_at = 8, pixels_at = bits_at + 6,
                        directory = pixels_at + static_cast<std::uint32_t>(pixels.size());
    std::string file = "II*" + std::string(1, '\0') + le32(directory) + bits_list + pixels;
    file += le16(9);
    file += entry(256, 3, 1, width) + entry(257, 3, 1, height);
    file += samples == 1 ? entry(258, 3, 1, bits) : entry(258, 3, 3, bits_at);
    file += entry(259, 3, 1, 1) + entry(262, 3, 1, photometric) + entry(273, 4, 1, pixels_at) +
            entry(277, 3, 1, samples) + entry(278, 3, 1, height) +
            entry(279, 4, 1, static_cast<std::uint32_t>(pixels.size()));
    return file + le32(0);
}

/// The first 33 bytes of a PNG of any size.
std::string png_beginning(std::uint32_t width, std::uint32_t height) {
    const auto big = [](std::uint32_t v) {
        const std::string s = le32(v);
        return std::string(s.rbegin(), s.rend());
    };
    return "\x89PNG\r\n\x1a\n" + big(13) + "IHDR" + big(width) + big(height) +
           std::string("\x08\x02\0\0\0", 5) + std::string(4, 'c');
}

}  // namespace

TEST_CASE("picture: bitmaps of every depth, either way up") {
    const TemporaryFolder folder;
    const fs::path path = folder.path() / "a";
    const std::string two =
        std::string("\0\0\0\0", 4) + std::string("\x01\x02\x03\0", 4);  // black and (3, 2, 1)
    save(path, bmp(3, 2, 24, "",
                   std::string("\x01\x02\x03\x04\x05\x06\x07\x08\x09...", 12) +
                       std::string("\x0a\x0b\x0c\0\0\0\0\0\0...", 12)));
    CHECK(colours(io::open(path)->read(0)) ==
          std::vector<Rgb8>{{12, 11, 10}, {0, 0, 0}, {0, 0, 0}, {3, 2, 1}, {6, 5, 4}, {9, 8, 7}});
    save(path, bmp(3, -1, 24, "", std::string("\x01\x02\x03\x04\x05\x06\x07\x08\x09...", 12)));
    CHECK(colours(io::open(path)->read(0)) == std::vector<Rgb8>{{3, 2, 1}, {6, 5, 4}, {9, 8, 7}});
    save(path, bmp(3, 1, 8, two, std::string("\1\0\1\0", 4)));
    CHECK(colours(io::open(path)->read(0)) == std::vector<Rgb8>{{3, 2, 1}, {0, 0, 0}, {3, 2, 1}});
    save(path, bmp(3, 1, 4, two, std::string("\x10\x10\0\0", 4)));
    CHECK(colours(io::open(path)->read(0)) == std::vector<Rgb8>{{3, 2, 1}, {0, 0, 0}, {3, 2, 1}});
    save(path, bmp(3, 1, 1, two, std::string("\xa0\0\0\0", 4)));
    CHECK(colours(io::open(path)->read(0)) == std::vector<Rgb8>{{3, 2, 1}, {0, 0, 0}, {3, 2, 1}});
    save(path, bmp(1, 1, 32, "", std::string("\x01\x02\x03\x04", 4)));
    CHECK(colours(io::open(path)->read(0)) == std::vector<Rgb8>{{3, 2, 1}});
    save(path, bmp(1, 1, 16, "", le16(0x7c00) + le16(0)));
    CHECK(colours(io::open(path)->read(0)) == std::vector<Rgb8>{{255, 0, 0}});
    save(path, bmp(1, 1, 8, two, std::string("\x09\0\0\0", 4)));  // beyond the palette
    CHECK(values(io::open(path)->read(0)) == std::vector<float>{0});
    save(path, bmp(1, 1, 8, two, "", 1));
    CHECK(error_of(path) == "unsupported");
    save(path, bmp(3, 2, 24, "", "short"));
    CHECK(error_of(path) == "truncated");
    save(path, bmp(0, 2, 24, "", "....."));
    CHECK(error_of(path) == "damaged");
}

TEST_CASE("picture: TIFF of 8 and 16 bit, grey, turned over and in colour") {
    const TemporaryFolder folder;
    const fs::path path = folder.path() / "a";
    save(path, tiff(3, 1, 8, 1, 1, "\x01\x80\xff"));
    CHECK(values(io::open(path)->read(0)) == std::vector<float>{1, 128, 255});
    save(path, tiff(3, 1, 8, 1, 0, "\x01\x80\xff"));
    const Frame inverted = io::open(path)->read(0);
    CHECK(values(inverted) == std::vector<float>{254, 127, 0});
    CHECK(has_note(inverted.notes, "inverted"));
    save(path, tiff(2, 2, 16, 1, 1, le16(0) + le16(1) + le16(40000) + le16(65535)));
    const auto deep = io::open(path);
    CHECK(deep->info().bits_stored == 16);
    const Frame frame = deep->read(0);
    CHECK(values(frame) == std::vector<float>{0, 1, 40000, 65535});
    CHECK(frame.display_high == 65535);
    save(path, tiff(1, 2, 8, 3, 2, "\x01\x02\x03\x0a\x0b\x0c"));
    CHECK(colours(io::open(path)->read(0)) == std::vector<Rgb8>{{1, 2, 3}, {10, 11, 12}});
    std::string cut = tiff(3, 1, 8, 1, 1, "\x01\x80\xff");
    cut.resize(cut.size() - 30);
    save(path, cut);
    CHECK(error_of(path) == "damaged");
}

TEST_CASE("picture: the content tells the kind, not the name") {
    const TemporaryFolder folder;
    Image<Rgb8> image(4, 4, Rgb8{1, 2, 3});
    io::write_png(folder.path() / "a.jpg", image.view());
    CHECK(io::open(folder.path() / "a.jpg")->info().format == "png");
    std::string message;
    save(folder.path() / "text.png", "hello, this is no picture\n");
    CHECK(error_of(folder.path() / "text.png", {}, &message) == "unknown-format");
    CHECK(message.find("is text") != std::string::npos);
    save(folder.path() / "empty.png", "");
    CHECK(error_of(folder.path() / "empty.png") == "empty");
    CHECK(error_of(folder.path() / "none.png") == "not-found");
    CHECK(error_of("/dev/null") == "unreadable");
    save(folder.path() / "z", std::string("\x28\xb5\x2f\xfd....", 8));
    CHECK(error_of(folder.path() / "z", {}, &message) == "unknown-format");
    CHECK(message.find("zstd") != std::string::npos);
    save(folder.path() / "g", std::string("\x1f\x8b\x08\0....", 8));
    CHECK(error_of(folder.path() / "g", {}, &message) == "unknown-format");
    CHECK(message.find("gzip") != std::string::npos);
    for (int byte = 0; byte < 256;
         ++byte) {  // no beginning of any kind of file is mistaken for a whole one
        save(folder.path() / "b", std::string(1, static_cast<char>(byte)));
        CHECK_FALSE(error_of(folder.path() / "b").empty());
    }
}

TEST_CASE("picture: a hundred megapixels are refused before they are allocated") {
    const TemporaryFolder folder;
    const fs::path path = folder.path() / "huge.png";
    std::string message;
    save(path, png_beginning(10000, 10000));
    CHECK(error_of(path, {}, &message) == "too-large");
    CHECK(message.find("10000 x 10000") != std::string::npos);
    save(path, png_beginning(0xffffffff, 1));
    CHECK(error_of(path) == "damaged");
    save(path, png_beginning(0x7fffffff, 0x7fffffff));
    CHECK(error_of(path) == "too-large");
    save(path, bmp(30000, 30000, 24, "", ""));
    CHECK(error_of(path) == "too-large");
    save(path, tiff(60000, 60000, 8, 1, 1, "x"));
    CHECK(error_of(path) == "too-large");

    io::OpenOptions small;
    small.max_pixels = 15;
    io::write_mask_png(path, Image<std::uint8_t>(4, 4).view());
    CHECK(error_of(path, small) == "too-large");
    small.max_pixels = 16;
    CHECK(error_of(path, small).empty());
    small.max_bytes = 50;
    CHECK(error_of(path, small) == "too-large");
    small.max_bytes = 0;
    CHECK_THROWS_AS((void)io::open(path, small), PreconditionError);
}

TEST_CASE("picture: a PNG cut anywhere is an error and no crash") {
    const TemporaryFolder folder;
    const fs::path path = folder.path() / "a.png";
    Image<Rgb8> image(40, 30);
    for (int y = 0; y < 30; ++y) {
        for (int x = 0; x < 40; ++x)
            image.at(x, y) = {static_cast<std::uint8_t>(x * y), 7, static_cast<std::uint8_t>(x)};
    }
    io::write_png(path, image.view());
    const std::string whole = load(path);
    for (std::size_t size = 0; size + 12 < whole.size(); size += 1 + size / 16) {
        save(path, whole.substr(0, size));
        INFO(size);
        CHECK_FALSE(error_of(path).empty());
    }
    for (std::size_t i = 8; i < whole.size(); i += 3) {  // a wrong byte: an error, or the picture
        std::string bad = whole;
        bad[i] = static_cast<char>(bad[i] ^ 0x55);
        save(path, bad);
        (void)error_of(path);
    }
}

TEST_CASE("picture: one pixel and all black are pictures like others") {
    const TemporaryFolder folder;
    io::write_mask_png(folder.path() / "1.png", Image<std::uint8_t>(1, 1, 9).view());
    CHECK(values(io::open(folder.path() / "1.png")->read(0)) == std::vector<float>{9});
    io::write_mask_png(folder.path() / "2.png", Image<std::uint8_t>(64, 64).view());
    const Frame black = io::open(folder.path() / "2.png")->read(0);
    CHECK(black.modality == Modality::unknown);
    CHECK_FALSE(black.spacing);
    CHECK(black.display_high > black.display_low);
}
