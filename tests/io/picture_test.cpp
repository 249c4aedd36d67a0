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
                 unsigned photometric, const std::string& pixels, unsigned orientation = 1) {
    const auto entry = [](unsigned tag, unsigned type, std::uint32_t count, std::uint32_t value) {
        return le16(tag) + le16(type) + le32(count) + le32(value);
    };
    const std::string bits_list = le16(bits) + le16(bits) + le16(bits);
    const std::uint32_t bits_at = 8, pixels_at = bits_at + 6,
                        directory = pixels_at + static_cast<std::uint32_t>(pixels.size());
    std::string file = "II*" + std::string(1, '\0') + le32(directory) + bits_list + pixels;
    file += le16(10);
    file += entry(256, 3, 1, width) + entry(257, 3, 1, height);
    file += samples == 1 ? entry(258, 3, 1, bits) : entry(258, 3, 3, bits_at);
    file += entry(259, 3, 1, 1) + entry(262, 3, 1, photometric) + entry(273, 4, 1, pixels_at) +
            entry(274, 3, 1, orientation) + entry(277, 3, 1, samples) + entry(278, 3, 1, height) +
            entry(279, 4, 1, static_cast<std::uint32_t>(pixels.size()));
    return file + le32(0);
}

/// A grey JPEG of 3 x 2 pixels, near 10 90 250 / 40 160 200.
std::string small_jpeg() {
    constexpr std::uint8_t kBytes[] = {
        0xff, 0xd8, 0xff, 0xe0, 0x00, 0x10, 0x4a, 0x46, 0x49, 0x46, 0x00, 0x01, 0x01, 0x00, 0x00,
        0x01, 0x00, 0x01, 0x00, 0x00, 0xff, 0xdb, 0x00, 0x43, 0x00, 0x02, 0x01, 0x01, 0x01, 0x01,
        0x01, 0x02, 0x01, 0x01, 0x01, 0x02, 0x02, 0x02, 0x02, 0x02, 0x04, 0x03, 0x02, 0x02, 0x02,
        0x02, 0x05, 0x04, 0x04, 0x03, 0x04, 0x06, 0x05, 0x06, 0x06, 0x06, 0x05, 0x06, 0x06, 0x06,
        0x07, 0x09, 0x08, 0x06, 0x07, 0x09, 0x07, 0x06, 0x06, 0x08, 0x0b, 0x08, 0x09, 0x0a, 0x0a,
        0x0a, 0x0a, 0x0a, 0x06, 0x08, 0x0b, 0x0c, 0x0b, 0x0a, 0x0c, 0x09, 0x0a, 0x0a, 0x0a, 0xff,
        0xc0, 0x00, 0x0b, 0x08, 0x00, 0x02, 0x00, 0x03, 0x01, 0x01, 0x11, 0x00, 0xff, 0xc4, 0x00,
        0x14, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x08, 0xff, 0xc4, 0x00, 0x1e, 0x10, 0x00, 0x02, 0x02, 0x02, 0x02, 0x03,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x02, 0x03, 0x04, 0x05,
        0x06, 0x00, 0x21, 0x07, 0x08, 0x09, 0xff, 0xda, 0x00, 0x08, 0x01, 0x01, 0x00, 0x00, 0x3f,
        0x00, 0x64, 0xfc, 0xd2, 0xd8, 0xf6, 0x1d, 0x4f, 0xd0, 0x3f, 0x11, 0xe0, 0xb5, 0x6c, 0xed,
        0xdc, 0x65, 0x18, 0xb4, 0x5a, 0x2d, 0x15, 0x3c, 0x7d, 0xa7, 0x86, 0x24, 0x67, 0x8c, 0x3b,
        0x90, 0x88, 0x40, 0x05, 0x9d, 0x99, 0x8f, 0x5d, 0x96, 0x24, 0xf6, 0x79, 0xff, 0xd9};
    return {std::begin(kBytes), std::end(kBytes)};
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

TEST_CASE("picture: TIFF and JPEG are brought upright, grey and colour alike") {
    const TemporaryFolder folder;
    const fs::path path = folder.path() / "a";
    io::OpenOptions as_stored;
    as_stored.orientation = io::Orientation::as_stored;
    // Stored 3 x 2: 1 2 3 / 4 5 6.
    const std::vector<std::vector<float>> upright = {
        {1, 2, 3, 4, 5, 6}, {3, 2, 1, 6, 5, 4}, {6, 5, 4, 3, 2, 1}, {4, 5, 6, 1, 2, 3},
        {1, 4, 2, 5, 3, 6}, {4, 1, 5, 2, 6, 3}, {6, 3, 5, 2, 4, 1}, {3, 6, 2, 5, 1, 4}};
    const std::string grey = "\1\2\3\4\5\6";
    std::string colour;
    for (const char c : grey)
        colour += std::string(2, c) + '\t';
    for (unsigned tag = 1; tag <= 8; ++tag) {
        INFO("orientation " << tag);
        const int width = tag >= 5 ? 2 : 3;
        for (const bool coloured : {false, true}) {
            save(path,
                 coloured ? tiff(3, 2, 8, 3, 2, colour, tag) : tiff(3, 2, 8, 1, 1, grey, tag));
            const auto source = io::open(path);
            const Frame frame = source->read(0);
            CHECK(source->info().width == width);
            CHECK(source->info().turn.any() == (tag != 1));
            CHECK(has_note(frame.notes, "turned") == (tag != 1));
            CHECK(frame.intensity.width() == width);
            std::vector<float> found = values(frame);
            if (coloured) {
                found.clear();
                for (const Rgb8 p : colours(frame))
                    found.push_back(p.r);
            }
            CHECK(found == upright[tag - 1]);
            const auto stored = io::open(path, as_stored);
            CHECK_FALSE(stored->info().turn.any());
            const Frame unturned = stored->read(0);
            CHECK(unturned.intensity.width() == 3);
            CHECK(has_note(unturned.notes, "orientation-not-applied") == (tag != 1));
        }
    }
    save(path, tiff(3, 2, 8, 1, 1, grey, 99));  // no orientation at all
    CHECK(values(io::open(path)->read(0)) == upright[0]);
}

TEST_CASE("picture: a JPEG is turned as its Exif block says") {
    const TemporaryFolder folder;
    const fs::path path = folder.path() / "a";
    const std::string plain = small_jpeg();
    save(path, plain);
    const Frame stored = io::open(path)->read(0);
    CHECK(stored.intensity.at(0, 0) == Approx(10).margin(5));
    CHECK(stored.intensity.at(2, 1) == Approx(200).margin(5));
    const int w = stored.intensity.width(), h = stored.intensity.height();
    const auto with_exif = [&](bool big, unsigned tag) {
        const auto n16 = [&](unsigned v) {
            const std::string s = le16(v);
            return big ? std::string(s.rbegin(), s.rend()) : s;
        };
        const auto n32 = [&](std::uint32_t v) {
            const std::string s = le32(v);
            return big ? std::string(s.rbegin(), s.rend()) : s;
        };
        const std::string block = std::string("Exif\0\0", 6) + (big ? "MM" : "II") + n16(42) +
                                  n32(8) + n16(1) + n16(274) + n16(3) + n32(1) + n16(tag) + n16(0) +
                                  n32(0);
        const auto length = static_cast<unsigned>(block.size() + 2);
        std::string text = plain;
        text.insert(2, "\xff\xe1" + std::string(1, static_cast<char>(length >> 8U)) +
                           std::string(1, static_cast<char>(length & 255U)) + block);
        return text;
    };
    for (const bool big : {false, true}) {
        for (unsigned tag = 0; tag <= 9; ++tag) {
            INFO(big << " " << tag);
            save(path, with_exif(big, tag));
            const auto source = io::open(path);
            const Frame frame = source->read(0);
            CHECK(source->info().turn.any() == (tag >= 2 && tag <= 8));
            CHECK(frame.intensity.width() == (tag >= 5 && tag <= 8 ? h : w));
            CHECK(source->info().width == frame.intensity.width());
            for (int y = 0; y < frame.intensity.height(); ++y) {
                for (int x = 0; x < frame.intensity.width(); ++x) {
                    const PixelPoint p =
                        io::stored_from_read({double(x), double(y)}, source->info().turn,
                                             frame.intensity.width(), frame.intensity.height());
                    CHECK(frame.intensity.at(x, y) ==
                          stored.intensity.at(static_cast<int>(p.x), static_cast<int>(p.y)));
                }
            }
        }
    }
    // Blocks cut or spoilt anywhere are none.
    const std::string whole = with_exif(false, 6);
    for (std::size_t i = 2; i < 40; ++i) {
        std::string bad = whole;
        bad[i] = static_cast<char>(bad[i] ^ 0x7f);
        save(path, bad);
        (void)error_of(path);
    }
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
