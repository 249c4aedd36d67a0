// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "volume_data.hpp"
#include "volume_window.hpp"

#include <guide/plan/plan.hpp>

#include <optional>
#include <string>
#include <vector>

namespace guide::plan {

/// From the tip outwards, scene mm.
struct VolumePath {
    Eigen::Vector3d target = Eigen::Vector3d::Zero();
    Eigen::Vector3d out = Eigen::Vector3d::UnitX();  ///< unit vector from target to entry

    [[nodiscard]] Eigen::Vector3d at(double s) const { return target + s * out; }
};

/// Part of a path, mm from the tip.
struct VolumeStretch {
    double from, to;
};

/// The voxels that a path goes through, from the tip to the skin.
struct VolumeTrace {
    double length = 0;     ///< to the skin, or to where the trace ended
    bool to_skin = false;  ///< else it left the volume, or ended at the limit given
    bool left_volume = false;
    double short_of_air = 0;  ///< where it left the volume: mm to the nearest air
    std::vector<VolumeStretch> in_joint, outside;  ///< in order from the tip
};

/// How far other paths may lie from one: at the tip, and how much more for each mm from it.
struct VolumeReach {
    double at_target = 0, spread = 0;
    [[nodiscard]] double at(double s) const { return at_target + spread * s; }
};

enum class VolumeLimit {
    steep,
    flat,
    turned,
    needle_length,
    tip_depth,
    left_volume,
    bone_clearance,
    bone_crossed,
    wall_margin,
    not_seen,
    under_probe,
    grazing,
    obstacle
};

struct VolumeBreach {
    VolumeLimit limit;
    double amount;          ///< mm or degrees
    std::size_t which = 0;  ///< of the obstacles' kinds
};

/// Gaps are from the needle's wall; beyond what counts for the score they are cut off.
struct VolumeMeasures {
    VolumeTrace trace;
    double angle = 0, turn_over = 0;  ///< rad; how far the turn lies beyond the window
    double wall = 0, depth = 0;       ///< of the tip: to the joint's wall, to the nearest skin
    double bone = 0, bone_inside = 0, unknown = 0;
    std::vector<double> kinds;
    double under_probe = 0;   ///< mm: how far the entry lies within the probe's place
    double skin_angle = 0;    ///< rad: of the needle to the skin that it enters
    bool hopeless = false;    ///< no path within the reach keeps all limits
    double least_length = 0;  ///< no path within the reach is shorter
};

/// Whether the rest is measured once it is known that no path nearby keeps all limits.
enum class Effort { all, until_hopeless };

/// Measures paths in one volume against one approach.
class VolumeRuler {
  public:
    VolumeRuler(const VolumeData& data, const Approach& approach, const PlanOptions& options,
                const DirectionWindow& window);

    /// `reach` is that of paths nearby which `hopeless` and `least_length` speak for; those with
    /// less than `kSpare` to spare may be given up.
    /// After Effort::until_hopeless a hopeless path's other measures mean nothing.
    void measure(const VolumePath& path, const VolumeReach& reach, VolumeMeasures& m,
                 Effort effort = Effort::all) const;
    /// The same where m.wall and m.depth are known. Gaps are too large by no more than `unseen`.
    void measure_way(const VolumePath& path, const VolumeReach& reach, VolumeMeasures& m,
                     Effort effort, double unseen = kUnseen) const;
    /// All but the gaps along the way, which are taken as large as counts: no path of that measure
    /// is better than this one may be. measure_gaps() then gives the gaps.
    void measure_line(const VolumePath& path, VolumeMeasures& m) const;
    void measure_gaps(const VolumePath& path, const VolumeReach& reach, VolumeMeasures& m,
                      Effort effort, double unseen) const;
    /// The distance from target to wall and skin alone.
    void measure_target(const Eigen::Vector3d& target, VolumeMeasures& m) const;
    [[nodiscard]] bool target_hopeless(const VolumeMeasures& m, double reach) const;
    [[nodiscard]] std::vector<VolumeBreach> breaches(const VolumeMeasures& m) const;
    [[nodiscard]] bool allowed(const VolumeMeasures& m) const;
    /// Whether the path keeps every gap, proved for all of its points. `m` is of the same path.
    [[nodiscard]] bool proved(const VolumePath& path, const VolumeMeasures& m) const;
    /// Gaps along the path to 0.01 mm, up to `cutoff`.
    void measure_finely(const VolumePath& path, double cutoff, VolumeMeasures& m) const;

    [[nodiscard]] VolumeTrace trace(const VolumePath& path, double most) const;

    [[nodiscard]] const VolumeData& data() const { return data_; }
    [[nodiscard]] const Approach& approach() const { return approach_; }
    [[nodiscard]] const PlanOptions& options() const { return options_; }
    [[nodiscard]] const DirectionWindow& window() const { return window_; }  ///< in scene axes
    [[nodiscard]] double radius() const { return radius_; }
    [[nodiscard]] double longest() const { return longest_; }
    [[nodiscard]] double wall_needed() const { return wall_needed_; }
    [[nodiscard]] double margin(std::size_t kind) const { return margins_[kind]; }

    /// mm: the search need not find what has less than this to spare.
    static constexpr double kSpare = 0.1;
    /// mm: by how much a gap may be measured too large.
    static constexpr double kUnseen = 0.02;
    /// mm beyond the margin at which clearance counts in full.
    static constexpr double kAmple = 5;

  private:
    template <class Visit>
    void visit_breaches(const VolumeMeasures& m, Visit visit) const;
    [[nodiscard]] bool keeps(const BoxField& boxes, const VolumePath& path, VolumeStretch s,
                             double gap) const;
    void measure_entry(const VolumePath& path, VolumeMeasures& m) const;
    void measure_direction(const VolumePath& path, VolumeMeasures& m) const;

    const VolumeData& data_;
    const Approach& approach_;
    const PlanOptions& options_;
    DirectionWindow window_;
    double radius_, longest_, wall_needed_;
    std::vector<double> margins_;
};

[[nodiscard]] std::string code_of(const VolumeBreach& breach, const VolumeData& data);
[[nodiscard]] std::string unit_of(const VolumeBreach& breach);
[[nodiscard]] std::string sentence_of(const VolumeBreach& breach, const VolumeRuler& ruler);

}  // namespace guide::plan
