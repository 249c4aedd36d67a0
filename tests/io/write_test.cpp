// SPDX-License-Identifier: Apache-2.0
#include "files.hpp"

#include <guide/io/write.hpp>

#include <catch2/catch.hpp>
#include <guide_test/data.hpp>

#include <algorithm>
#include <iterator>

namespace fs = std::filesystem;
using namespace guide;
using namespace guide::test;

namespace {

std::size_t entries(const fs::path& folder) {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

Image<Rgb8> picture(int width, int height) {
    Image<Rgb8> image(width, height);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            image.at(x, y) = {static_cast<std::uint8_t>(x * 7), static_cast<std::uint8_t>(y * 5),
                              static_cast<std::uint8_t>(x + y)};
        }
    }
    return image;
}

}  // namespace

TEST_CASE("write: a PNG comes back as it was, from awkward sizes and sub-views") {
    const TemporaryFolder folder;
    for (const int size : {1, 2, 63, 64, 65}) {
        const auto image = picture(size, 65 - size / 2);
        io::write_png(folder.path() / "a.png", image.view());
        const Frame frame = io::open(folder.path() / "a.png")->read(0);
        CHECK(frame.intensity.width() == size);
        if (size > 1)
            CHECK(colours(frame) == std::vector<Rgb8>(image.data(), image.data() + image.size()));
    }
    const auto whole = picture(20, 20);
    const auto part = whole.view().cropped(3, 4, 7, 5);
    io::write_png(folder.path() / "b.png", part);
    const auto copy = copy_image(part);
    CHECK(colours(io::open(folder.path() / "b.png")->read(0)) ==
          std::vector<Rgb8>(copy.data(), copy.data() + copy.size()));
}

TEST_CASE("write: the same pixels are the same bytes") {
    const TemporaryFolder folder;
    io::write_png(folder.path() / "a.png", picture(30, 20).view());
    io::write_png(folder.path() / "b.png", picture(30, 20).view());
    CHECK(load(folder.path() / "a.png") == load(folder.path() / "b.png"));
    CHECK(io::encode_png(picture(30, 20).view()) == load(folder.path() / "a.png"));
}

TEST_CASE("write: a mask is a grey PNG of 0 and 255") {
    const TemporaryFolder folder;
    Image<std::uint8_t> mask(5, 2);
    mask.at(3, 1) = 255;
    io::write_mask_png(folder.path() / "m.png", mask.view());
    const auto source = io::open(folder.path() / "m.png");
    CHECK(source->info().channels == 1);
    CHECK(source->info().bits_stored == 8);
    CHECK(values(source->read(0)) == std::vector<float>{0, 0, 0, 0, 0, 0, 0, 0, 255, 0});
}

TEST_CASE("write: text replaces a file, keeps its permissions and leaves nothing beside it") {
    const TemporaryFolder folder;
    const fs::path path = folder.path() / "t.json";
    save(path, "a longer text that was there before");
    fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
    io::write_text(path, "new");
    CHECK(load(path) == "new");
    CHECK(fs::status(path).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
    CHECK(entries(folder.path()) == 1);
    io::write_text(path, "");
    CHECK(load(path).empty());
}

TEST_CASE("write: a link keeps pointing and its file is replaced") {
    const TemporaryFolder folder;
    save(folder.path() / "real", "old");
    fs::create_symlink("real", folder.path() / "link");
    io::write_text(folder.path() / "link", "new");
    CHECK(fs::is_symlink(folder.path() / "link"));
    CHECK(load(folder.path() / "real") == "new");
}

TEST_CASE("write: devices are written straight through") {
    CHECK_NOTHROW(io::write_text("/dev/null", "x"));
}

TEST_CASE("write: a path that cannot be written is one error with path and cause, and no file") {
    const TemporaryFolder folder;
    save(folder.path() / "file", "x");
    fs::create_directory(folder.path() / "dir");
    for (const fs::path& path :
         {folder.path() / "no" / "such" / "a.png", folder.path() / "file" / "a.png",
          folder.path() / "dir", fs::path("/proc/a.png"), fs::path("/dev/full")}) {
        INFO(path);
        try {
            io::write_text(path, "x");
            FAIL("no error");
        } catch (const IoError& error) {
            CHECK(error.code() == "cannot-write");
            CHECK(error.path() == path.string());
            CHECK(std::string(error.what()).find('\n') == std::string::npos);
        }
        CHECK_THROWS_AS(io::write_png(path, picture(3, 3).view()), IoError);
    }
    CHECK(entries(folder.path()) == 2);
    CHECK(entries(folder.path() / "dir") == 0);
    CHECK_THROWS_AS(io::write_png(folder.path() / "e.png", ImageView<const Rgb8>()),
                    PreconditionError);
}
