// SPDX-License-Identifier: Apache-2.0
#include "outline.hpp"

#include <catch2/catch.hpp>

#include <numbers>

using namespace guide;

namespace {

std::vector<PixelPolygon> outlines(int width, int height,
                                   const std::function<bool(PixelPoint)>& holds) {
    Image<std::uint8_t> inside(width, height);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x)
            inside.view().at(x, y) = holds({static_cast<double>(x), static_cast<double>(y)});
    }
    return simulate::outlines_of(inside.view(), holds);
}

}  // namespace

TEST_CASE("outline: that of a disc has its radius and area") {
    const PixelPoint middle{30.3, 28.7};
    const auto found = outlines(
        64, 60, [&](PixelPoint p) { return std::hypot(p.x - middle.x, p.y - middle.y) < 20.4; });
    REQUIRE(found.size() == 1);
    for (const PixelPoint p : found[0])
        CHECK(std::hypot(p.x - middle.x, p.y - middle.y) == Approx(20.4).margin(0.005));
    CHECK(polygon_area(found[0]) == Approx(std::numbers::pi * 20.4 * 20.4).epsilon(2e-3));
}

TEST_CASE("outline: parts come apart, the largest first, holes left out") {
    const auto found = outlines(60, 30, [](PixelPoint p) {
        const double ring = std::hypot(p.x - 42, p.y - 14);
        return std::hypot(p.x - 10, p.y - 12) < 6 || (ring < 12 && ring > 5);
    });
    REQUIRE(found.size() == 2);
    CHECK(polygon_area(found[0]) == Approx(std::numbers::pi * 144).epsilon(0.01));
    CHECK(polygon_area(found[1]) == Approx(std::numbers::pi * 36).epsilon(0.01));
}

TEST_CASE("outline: what fills the picture is closed half a pixel outside") {
    const auto found = outlines(5, 4, [](PixelPoint) { return true; });
    REQUIRE(found.size() == 1);
    for (const PixelPoint p : found[0])
        CHECK((p.x == -0.5 || p.x == 4.5 || p.y == -0.5 || p.y == 3.5));
}

TEST_CASE("outline: pixels that touch at a corner stay apart, nothing has none") {
    CHECK(outlines(4, 4, [](PixelPoint p) {
              const int x = static_cast<int>(std::lround(p.x)),
                        y = static_cast<int>(std::lround(p.y));
              return (x == 1 && y == 1) || (x == 2 && y == 2);
          }).size() == 2);
    CHECK(outlines(4, 4, [](PixelPoint) { return false; }).empty());
}
