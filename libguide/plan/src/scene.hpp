// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/anatomy.hpp>

#include <vector>

namespace guide::plan {

/// The anatomy in the units that planning reckons in: millimetres when the frame is calibrated;
/// otherwise one unit is one pixel, and nothing in units may leave the planner as millimetres.
struct Scene {
    bool calibrated = false;
    Spacing unit{1, 1};  ///< units per pixel
    std::vector<MmPolygon> joint;
    MmPoint surest;             ///< the segmentation's own target
    double boundary_sigma = 0;  ///< of the joint space's outline
    std::vector<MmPolyline> bones;
    MmPoint left, right;  ///< ends of the probe's face, or of the frame's sides at mid-height

    /// Distance to the outline, negative outside the joint space.
    [[nodiscard]] double wall_distance(MmPoint p) const;
    /// Smallest distance of the segment to any bone; 0 where they cross, infinity where no bone is
    /// known.
    [[nodiscard]] double bone_distance(MmPoint a, MmPoint b) const;
};

/// `anatomy.joint_space` must hold a value.
[[nodiscard]] Scene make_scene(const Anatomy& anatomy);

/// Points inside the joint space on a grid, the surest one first: at most about `limit`.
[[nodiscard]] std::vector<MmPoint> target_grid(const Scene& scene, int limit);

}  // namespace guide::plan
