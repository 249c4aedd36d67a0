// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "path_line.hpp"
#include "scene.hpp"
#include "wall_gauge.hpp"

#include <guide/plan/approach.hpp>
#include <guide/plan/plan.hpp>

#include <optional>
#include <string>
#include <vector>

namespace guide::plan {

/// A path as the search moves it.
struct Path {
    MmPoint entry, target;
    double off_plane = 0;  ///< of the entry
    bool from_left = false;
    bool to_surest = false;  ///< to the segmentation's own target, whose wall margin is waived
};

/// What is known of the target alone.
struct TargetMeasures {
    double wall = 0;   ///< to the outline, negative outside
    double depth = 0;  ///< below the probe's face
    double notch = 0;  ///< how far inside the intercondylar notch, not positive outside
};

/// What is known of a whole path. Gaps are from the needle's wall.
struct Measures {
    TargetMeasures at_target;
    double angle_deg = 0, length = 0;
    double bone = 0;                        ///< gap to bone outside the joint space
    double bone_inside = 0;                 ///< gap to bone within it
    double behind = 0;                      ///< depth of the needle's axis below a bone's surface
    std::vector<double> obstacles, unseen;  ///< gaps, in the scene's order
    std::vector<Stretch> outside;           ///< of the joint space
};

enum class Limit {
    needle_thickness,  ///< than the joint space at its widest
    steep,
    flat,
    needle_length,
    tip_depth,
    bone_clearance,
    bone_crossed,
    behind_bone,
    wall_margin,
    notch,
    not_seen,
    obstacle
};

/// A broken limit.
struct Breach {
    Limit limit;
    double amount;          ///< units, or degrees
    std::size_t which = 0;  ///< obstacle or unseen region
};

/// The columns of the joint space in which the approach lets no tip end.
[[nodiscard]] Columns notch_of(const Scene& scene, const Approach& approach);

/// The largest distance to the joint space's outline that an end of the tip can have.
[[nodiscard]] double widest_place(const Scene& scene, const Approach& approach);

/// Measures paths in one scene against the limits of one approach. Not for two threads at once.
class Ruler {
  public:
    /// `widest` is that of widest_place, on the full scene. `slack` units are added to every
    /// margin: for scenes whose lines were thinned by as much.
    Ruler(const Scene& scene, const Approach& approach, const PlanOptions& options, double widest,
          double slack = 0);

    [[nodiscard]] TargetMeasures measure_target(MmPoint target) const;
    /// Gaps beyond `cutoff` may be given as `cutoff`.
    void measure(const Path& path, const TargetMeasures& at_target, double cutoff,
                 Measures& measures);
    [[nodiscard]] std::vector<Breach> breaches(const Path& path, const Measures& measures) const;
    [[nodiscard]] bool allowed(const Path& path, const Measures& measures) const;
    /// Whether the tip may end there, whatever the way.
    [[nodiscard]] bool target_allowed(const TargetMeasures& t, bool surest) const;
    /// Whether no target within `reach` may be one.
    [[nodiscard]] bool target_hopeless(const TargetMeasures& t, bool surest, double reach) const;
    /// Whether every path whose entry lies within `entry_reach` and whose target lies within
    /// `target_reach` breaks a limit as this one does. Never true by mistake.
    [[nodiscard]] bool hopeless(const Path& path, const Measures& measures, double entry_reach,
                                double target_reach) const;

    [[nodiscard]] const Scene& scene() const { return scene_; }
    [[nodiscard]] const Approach& approach() const { return approach_; }
    [[nodiscard]] const PlanOptions& options() const { return options_; }
    [[nodiscard]] double slack() const { return slack_; }
    [[nodiscard]] double radius() const { return radius_; }
    [[nodiscard]] double wall_needed() const { return wall_needed_; }
    [[nodiscard]] double widest() const { return widest_; }
    [[nodiscard]] double obstacle_margin(std::size_t i) const { return margins_[i]; }
    [[nodiscard]] double bone_margin() const { return bone_margin_; }
    [[nodiscard]] double longest() const { return longest_; }
    /// Entry of an out-of-plane path: how far off the plane for the preferred angle.
    [[nodiscard]] double off_plane_for(MmPoint entry, MmPoint target) const;

  private:
    template <class Visit>
    void visit_breaches(const Path& path, const Measures& m, Visit visit) const;

    const Scene& scene_;
    const Approach& approach_;
    const PlanOptions& options_;
    WallGauge wall_;
    double radius_ = 0, bone_margin_ = 0, wall_needed_ = 0, widest_ = 0, longest_ = 0;
    double touch_ = 0, slack_ = 0;
    Columns notch_;
    bool length_limited_ = false, depth_limited_ = false, angle_limited_ = true;
    std::vector<double> margins_;
    // Scratch.
    std::vector<OnPath> seen_;
    std::vector<double> crossings_;
    std::vector<Stretch> inside_;
};

/// The word of a breach in results, e.g. "needle-length"; obstacles have their kind's.
[[nodiscard]] std::string code_of(const Breach& breach, const Scene& scene);

}  // namespace guide::plan
