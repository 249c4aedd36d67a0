// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/anatomy.hpp>
#include <guide/plan/approach.hpp>
#include <guide/plan/candidate.hpp>
#include <guide/plan/export.hpp>
#include <guide/plan/injection.hpp>
#include <guide/plan/needle.hpp>
#include <guide/plan/uncertainty.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace guide::plan {

/// `uncalibrated`: there is a path, but no millimetre limit could be checked.
enum class PlanStatus { planned, refused, uncalibrated };

[[nodiscard]] GUIDE_PLAN_EXPORT std::string_view name_of(PlanStatus status);

/// Which side of the frame is the lateral side of the knee.
enum class FrameSide { unknown, left, right };

/// A path of an earlier frame, px.
struct PreviousPath {
    PixelPoint entry, target;
};

/// A path of an earlier plan in a label volume: patient space (LPS), mm.
struct PreviousInPatient {
    Eigen::Vector3d entry_mm, target_mm;
};

struct PlanOptions {
    /// A name, or "auto": those that the view allows are tried in order until one has a path.
    std::string approach = "auto";
    std::vector<Approach> own_approaches;  ///< added to the table; a known name replaces
    Needle needle;
    InjectionOptions injection;
    /// mm, 0 or more: part of the needle that stays outside the skin at the hub.
    double hub_reserve_mm = 5;
    /// mm, 0 or more: from the end of the probe's face to the nearest entry (housing, gel, sterile
    /// margin).
    double probe_gap_mm = 5;
    /// mm, >= probe_gap_mm: farthest entry from the end of the probe's face.
    double entry_reach_mm = 40;
    /// mm, 0 or more: from the image plane to the long side of the probe, for entries out of plane.
    double probe_half_width_mm = 7;
    /// mm, > 0: thickness of the slice that the image shows; what of an out-of-plane path lies in
    /// it is seen.
    double slice_thickness_mm = 3;
    /// degrees, 0 to 45: flatter to the skin no needle enters; only known in label volumes.
    /// Engineering choice; below 15 there is a warning.
    double skin_angle_least_deg = 8;
    FrameSide lateral_side = FrameSide::unknown;
    /// mm, > 0: standard deviation, per axis, of where a freehand in-plane tip ends; the default is
    /// that of a trained operator. Out of plane it is 4.4/2.6 times as large (docs/literature.md
    /// 4).
    double aiming_sigma_mm = 2.07;
    ErrorModel errors;
    int candidate_limit = 5;  ///< 1 or more: how many ranked candidates are kept
    /// The path that is shown now: kept first while it is allowed and its score is within
    /// `keep_bonus` (0..1) of the best, so that live plans do not jump between equals.
    std::optional<PreviousPath> previous;
    std::optional<PreviousInPatient> previous_in_patient;  ///< the same in label volumes
    double keep_bonus = 0.03;

    [[nodiscard]] GUIDE_PLAN_EXPORT Expected<void> validate() const;
};

/// One kind of limit and what it cost.
struct Rejection {
    std::string code;
    int count = 0;       ///< tried paths that broke this limit; one path may break several
    double closest = 0;  ///< by how much the best of them missed, in `unit`
    std::string unit;    ///< "mm", "deg" or "px"
    std::string text;
};

/// What would make a path possible (find_remedies).
struct Remedy {
    /// "longer-needle", "thinner-needle", "wider-reach", "both", "other-approach", or a limit's.
    std::string code;
    double amount = 0;  ///< of `unit`: the new needle's length, or by how much it has to be changed
    std::string unit;
    std::string text;  ///< what to change, one sentence
};

struct Plan {
    PlanStatus status = PlanStatus::refused;
    std::optional<Reason> reason;           ///< when refused or uncalibrated
    std::string approach;                   ///< empty when no approach fits the view
    std::optional<Approach> approach_used;  ///< the entry of that name
    Needle needle;
    std::vector<Candidate> candidates;  ///< best first
    /// The ends of the Pareto front of safety, length and visibility: the path farthest from
    /// everything, the shortest and the most visible one that break no limit. They may coincide.
    std::optional<Candidate> safest, shortest, most_visible;
    std::vector<Rejection> rejected;
    std::vector<Remedy> remedies;  ///< for the caller to fill by find_remedies when refused
    int tried = 0;                 ///< paths of the fixed grid behind the counts of `rejected`
    int allowed = 0;               ///< of those, the ones that broke no limit
    InjectionCheck injection;
};

/// Ranks the straight paths from the skin to the joint space of `anatomy`.
///
/// The needle is a capsule; every limit is measured exactly on outlines and bone surfaces. A best-
/// first subdivision over entry and target drops only what provably holds no allowed path, so that
/// one with 0.2 mm and 0.5 degrees to spare is not missed; the best is then refined. Score: a
/// weighted sum of p_hit (0.5), visibility or nearness to the joint line (0.25), clearance up to 5
/// mm (0.15) and shortness (0.10), engineering choices. Under TargetRule::surest_first paths to the
/// segmentation's surest point rank before all others, whose scores may be higher. In ultrasound
/// bone is solid: no path may run deeper than a bone surface, which is carried on level where the
/// picture ends. Deterministic, one thread, some milliseconds. Throws PreconditionError where
/// options.validate() has a complaint.
[[nodiscard]] GUIDE_PLAN_EXPORT Plan plan_trajectories(const Anatomy& anatomy,
                                                       const PlanOptions& options = {});

}  // namespace guide::plan
