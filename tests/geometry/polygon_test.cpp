// SPDX-License-Identifier: Apache-2.0
#include <guide/geometry/polygon.hpp>

#include <catch2/catch.hpp>

using namespace guide;

namespace {

const PixelPolygon kL{{0, 0}, {10, 0}, {10, 4}, {4, 4}, {4, 10}, {0, 10}};

}  // namespace

TEST_CASE("polygon: area does not depend on the direction of travel") {
    CHECK(polygon_area(kL) == Approx(64));
    CHECK(polygon_area(PixelPolygon(kL.rbegin(), kL.rend())) == Approx(64));
    CHECK(polygon_area(PixelPolygon{}) == 0);
}

TEST_CASE("polygon: inside and outside of a concave outline") {
    CHECK(polygon_contains(kL, {2, 8}));
    CHECK(polygon_contains(kL, {8, 2}));
    CHECK_FALSE(polygon_contains(kL, {8, 8}));
    CHECK_FALSE(polygon_contains(PixelPolygon{}, {0, 0}));
}

TEST_CASE("polygon: distance to the outline") {
    CHECK(distance_to_outline(kL, {2, 5}) == Approx(2));
    CHECK(distance_to_outline(kL, {7, 7}) == Approx(3));
}

TEST_CASE("polygon: filling agrees with the inside test at every pixel") {
    const PixelPolygon odd{{1.3, 0.7}, {17.2, 3.1}, {9.9, 15.6}, {6.1, 6.4}};
    Image<std::uint8_t> mask(20, 18);
    fill_polygons({odd}, mask.view());
    for (int y = 0; y < 18; ++y) {
        for (int x = 0; x < 20; ++x) {
            CHECK((mask.at(x, y) == 255) == polygon_contains(odd, {double(x), double(y)}));
        }
    }
}

TEST_CASE("polygon: an outline that sticks out of the mask is clipped") {
    Image<std::uint8_t> mask(4, 4);
    fill_polygons({PixelPolygon{{-5, -5}, {50, -5}, {50, 50}, {-5, 50}}}, mask.view(), 1);
    for (std::size_t i = 0; i < mask.size(); ++i)
        CHECK(mask.data()[i] == 1);
}
