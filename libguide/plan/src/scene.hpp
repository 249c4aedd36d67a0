// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/anatomy.hpp>

#include <string>
#include <utility>
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
    /// Ultrasound: the bones again, carried on level to where entries can lie when they run out of
    /// the picture. What is deeper than one of them is bone or unseen.
    std::vector<MmPolyline> roofs;
    std::vector<std::pair<std::string, MmPolygon>> obstacles;  ///< kind and outline
    MmPoint left, right;  ///< ends of the probe's face, or of the frame's sides at mid-height

    /// Distance to the outline, negative outside the joint space.
    [[nodiscard]] double wall_distance(MmPoint p) const;
    /// Smallest distance of the segment to any bone; 0 where they cross, infinity where no bone is
    /// known.
    [[nodiscard]] double bone_distance(MmPoint a, MmPoint b) const;
    /// How far the segment dips below a bone's surface as the beam comes down, 0 where it does not.
    [[nodiscard]] double depth_behind_bone(MmPoint a, MmPoint b) const;
    /// Whether `p` lies in the joint space.
    [[nodiscard]] bool in_joint(MmPoint p) const;
};

/// `anatomy.joint_space` must hold a value.
[[nodiscard]] Scene make_scene(const Anatomy& anatomy);

/// Points inside the joint space on a grid, the surest one first: at most about `limit`.
[[nodiscard]] std::vector<MmPoint> target_grid(const Scene& scene, int limit);

/// Smallest distance of the segment to the polygon; 0 where it touches or lies inside.
[[nodiscard]] double distance_to_region(const MmPolygon& region, MmPoint a, MmPoint b);

}  // namespace guide::plan
