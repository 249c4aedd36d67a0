// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/anatomy.hpp>

#include <string>
#include <vector>

namespace guide::plan {

/// A stretch of x, empty unless low < high.
struct Columns {
    double low = 0, high = 0;

    [[nodiscard]] bool hold(double x) const { return low < x && x < high; }
};

/// The anatomy in the units that planning reckons in: millimetres when the frame is calibrated;
/// otherwise one unit is one pixel, and nothing in units may leave the planner as millimetres.
struct Scene {
    struct Region {
        std::string kind;
        MmPolygon outline;
    };

    bool calibrated = false;
    Spacing unit{1, 1};  ///< units per pixel
    std::vector<MmPolygon> joint;
    MmPoint surest;             ///< the segmentation's own target
    double boundary_sigma = 0;  ///< of the joint space's outline
    std::vector<MmPolyline> bones;
    /// Ultrasound: the bones again, left to right and carried on level to where entries can lie
    /// when they run out of the picture. What is deeper than one of them is bone or unseen.
    std::vector<MmPolyline> roofs;
    std::vector<Region> obstacles, unseen;
    std::vector<Region> layers;  ///< name and lower border, an open line
    MmPoint left, right;  ///< ends of the probe's face, or of the frame's sides at mid-height
    MmPoint picture_low, picture_high;  ///< corners of the content box

    /// Distance to the outline, negative outside the joint space.
    [[nodiscard]] double wall_distance(MmPoint p) const;
    [[nodiscard]] bool in_joint(MmPoint p) const;
    /// The middle third of the joint space's width: where a front view has the intercondylar notch.
    [[nodiscard]] Columns middle_third() const;
    /// The largest distance to the outline that a point in the joint space has, at most 0.01 units
    /// more than that.
    /// Points in the columns `without` do not count: the tip may not end there.
    [[nodiscard]] double widest(Columns without = {}) const;
};

/// `anatomy.joint_space` must hold a value.
[[nodiscard]] Scene make_scene(const Anatomy& anatomy);

/// The scene with its lines thinned to `tolerance` units, for search; what is found there is
/// measured again on the full one.
[[nodiscard]] Scene thinned(const Scene& scene, double tolerance);

}  // namespace guide::plan
