// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "radiograph_edges.hpp"

#include <guide/anatomy/joint_space.hpp>

#include <vector>

namespace guide::segment {

/// Nine landmarks of the tibial plateau and seven of the femoral condyles on the edges of a joint
/// space, each bone's from the image's left to its right: see JointSpace::landmarks. Heights are
/// taken off the line through both margins, so a tilted joint has the same ones. Needs 32 columns
/// or more, else none.
[[nodiscard]] std::vector<Landmark> find_landmarks(const JointEdges& edges);

}  // namespace guide::segment
