// SPDX-License-Identifier: Apache-2.0
#include "dicom_builder.hpp"
#include "files.hpp"

#include <guide/io/write.hpp>

#include <catch2/catch.hpp>
#include <guide_test/data.hpp>

namespace fs = std::filesystem;
using namespace guide;
using namespace guide::test;

namespace {

void put(const fs::path& path, int grey) {
    io::write_mask_png(path, Image<std::uint8_t>(2, 2, static_cast<std::uint8_t>(grey)).view());
}

}  // namespace

TEST_CASE("folder: frames come in name order, digits as numbers") {
    const TemporaryFolder folder;
    const std::vector<std::string> order = {"a.png",    "f2.png",   "f9.png", "f10.png",
                                            "f010.png", "f100.png", "g.png"};
    for (std::size_t i = order.size(); i-- > 0;)
        put(folder.path() / order[i], static_cast<int>(i));
    save(folder.path() / "notes.txt", "not a picture");
    save(folder.path() / ".hidden.png", "x");
    save(folder.path() / "empty", "");
    fs::create_directory(folder.path() / "sub");
    const auto source = io::open(folder.path());
    CHECK(source->info().format == "folder");
    REQUIRE(source->info().frame_count == static_cast<int>(order.size()));
    CHECK(has_note(source->info().notes, "files-left-out"));
    for (const int i : {0, 3, 1, 2, 6, 5}) {
        INFO(i);
        if (order[static_cast<std::size_t>(i)].find("10.png") == std::string::npos) {
            CHECK(source->file_of(i).filename() == order[static_cast<std::size_t>(i)]);
            CHECK(source->read(i).intensity.at(1, 1) == static_cast<float>(i));
        }
    }
    CHECK_THROWS_AS((void)source->read(7), IoError);
}

TEST_CASE("folder: files of several frames give all of them") {
    const TemporaryFolder folder;
    Pixels p;
    p.width = p.height = 1;
    p.frames = 3;
    DicomBuilder(p).bytes({5, 6, 7}).save(folder.path() / "b.dcm");
    put(folder.path() / "a.png", 4);
    put(folder.path() / "c.png", 8);
    const auto source = io::open(folder.path());
    REQUIRE(source->info().frame_count == 5);
    for (int i = 0; i < 5; ++i)
        CHECK(source->read(i).intensity.at(0, 0) == static_cast<float>(4 + i));
    CHECK(source->file_of(2).filename() == "b.dcm");
    io::OpenOptions few;
    few.max_frames = 4;
    CHECK(error_of(folder.path(), few) == "too-large");
}

TEST_CASE("folder: without a picture it is one clear error") {
    const TemporaryFolder folder;
    std::string message;
    CHECK(error_of(folder.path(), {}, &message) == "no-frames");
    CHECK(message.find(folder.path().string()) != std::string::npos);
    save(folder.path() / "a.txt", "x");
    CHECK(error_of(folder.path()) == "no-frames");
}

TEST_CASE("folder: a damaged file is an error when its turn comes") {
    const TemporaryFolder folder;
    put(folder.path() / "a.png", 1);
    put(folder.path() / "b.png", 2);
    std::string cut = load(folder.path() / "b.png");
    cut.resize(40);
    save(folder.path() / "b.png", cut);
    const auto source = io::open(folder.path());
    CHECK_NOTHROW((void)source->read(0));
    CHECK_THROWS_AS((void)source->read(1), IoError);
    CHECK_NOTHROW((void)source->read(0));
}
