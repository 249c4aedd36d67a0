// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/anatomy.hpp>
#include <guide/core/random.hpp>
#include <guide/plan/plan.hpp>

namespace guide::test {

/// A made-up knee and what is asked of the planner. The approach stands in options.own_approaches.
struct RandomScene {
    Anatomy anatomy;
    plan::PlanOptions options;
};

/// Ultrasound, calibrated: a probe's face, femur and often another bone, one to three parts of a
/// joint space, up to six obstacles, parts not seen, layers, any needle, angles and margins.
[[nodiscard]] RandomScene random_ultrasound_scene(std::uint64_t seed);

/// A radiograph from the front, calibrated: two bones with a gap.
[[nodiscard]] RandomScene random_radiograph_scene(std::uint64_t seed);

}  // namespace guide::test
