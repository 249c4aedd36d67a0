// SPDX-License-Identifier: Apache-2.0
// The program itself, driven by recorded events on a display of its own.
#include "viewer_program.hpp"

#include <guide/core/image.hpp>
#include <guide/io/frame_source.hpp>
#include <guide/io/write.hpp>

#include <catch2/catch.hpp>
#include <guide_test/data.hpp>

#include <chrono>
#include <cmath>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>

namespace {

using namespace guide;

using test::play;

std::string content(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

/// A clip as a folder of pictures, each a little beside the last.
void make_clip(const std::filesystem::path& folder, int frames) {
    const Frame whole = io::open(test::samples() / "suprapatellar_long.png")->read(0);
    std::filesystem::create_directories(folder);
    for (int i = 0; i < frames; ++i) {
        const std::string name = "frame_" + std::to_string(10 + i) + ".png";
        io::write_png(folder / name, whole.colour.view().cropped(88 + i, 36, 480, 400));
    }
}

TEST_CASE("viewer: a path dragged into bone is refused by name, and all is exported") {
    GUIDE_REQUIRE_DISPLAY_SERVER();
    const test::TemporaryFolder folder;
    const auto result = play(folder.path(), "plan.json");
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    const Frame picture = io::open(folder.path() / "picture.png")->read(0);
    CHECK(picture.intensity.width() > 600);
    const std::string plan = content(folder.path() / "plan.json");
    CHECK(plan.find("\"guide.plan/1\"") != std::string::npos);
    CHECK(plan.find("not a medical device") != std::string::npos);
    CHECK(content(folder.path() / "path.mrk.json").find("markups") != std::string::npos);
    CHECK(content(folder.path() / "report.pdf").starts_with("%PDF"));
    CHECK(content(folder.path() / "report.html").find("<html") != std::string::npos);
}

TEST_CASE("viewer: VTK draws the same window, where it is asked to") {
    GUIDE_REQUIRE_DISPLAY_SERVER();
    Image<float> shown[2];
    for (const int i : {0, 1}) {
        const test::TemporaryFolder folder;
        const auto result =
            play(folder.path(), "window.json", {}, {"--drawing", i == 0 ? "processor" : "vtk"});
        INFO(result.err);
        REQUIRE(result.exit_code == 0);
        shown[i] = io::open(folder.path() / "window.png")->read(0).intensity;
    }
    REQUIRE(shown[0].width() == shown[1].width());
    REQUIRE(shown[0].height() == shown[1].height());
    double difference = 0;
    for (int y = 0; y < shown[0].height(); ++y) {
        for (int x = 0; x < shown[0].width(); ++x)
            difference += std::abs(shown[0].view().at(x, y) - shown[1].view().at(x, y));
    }
    CHECK(difference / shown[0].width() / shown[0].height() < 0.5);  // grey levels
}

TEST_CASE("viewer: the same is done by the keyboard alone") {
    GUIDE_REQUIRE_DISPLAY_SERVER();
    const test::TemporaryFolder folder;
    const auto result = play(folder.path(), "keyboard.json");
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    CHECK(content(folder.path() / "plan.json").find("\"guide.plan/1\"") != std::string::npos);
}

TEST_CASE("viewer: a picture without scale is asked about, by depth or by a known length") {
    GUIDE_REQUIRE_DISPLAY_SERVER();
    const test::TemporaryFolder folder;
    // The ultrasound picture of the sample frame without the scanner's screen about it.
    const Frame whole = io::open(test::samples() / "suprapatellar_long.png")->read(0);
    io::write_png(folder.path() / "bare.png", whole.colour.view().cropped(88, 36, 480, 400));
    const auto result = play(folder.path(), "scale.json");
    INFO(result.err);
    CHECK(result.exit_code == 0);
}

TEST_CASE("viewer: what cannot be read is said, and what was open stays open") {
    GUIDE_REQUIRE_DISPLAY_SERVER();
    const test::TemporaryFolder folder;
    std::ofstream(folder.path() / "words.png") << "These are words.\n";
    std::ofstream(folder.path() / "empty.dcm");
    const auto result = play(folder.path(), "unreadable.json");
    INFO(result.err);
    CHECK(result.exit_code == 0);
}

TEST_CASE("viewer: a clip is stepped through and played") {
    GUIDE_REQUIRE_DISPLAY_SERVER();
    const test::TemporaryFolder folder;
    const auto result = play(folder.path(), "clip.json");
    INFO(result.err);
    CHECK(result.exit_code == 0);
}

TEST_CASE("viewer: a clip whose medium is taken out stops playing, says so, and the frame stays") {
    GUIDE_REQUIRE_DISPLAY_SERVER();
    const test::TemporaryFolder folder;
    make_clip(folder.path() / "clip", 12);
    const auto result = play(folder.path(), "removed.json");
    INFO(result.err);
    CHECK(result.exit_code == 0);
}

TEST_CASE("viewer: the views of a biplane pair stand side by side and go on together") {
    GUIDE_REQUIRE_DISPLAY_SERVER();
    const test::TemporaryFolder folder;
    make_clip(folder.path() / "clip", 4);
    make_clip(folder.path() / "clip" / "second", 4);
    const auto result = play(folder.path(), "pair.json");
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    CHECK(content(folder.path() / "first.png") != content(folder.path() / "last.png"));
}

TEST_CASE("viewer: a length is known along any line, where pixels are not square, too") {
    GUIDE_REQUIRE_DISPLAY_SERVER();
    const test::TemporaryFolder folder;
    // Twice as high as wide.
    const Frame whole = io::open(test::samples() / "suprapatellar_long.png")->read(0);
    std::ofstream file(folder.path() / "flat.mha", std::ios::binary);
    file << "ObjectType = Image\nNDims = 3\nDimSize = 480 200 1\nElementSpacing = 0.08 0.16 1\n"
            "ElementType = MET_UCHAR\nElementDataFile = LOCAL\n";
    for (int y = 0; y < 200; ++y) {
        for (int x = 0; x < 480; ++x)
            file.put(static_cast<char>(whole.intensity.view().at(88 + x, 36 + 2 * y)));
    }
    file.close();
    const auto result = play(folder.path(), "known_length.json");
    INFO(result.err);
    CHECK(result.exit_code == 0);
}

TEST_CASE("viewer: what was open when the program was killed is gone on with") {
    GUIDE_REQUIRE_DISPLAY_SERVER();
    const test::TemporaryFolder folder;
    {
        test::Playing program(folder.path(), "work_begin.json");
        REQUIRE(program.waits_for(folder.path() / "here.png"));
        const std::filesystem::path kept = folder.path() / "training" / "unfinished.json";
        using namespace std::chrono_literals;
        for (int i = 0; i < 200 && content(kept).find("drawn") == std::string::npos; ++i)
            std::this_thread::sleep_for(50ms);
        program.kill();
        CHECK(program.exit_code() == 128 + SIGKILL);
    }
    const auto after = play(folder.path(), "work_go_on.json");
    INFO(after.err);
    REQUIRE(after.exit_code == 0);
    // It was closed as it should be then.
    const auto closed = play(folder.path(), "work_closed.json");
    INFO(closed.err);
    CHECK(closed.exit_code == 0);
}

TEST_CASE("viewer: a script that fails names its step, and the program says so") {
    GUIDE_REQUIRE_DISPLAY_SERVER();
    const test::TemporaryFolder folder;
    std::ofstream(folder.path() / "bad.json") << R"({"steps": [{"do": "dance"}]})";
    std::ofstream(folder.path() / "none.json") << "{}";
    const auto bad = play(folder.path(), (folder.path() / "bad.json").string());
    CHECK(bad.exit_code == 1);
    CHECK(bad.err.find("step 1") != std::string::npos);
    CHECK(play(folder.path(), (folder.path() / "none.json").string()).exit_code == 1);
}

}  // namespace
