// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "radiograph_edges.hpp"

#include <guide/frame/frame.hpp>

#include <cstdint>
#include <vector>

namespace guide::test {

/// A simulated standing radiograph of a knee whose joint space is known.
struct RadiographedKnee {
    std::vector<Frame> frames;  ///< the same view, noise anew in each
    /// Silhouettes of femur and tibia, from one margin of the joint to the other. Empty where the
    /// bones show no joint.
    segment::JointEdges truth;
};

/// Knee number `seed`, 512 x 512 pixels of 0.3 mm on the plate, bones bright: some degrees bent,
/// the beam along the plateau to within a technician's 1.5 degrees (standard deviation), turned by
/// some degrees.
[[nodiscard]] RadiographedKnee radiographed_knee(std::uint64_t seed, int frames = 1,
                                                 int threads = 1);

}  // namespace guide::test
