// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/bone_surface.hpp>
#include <guide/anatomy/joint_space.hpp>

#include <vector>

namespace guide::segment {

/// Takes out the ultrasound bone surfaces that have the joint space below them along at least half
/// of their length: bone throws a shadow, so what fluid is seen behind is a fascia or the cyst's
/// own bright roof.
void drop_bones_before_fluid(const JointSpace& joint, std::vector<BoneSurface>& bones);

}  // namespace guide::segment
