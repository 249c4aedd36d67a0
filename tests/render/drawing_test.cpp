// SPDX-License-Identifier: Apache-2.0
#include "drawing.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>

namespace {

using namespace guide::render;

constexpr Colour kWhite{255, 255, 255};

double area(const Drawing& drawing) {
    double sum = 0;
    const auto& v = drawing.vertices();
    const auto& t = drawing.triangles();
    for (std::size_t i = 0; i < t.size(); i += 3) {
        const auto &a = v[t[i]], &b = v[t[i + 1]], &c = v[t[i + 2]];
        sum += std::abs((b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y)) / 2;
    }
    return sum;
}

TEST_CASE("drawing: a fill covers the area of its outline") {
    Drawing drawing;
    drawing.fill({{{10, 10}, {110, 10}, {110, 60}, {10, 60}}}, {0, 0, 200, 200}, kWhite);
    CHECK(area(drawing) == Approx(100 * 50).margin(101));
}

TEST_CASE("drawing: a hole in a fill stays open") {
    Drawing drawing;
    drawing.fill(
        {{{0, 0}, {100, 0}, {100, 100}, {0, 100}}, {{25, 25}, {75, 25}, {75, 75}, {25, 75}}},
        {0, 0, 200, 200}, kWhite);
    CHECK(area(drawing) == Approx(10000 - 2500).margin(200));
}

TEST_CASE("drawing: a fill stays within its bounds") {
    Drawing drawing;
    drawing.fill({{{-1e6, -1e6}, {1e6, -1e6}, {1e6, 1e6}, {-1e6, 1e6}}}, {0, 0, 20, 10}, kWhite);
    CHECK(area(drawing) == Approx(200));
}

TEST_CASE("drawing: lines are cut off at the clip") {
    Drawing drawing;
    drawing.set_clip({0, 0, 100, 100});
    drawing.line({{-500, 50}, {500, 50}}, 2, kWhite);
    drawing.line({{-500, -50}, {500, -50}}, 2, kWhite);
    drawing.dashed_line({{50, -500}, {50, 500}}, 2, 10, 5, kWhite);
    REQUIRE_FALSE(drawing.vertices().empty());
    for (const auto& v : drawing.vertices()) {
        CHECK(v.x >= -2);
        CHECK(v.x <= 102);
        CHECK(v.y >= -2);
        CHECK(v.y <= 102);
    }
}

TEST_CASE("drawing: a dashed line has the share of ink of its dashes") {
    Drawing dashed, solid;
    dashed.dashed_line({{0, 0}, {400, 0}, {400, 400}}, 3, 6, 2, kWhite);
    solid.line({{0, 0}, {400, 0}, {400, 400}}, 3, kWhite);
    CHECK(area(dashed) / area(solid) == Approx(0.75).margin(0.02));
}

TEST_CASE("drawing: degenerate shapes draw nothing and break nothing") {
    Drawing drawing;
    const double nan = std::numeric_limits<double>::quiet_NaN();
    drawing.line({}, 2, kWhite);
    drawing.line({{1, 1}}, 2, kWhite);
    drawing.line({{1, 1}, {1, 1}}, 2, kWhite);
    drawing.closed_line({}, 2, kWhite);
    drawing.convex({{1, 1}, {1, 1}, {1, 1}}, kWhite);
    drawing.fill({{}, {{nan, nan}, {1, nan}}}, {0, 0, 9, 9}, kWhite);
    drawing.line({{nan, nan}, {nan, 3}}, 2, kWhite);
    drawing.dashed_line({{0, 0}, {nan, 3}}, 2, 4, 4, kWhite);
    CHECK(drawing.triangles().empty());
}

TEST_CASE("drawing: sharp corners do not shoot out") {
    Drawing drawing;
    drawing.line({{0, 0}, {100, 0}, {0, 1}}, 4, kWhite);
    for (const auto& v : drawing.vertices())
        CHECK(v.x < 110);
}

}  // namespace
