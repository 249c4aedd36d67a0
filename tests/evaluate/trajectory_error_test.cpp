// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/evaluate/trajectory_error.hpp>

#include <catch2/catch.hpp>

using namespace guide;
using guide::evaluate::trajectory_error;

TEST_CASE("trajectory error: parts along and across the true needle") {
    const auto e = trajectory_error({0, 1}, {12, 1}, {0, 0}, {10, 0});
    CHECK(e.tip_mm == Approx(std::hypot(2, 1)));
    CHECK(e.along_mm == Approx(2));
    CHECK(e.across_mm == Approx(1));
    CHECK(e.angle_deg == Approx(0).margin(1e-9));
}

TEST_CASE("trajectory error: a needle turned about its tip has the angle alone") {
    const auto e = trajectory_error({10, -10}, {10, 0}, {0, 0}, {10, 0});
    CHECK(e.tip_mm == 0);
    CHECK(e.angle_deg == Approx(90));
    CHECK(trajectory_error({20, 0}, {10, 0}, {0, 0}, {10, 0}).angle_deg == Approx(180));
    CHECK_THROWS_AS(trajectory_error({0, 0}, {0, 0}, {0, 0}, {1, 0}), PreconditionError);
}
