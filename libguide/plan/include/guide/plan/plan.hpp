// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/anatomy.hpp>
#include <guide/plan/approach.hpp>
#include <guide/plan/export.hpp>
#include <guide/plan/injection.hpp>
#include <guide/plan/needle.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace guide::plan {

/// `uncalibrated`: there is a path, but no millimetre limit could be checked.
enum class PlanStatus { planned, refused, uncalibrated };

[[nodiscard]] GUIDE_PLAN_EXPORT std::string_view name_of(PlanStatus status);

struct PlanOptions {
    std::string approach =
        "auto";  ///< a name of approaches(), or "auto": the first that the view allows
    Needle needle;
    InjectionOptions injection;
    /// mm, 0 or more: part of the needle that stays outside the skin at the hub.
    double hub_reserve_mm = 5;
    /// mm, 0 or more: from the end of the probe's face to the nearest entry (housing, gel, sterile
    /// margin).
    double probe_gap_mm = 5;
    /// mm, >= probe_gap_mm: farthest entry from the end of the probe's face.
    double entry_reach_mm = 40;
    /// mm, > 0: standard deviation, per axis, of where a freehand in-plane tip ends. A mean
    /// distance of 2.6 mm (docs/literature.md, PMC5318157) is a Rayleigh mean of sigma sqrt(pi/2).
    double aiming_sigma_mm = 2.07;
    int candidate_limit = 5;  ///< 1 or more: how many ranked candidates are kept

    [[nodiscard]] GUIDE_PLAN_EXPORT Expected<void> validate() const;
};

/// One straight needle path that broke no limit.
struct Candidate {
    int rank = 0;              ///< 1 is the best
    double score = 0;          ///< 0..1, larger is better
    PixelPoint entry, target;  ///< px; the entry usually lies outside the frame
    std::optional<MmPoint> entry_mm, target_mm;
    double angle_deg = 0;  ///< to the probe's face, or to the image's x axis on radiographs
    std::optional<double> path_mm;
    std::map<std::string, double>
        clearance_mm;                    ///< "bone" outside the joint space, "wall" at the tip
    std::optional<double> p_hit;         ///< probability that the tip ends in the joint space
    std::optional<double> tip_sigma_mm;  ///< per axis
    double visibility = 0;  ///< 0..1, brightness of the needle against one parallel to the face
    std::vector<Reason> warnings;
};

/// One kind of limit and what it cost.
struct Rejection {
    std::string code;
    int count = 0;       ///< paths that broke this limit; one path may break several
    double closest = 0;  ///< by how much the best of them missed, in `unit`
    std::string unit;    ///< "mm", "deg" or "px"
    std::string text;
};

struct Plan {
    PlanStatus status = PlanStatus::refused;
    std::optional<Reason> reason;  ///< when refused or uncalibrated
    std::string approach;          ///< empty when no approach fits the view
    Needle needle;
    std::vector<Candidate> candidates;  ///< best first
    std::vector<Rejection> rejected;
    InjectionCheck injection;
};

/// Ranks the straight in-plane paths from the skin to the joint space of `anatomy`.
///
/// All pairs of a grid of entries and targets are tried against the limits of the approach and the
/// needle; the rest is ranked by a weighted sum of p_hit (0.5), visibility or nearness to the joint
/// line (0.25), bone clearance up to 5 mm (0.15) and shortness (0.10), engineering choices. Paths
/// to the segmentation's surest point rank before all others, whose scores may be higher. In
/// ultrasound bone is solid: no path may run deeper than a bone surface, which is carried on level
/// where the picture ends. Obstacles keep their margin (vessel, nerve 5 mm, else 2 mm).
/// Deterministic; cost about entries x targets x bone points, some milliseconds. Throws
/// PreconditionError where options.validate() has a complaint.
[[nodiscard]] GUIDE_PLAN_EXPORT Plan plan_trajectories(const Anatomy& anatomy,
                                                       const PlanOptions& options = {});

}  // namespace guide::plan
