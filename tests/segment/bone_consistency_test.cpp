// SPDX-License-Identifier: Apache-2.0
#include "bone_consistency.hpp"

#include <catch2/catch.hpp>

using namespace guide;
using guide::segment::drop_bones_before_fluid;

namespace {

JointSpace recess() {
    JointSpace joint;
    joint.contours = {{{100, 50}, {200, 50}, {200, 80}, {100, 80}}};
    return joint;
}

std::vector<BoneSurface> after(PixelPolyline points) {
    std::vector<BoneSurface> bones{{BoneKind::bone, std::move(points), 0.6}};
    drop_bones_before_fluid(recess(), bones);
    return bones;
}

}  // namespace

TEST_CASE("bone_consistency: a bright line in front of fluid is no bone") {
    CHECK(after({{110, 40}, {190, 42}}).empty());
    CHECK(after({{60, 40}, {190, 40}}).empty());  // more than half of it
}

TEST_CASE("bone_consistency: bone below fluid, beside it, or mostly beside it stays") {
    CHECK(after({{100, 90}, {200, 90}}).size() == 1);
    CHECK(after({{210, 40}, {300, 40}}).size() == 1);
    CHECK(after({{180, 40}, {300, 40}}).size() == 1);
}
