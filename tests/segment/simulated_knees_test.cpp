// SPDX-License-Identifier: Apache-2.0
// Knees whose anatomy is known exactly; some are failures of earlier versions. The long form of
// this is guide_simulated_knees.
#include "support/simulated_knee.hpp"

#include <guide/segment/segment.hpp>

#include <catch2/catch.hpp>

using namespace guide;

namespace {

test::Agreement seen(std::uint64_t seed, View view) {
    const test::SimulatedKnee knee = test::simulated_knee(seed, view);
    const Anatomy found = segment::find_anatomy(knee.frame, {view});
    REQUIRE(knee.truth.joint_space);
    REQUIRE(found.joint_space);
    REQUIRE_FALSE(found.bones.empty());
    return test::agreement(knee, found);
}

}  // namespace

TEST_CASE("simulated knees: shadows of femur and patella together are no ground of a screen") {
    // Refused before as "the black ground of the screen".
    const std::uint64_t seed = GENERATE(4, 7, 8);
    CHECK(seen(seed, View::suprapatellar_long).dice > 0.6);
}

TEST_CASE("simulated knees: an effusion is found across the thigh") {
    const std::uint64_t seed = GENERATE(7, 8, 12);
    CHECK(seen(seed, View::suprapatellar_transverse).dice > 0.6);
}

TEST_CASE("simulated knees: a large effusion is taken up to its walls") {
    CHECK(seen(13, View::suprapatellar_transverse).dice > 0.8);
}

TEST_CASE("simulated knees: a large effusion above a shadowed femur") {
    CHECK(seen(5, View::suprapatellar_long).target_inside);
}

TEST_CASE("simulated knees: a slit of less than two millimetres is followed along the femur") {
    // No answer or half of it beside the slit before.
    CHECK(seen(8037, View::suprapatellar_long).dice > 0.6);
    CHECK(seen(8046, View::suprapatellar_long).dice > 0.6);
}

TEST_CASE("simulated knees: the surface of bone lies within half a millimetre") {
    CHECK(seen(12, View::suprapatellar_long).bone_mm < 0.5);
}

TEST_CASE("simulated knees: the vessels behind the knee are no cyst") {
    const test::SimulatedKnee knee = test::simulated_knee(198, View::posterior);
    REQUIRE_FALSE(knee.truth.joint_space);
    CHECK_FALSE(segment::find_anatomy(knee.frame, {View::posterior}).joint_space);
}

TEST_CASE("simulated knees: a cyst that fills the picture") {
    CHECK(seen(18, View::posterior).target_inside);
}

// What the segmentation does not yet see, of 200 knees a view (docs/simulate.md): these fail, and
// the day they no longer do the tests say so.

TEST_CASE("simulated knees: a large effusion across the thigh", "[!shouldfail]") {
    CHECK(seen(5, View::suprapatellar_transverse).target_inside);
}

TEST_CASE("simulated knees: the medial joint line, not fluid beside it", "[!shouldfail]") {
    CHECK(seen(9, View::medial).target_inside);
}
