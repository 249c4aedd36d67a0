// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/simulate/needle_drag.hpp>

#include <catch2/catch.hpp>

#include <cmath>

using namespace guide;
using namespace guide::simulate;
using Eigen::Vector3d;

namespace {

/// Fat, muscle from 10 mm on, bone from 30 mm on.
TissueSample layers(const Vector3d& p) {
    const Tissue tissue = p.y() < 10   ? Tissue::subcutaneous_fat
                          : p.y() < 30 ? Tissue::muscle
                                       : Tissue::femur;
    return {tissue, 1};
}

InsertedNeedle straight_down(double depth_mm) {
    InsertedNeedle needle;
    needle.tip = Vector3d(0, depth_mm, 0);
    needle.direction = Vector3d::UnitY();
    needle.inserted_mm = depth_mm;
    return needle;
}

/// Depth at which muscle begins, `x` mm beside the needle.
double muscle_from(const InsertedNeedle& needle, double drag_mm, double x) {
    double y = 5;
    while (dragged_tissue(layers, needle, drag_mm, {x, y, 0}).tissue != Tissue::muscle)
        y += 0.01;
    return y;
}

}  // namespace

TEST_CASE("needle drag: layers bend along the shaft and stay far from it") {
    const InsertedNeedle through = straight_down(20);
    CHECK(muscle_from(through, 1.5, 0) == Approx(11.5).margin(0.02));
    CHECK(muscle_from(through, 1.5, 3) == Approx(10 + 1.5 / std::exp(1.0)).margin(0.02));
    CHECK(muscle_from(through, 1.5, 12) == Approx(10).margin(0.02));
    CHECK(muscle_from(through, 0, 0) == Approx(10).margin(0.02));
}

TEST_CASE("needle drag: a wall is pushed before the tip comes to it") {
    const double before = muscle_from(straight_down(9), 2, 0);
    CHECK(before > 11);
    CHECK(before < 12);
    CHECK(muscle_from(straight_down(2), 2, 0) < 10.1);
}

TEST_CASE("needle drag: bone stays and a larger drag is refused") {
    const InsertedNeedle close = straight_down(29.5);
    for (double x = -3; x <= 3; x += 0.5) {
        CHECK(dragged_tissue(layers, close, 2, {x, 30.01, 0}).tissue == Tissue::femur);
        CHECK(dragged_tissue(layers, close, 2, {x, 29.99, 0}).tissue == Tissue::muscle);
    }
    CHECK_THROWS_AS(dragged_tissue(layers, close, 2.1, {0, 0, 0}), PreconditionError);
}
