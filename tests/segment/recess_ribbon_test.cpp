// SPDX-License-Identifier: Apache-2.0
#include "recess_ribbon.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <functional>
#include <numbers>

namespace {

using namespace guide;
using namespace guide::segment;

constexpr double kStep = 0.2;  // mm
constexpr int kWide = 200, kDeep = 160, kBone = 130;

/// Even grey tissue over a femur at row kBone, black where `dark` says so.
TissueGrid tissue(const std::function<bool(int x, int y)>& dark) {
    TissueGrid grid;
    grid.echo = cv::Mat1f(kDeep, kWide, 1.0F);
    grid.shadow = cv::Mat1b(kDeep, kWide, std::uint8_t{0});
    grid.ground = grid.shadow.clone();
    grid.step_mm = kStep;
    grid.calibrated = true;
    grid.box = {0, 0, kWide, kDeep};
    for (int y = 0; y < kDeep; ++y) {
        for (int x = 0; x < kWide; ++x)
            if (dark(x, y)) grid.echo(y, x) = 0.2F;
    }
    return grid;
}

cv::Mat1b below(int row) {
    cv::Mat1b beyond(kDeep, kWide, std::uint8_t{0});
    if (row < kDeep) beyond.rowRange(row, kDeep).setTo(255);
    return beyond;
}

/// What the model says of the picture: the same everywhere.
cv::Mat1f even() {
    return cv::Mat1f(kDeep, kWide, 0.12F);
}

/// The middle of a slit that runs in a wave, cells.
double wave(int x) {
    return 90 + 8 * std::sin(2 * std::numbers::pi * x / 150);
}

}  // namespace

TEST_CASE("recess_ribbon: a slit of one millimetre is followed along its wave") {
    const auto slit = [](int x, int y) {
        return x >= 30 && x < 170 && std::abs(y + 0.5 - wave(x)) < 2.5;
    };
    const auto found = recess_ribbon(tissue(slit), even(), below(kBone));
    REQUIRE(found);
    int common = 0, drawn = 0, all = 0;
    for (int y = 0; y < kDeep; ++y) {
        for (int x = 0; x < kWide; ++x) {
            const bool mine = found->region.mask(y, x) != 0, truth = slit(x, y);
            common += mine && truth ? 1 : 0;
            drawn += mine ? 1 : 0;
            all += truth ? 1 : 0;
        }
    }
    CHECK(2.0 * common / (drawn + all) > 0.75);
    CHECK(found->region.thickness_mm == Approx(1.0).margin(0.5));
    CHECK(slit(found->region.target.x, found->region.target.y));
    CHECK(found->unevenness < 0.3);
    CHECK(found->gain > 0);
    CHECK(found->region.evidence.ribbon_mm == Approx(1.2).margin(0.4));
}

TEST_CASE("recess_ribbon: even tissue has none") {
    const auto nothing = [](int, int) { return false; };
    CHECK_FALSE(recess_ribbon(tissue(nothing), even(), below(kBone)));
}

TEST_CASE("recess_ribbon: without a femur there is none") {
    const auto slit = [](int, int y) { return y >= 88 && y < 93; };
    CHECK_FALSE(recess_ribbon(tissue(slit), even(), below(kDeep)));
}

TEST_CASE("recess_ribbon: cartilage on the bone and layers far above it are not taken") {
    for (const int row : {kBone - 8, kBone - 100}) {
        const auto slit = [&](int, int y) { return y >= row && y < row + 5; };
        CHECK_FALSE(recess_ribbon(tissue(slit), even(), below(kBone)));
    }
}

TEST_CASE("recess_ribbon: a step of brightness with one wall alone gains little") {
    const auto layer = [](int, int y) { return y >= 80; };
    const auto slit = [](int, int y) { return y >= 80 && y < 85; };
    const auto one = recess_ribbon(tissue(layer), even(), below(kBone));
    const auto two = recess_ribbon(tissue(slit), even(), below(kBone));
    REQUIRE(two);
    CHECK((one ? one->gain : 0) < 0.6 * two->gain);
}

TEST_CASE("recess_ribbon: shadow breaks it off") {
    const auto slit = [](int, int y) { return y >= 88 && y < 93; };
    TissueGrid grid = tissue(slit);
    grid.shadow.colRange(120, kWide).setTo(255);
    const auto found = recess_ribbon(grid, even(), below(kBone));
    REQUIRE(found);
    CHECK(cv::countNonZero(found->region.mask.colRange(124, kWide)) == 0);
}

TEST_CASE("recess_ribbon: a picture hardly deeper than the skin has none") {
    const auto slit = [](int, int y) { return y >= 8 && y < 12; };
    CHECK_FALSE(recess_ribbon(tissue(slit), even(), below(20)));
    CHECK_FALSE(recess_ribbon(tissue(slit), even(), below(0)));
}
