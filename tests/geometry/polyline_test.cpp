// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/geometry/polyline.hpp>

#include <catch2/catch.hpp>

#include <cmath>

using namespace guide;

TEST_CASE("polyline: length and distance") {
    const PixelPolyline line{{0, 0}, {3, 4}, {3, 10}};
    CHECK(polyline_length(line) == Approx(11));
    CHECK(distance_to_polyline(PixelPoint{6, 7}, line) == Approx(3));
    CHECK(std::isinf(distance_to_polyline(PixelPoint{0, 0}, PixelPolyline{})));
    CHECK(distance_to_polyline(PixelPoint{3, 4}, PixelPolyline{{0, 0}}) == Approx(5));
}

TEST_CASE("polyline: densify keeps the ends and the length, and steps no farther than asked") {
    const MmPolyline line{{0, 0}, {10, 0}, {10, 0.3}};
    const auto dense = densify(line, 0.7);
    CHECK(dense.front() == line.front());
    CHECK(dense.back() == line.back());
    CHECK(polyline_length(dense) == Approx(polyline_length(line)));
    for (std::size_t i = 1; i < dense.size(); ++i)
        CHECK(distance(dense[i - 1], dense[i]) <= 0.7 + 1e-12);
    CHECK_THROWS_AS(densify(line, 0), PreconditionError);
}

TEST_CASE("polyline: pixels become millimetres and back") {
    const Spacing spacing{0.1, 0.2};
    CHECK(to_mm(PixelPolyline{{10, 10}}, spacing).front() == MmPoint{1, 2});
    CHECK(to_px(to_mm(PixelPoint{7, 9}, spacing), spacing).x == Approx(7));
}
