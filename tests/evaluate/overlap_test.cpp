// SPDX-License-Identifier: Apache-2.0
#include <guide/evaluate/overlap.hpp>

#include <catch2/catch.hpp>

using namespace guide;
using guide::evaluate::overlap;

namespace {

Image<std::uint8_t> box(int x0, int x1) {
    Image<std::uint8_t> mask(20, 10);
    for (int y = 2; y < 6; ++y) {
        for (int x = x0; x < x1; ++x)
            mask.at(x, y) = 255;
    }
    return mask;
}

}  // namespace

TEST_CASE("overlap: half shifted boxes have Dice 1/2 and IoU 1/3") {
    const auto a = box(0, 10), b = box(5, 15);
    const auto o = overlap(a.view(), b.view());
    CHECK(o.dice == Approx(0.5));
    CHECK(o.iou == Approx(1.0 / 3));
    CHECK(o.common_px == 20);
}

TEST_CASE("overlap: equal masks agree wholly, disjoint ones not at all, two empty ones agree") {
    const auto a = box(0, 5), b = box(10, 15), none = box(0, 0);
    CHECK(overlap(a.view(), a.view()).dice == 1);
    CHECK(overlap(a.view(), b.view()).dice == 0);
    CHECK(overlap(a.view(), none.view()).iou == 0);
    CHECK(overlap(none.view(), none.view()).dice == 1);
}

TEST_CASE("overlap: masks of different size are refused") {
    const Image<std::uint8_t> small(3, 3);
    CHECK_THROWS_AS(overlap(small.view(), box(0, 1).view()), PreconditionError);
}
