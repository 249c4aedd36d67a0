// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/plan/plan.hpp>
#include <guide/plan/volume_scene.hpp>

#include <cstdint>

namespace guide::test {

/// A made-up label volume and what is asked of the planner. The approach stands in
/// options.own_approaches.
struct RandomVolume {
    LabelVolume volume;
    plan::LabelTable table;
    plan::PlanOptions options;
};

/// A curved piece of limb of some 60 by 60 by 45 mm, turned in space: bone below one to three parts
/// of a joint space, cartilage, vessels, nerves, tendons, unknown parts; voxels of 0.6 to 1.3 mm,
/// seldom cubes; left or right knee, from any side; any needle, angles and margins. Two in five
/// leave little way or none.
[[nodiscard]] RandomVolume random_volume(std::uint64_t seed);

/// The numbers of its labels.
enum RandomLabel : std::uint8_t {
    kAir,
    kTissue,
    kJoint,
    kBone,
    kCartilage,
    kVessel,
    kNerve,
    kTendon,
    kFatPad,
    kUnknown
};

}  // namespace guide::test
