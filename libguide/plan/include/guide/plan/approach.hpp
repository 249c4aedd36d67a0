// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/view.hpp>
#include <guide/core/expected.hpp>
#include <guide/plan/export.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace guide::plan {

/// Where the needle enters.
enum class EntryRule {
    beside_probe,  ///< on the skin line, beyond the ends of the probe's face, in the image plane
    across_plane,  ///< on the skin in front of or behind the probe: out of plane, seen as a dot
    frame_side,    ///< radiograph: from the left or right side of the frame, in the image plane
    along_beam     ///< radiograph: towards the detector, seen as a dot over the target
};

/// Where in the joint space the tip is to end.
enum class TargetRule {
    surest_first,  ///< at the segmentation's surest point; elsewhere only behind it in rank
    best_score,    ///< anywhere in the joint space, by score alone
    outer_thirds   ///< radiograph: beside the intercondylar notch, which holds the cruciate
                   ///< ligaments
};

/// The side of the knee from which the needle comes. Taken into account when it is known which side
/// of the frame that is.
enum class EntrySide { any, lateral, medial };

[[nodiscard]] GUIDE_PLAN_EXPORT std::string_view name_of(EntryRule rule);
[[nodiscard]] GUIDE_PLAN_EXPORT std::string_view name_of(TargetRule rule);
[[nodiscard]] GUIDE_PLAN_EXPORT std::string_view name_of(EntrySide side);

/// How far the needle's wall keeps from one kind of obstacle.
struct Margin {
    std::string kind;
    double mm = 2;

    friend bool operator==(const Margin&, const Margin&) = default;
};

/// One way to the joint: a table entry, not a code path. Angles in degrees, lengths in millimetres.
/// The defaults are the in-plane rules of ultrasound (docs/literature.md 2, 3, 10).
struct Approach {
    std::string name;
    EntryRule entry = EntryRule::beside_probe;
    TargetRule target = TargetRule::surest_first;
    std::vector<View> views;  ///< frames it can be planned on
    EntrySide side = EntrySide::any;
    double angle_least_deg = 0;       ///< flatter is refused
    double angle_preferred_deg = 30;  ///< beyond this a warning; out of plane: short of it
    double angle_limit_deg =
        45;                     ///< steeper is refused; to the probe's face, or the image's x axis
    double bone_margin_mm = 2;  ///< between the needle's wall and bone, outside the joint space
    double wall_margin_mm = 1;  ///< between the tip and the joint space's wall
    std::vector<Margin> margins = {{"vessel", 5}, {"nerve", 5}};  ///< other kinds: other_margin_mm
    double other_margin_mm = 2;
    double depth_limit_mm = 60;  ///< of the tip below the probe's face
    bool allows_unseen = false;  ///< whether the path may cross what was not seen
    double flexion_low_deg = 20, flexion_high_deg = 30;  ///< of the knee
    std::string position;                                ///< of the patient
    std::vector<std::string> needles;                    ///< the usual ones, e.g. "22G:50mm"
    std::optional<double> accuracy;  ///< published share of injections in the joint, 0..1
    std::string text;                ///< how it is done, one sentence
    std::string source;              ///< where the figures come from

    /// The field that is wrong and why, after the approach's name.
    [[nodiscard]] GUIDE_PLAN_EXPORT Expected<void> validate() const;
    [[nodiscard]] GUIDE_PLAN_EXPORT bool allows(View view) const;
    [[nodiscard]] GUIDE_PLAN_EXPORT double margin_mm(std::string_view obstacle_kind) const;
};

/// All approaches of the table, in order of preference.
[[nodiscard]] GUIDE_PLAN_EXPORT std::span<const Approach> approaches();

/// The approach of that name, one of `own` before one of the table; null where there is none.
[[nodiscard]] GUIDE_PLAN_EXPORT const Approach* find_approach(std::string_view name,
                                                              std::span<const Approach> own = {});

/// The approaches that can be planned on `view`: `own` first, then the table's that no own one
/// replaces.
[[nodiscard]] GUIDE_PLAN_EXPORT std::vector<const Approach*> approaches_for(
    View view, std::span<const Approach> own = {});

}  // namespace guide::plan
