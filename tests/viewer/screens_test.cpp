// SPDX-License-Identifier: Apache-2.0
// Every screen: that its words are whole, in every theme and at both sizes, and how it looks.
#include "viewer_program.hpp"

#include <guide/io/frame_source.hpp>
#include <guide/io/write.hpp>

#include <catch2/catch.hpp>
#include <guide_test/data.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace {

using namespace guide;
using test::play;
namespace fs = std::filesystem;

// Each step `screen` of the scripts goes through all themes.
void check_screens(const std::string& script, const std::string& scale) {
    const test::TemporaryFolder folder;
    const auto result = play(folder.path(), script, {"QT_SCALE_FACTOR=" + scale});
    INFO(result.err);
    CHECK(result.exit_code == 0);
}

TEST_CASE("screens: while planning no word is cut off in any theme at 1280x720") {
    GUIDE_REQUIRE_DISPLAY_SERVER();
    check_screens("screens_plan.json", "1");
}

TEST_CASE("screens: while planning no word is cut off in any theme at 2560x1440 with scale 2") {
    GUIDE_REQUIRE_DISPLAY_SERVER();
    check_screens("screens_plan.json", "2");
}

TEST_CASE("screens: in lessons no word is cut off in any theme at 1280x720") {
    GUIDE_REQUIRE_DISPLAY_SERVER();
    check_screens("screens_train.json", "1");
}

TEST_CASE("screens: in lessons no word is cut off in any theme at 2560x1440 with scale 2") {
    GUIDE_REQUIRE_DISPLAY_SERVER();
    check_screens("screens_train.json", "2");
}

// The mean of squares of `by` x `by` pixels, in 32 steps a channel: small files, and no edge of a
// letter counts.
Image<Rgb8> reduced(const Frame& frame, int by) {
    const auto from = frame.colour.view();
    Image<Rgb8> small(from.width / by, from.height / by);
    for (int y = 0; y < small.height(); ++y) {
        for (int x = 0; x < small.width(); ++x) {
            int sum[3]{};
            for (int i = 0; i < by * by; ++i) {
                const Rgb8 c = from.at(x * by + i % by, y * by + i / by);
                sum[0] += c.r, sum[1] += c.g, sum[2] += c.b;
            }
            const auto step = [&](int total) {
                return static_cast<std::uint8_t>(total / (by * by) / 8 * 8 + 4);
            };
            small.at(x, y) = {step(sum[0]), step(sum[1]), step(sum[2])};
        }
    }
    return small;
}

struct Difference {
    double mean = 255;  ///< grey levels of the channel that differs most
    double share = 1;   ///< of the pixels, by more than 40
};

Difference between(const Image<Rgb8>& a, ImageView<const Rgb8> b) {
    if (a.width() != b.width || a.height() != b.height) return {};
    double sum = 0, many = 0;
    for (int y = 0; y < b.height; ++y) {
        for (int x = 0; x < b.width; ++x) {
            const Rgb8 p = a.at(x, y), q = b.at(x, y);
            const int worst =
                std::max({std::abs(p.r - q.r), std::abs(p.g - q.g), std::abs(p.b - q.b)});
            sum += worst;
            many += worst > 40 ? 1 : 0;
        }
    }
    const double n = static_cast<double>(a.size());
    return {sum / n, many / n};
}

// What guide::render draws has fonts of its own and is compared closely. Of a whole window, whose
// words are drawn by whatever fonts a machine has, the parts are: squares of 16 pixels, each nearer
// to its own baseline than to that of any other window, by far. GUIDE_UPDATE_BASELINES writes them
// anew.
TEST_CASE("screens: frames and windows look as they did") {
    GUIDE_REQUIRE_DISPLAY_SERVER();
    const test::TemporaryFolder folder;
    const auto result = play(folder.path(), "pictures.json");
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    const fs::path baselines = test::baselines() / "viewer";
    const bool update = std::getenv("GUIDE_UPDATE_BASELINES") != nullptr;
    const auto shown = [&](const std::string& name, int by) {
        return reduced(io::open(folder.path() / (name + ".png"))->read(0), by);
    };
    const auto wanted = [&](const std::string& name) {
        return io::open(baselines / (name + ".png"))->read(0);
    };
    const std::vector<std::string> frames{"plan_frame", "refused_frame", "lesson_frame",
                                          "result_frame"};
    const std::vector<std::string> windows{"start",   "plan",   "refused",
                                           "lessons", "lesson", "result"};
    if (update) {
        fs::create_directories(baselines);
        for (const std::string& name : frames)
            io::write_png(baselines / (name + ".png"), shown(name, 2).view());
        for (const std::string& name : windows)
            io::write_png(baselines / (name + ".png"), shown(name, 16).view());
    }
    for (const std::string& name : frames) {
        const Frame baseline = wanted(name);
        const Difference d = between(shown(name, 2), baseline.colour.view());
        INFO(name << ": mean " << d.mean << ", share " << d.share);
        CHECK(d.mean < 2);
        CHECK(d.share < 0.004);
    }
    for (const std::string& name : windows) {
        const Image<Rgb8> window = shown(name, 16);
        const Frame own = wanted(name);
        const double mine = between(window, own.colour.view()).mean;
        CHECK(mine < 8);
        for (const std::string& other : windows) {
            if (other == name) continue;
            const Frame baseline = wanted(other);
            INFO(name << " " << mine << ", against " << other);
            CHECK(between(window, baseline.colour.view()).mean > 2 * mine);
        }
    }
}

}  // namespace
