// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/evaluate/surface_distance.hpp>

#include <catch2/catch.hpp>

#include <cmath>

using namespace guide;
using guide::evaluate::surface_distance;

TEST_CASE("surface distance: a parallel line is its offset away, both ways") {
    const auto d = surface_distance({{{0, 0.3}, {20, 0.3}}}, {{{0, 0}, {20, 0}}});
    CHECK(d.mean_mm == Approx(0.3));
    CHECK(d.back_mean_mm == Approx(0.3));
    CHECK(d.rms_mm == Approx(0.3));
    CHECK(d.hausdorff95_mm == Approx(0.3));
    CHECK(d.f1 == 1);
}

TEST_CASE("surface distance: half a surface has full precision and half the recall") {
    const auto d = surface_distance({{{0, 0}, {10, 0}}}, {{{0, 0}, {20, 0}}});
    CHECK(d.precision == 1);
    CHECK(d.recall == Approx(10.5 / 20).margin(0.01));
    CHECK(d.back_mean_mm == Approx(0).margin(1e-12));
}

TEST_CASE(
    "surface distance: scattered false surface lowers precision although the mean to it stays "
    "small") {
    const auto d = surface_distance({{{0, 0}, {20, 0}}, {{0, 8}, {20, 8}}}, {{{0, 0}, {20, 0}}});
    CHECK(d.mean_mm == Approx(0).margin(1e-12));
    CHECK(d.precision == Approx(0.5));
    CHECK(d.hausdorff95_mm == Approx(8));
}

TEST_CASE("surface distance: nothing found is infinitely far, no truth is a wrong call") {
    const auto d = surface_distance({}, {{{0, 0}, {1, 0}}});
    CHECK(std::isinf(d.mean_mm));
    CHECK(d.f1 == 0);
    CHECK_THROWS_AS(surface_distance({}, {}), PreconditionError);
}
