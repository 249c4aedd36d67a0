// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/view.hpp>
#include <guide/plan/export.hpp>

#include <span>
#include <string_view>

namespace guide::plan {

/// Where the needle enters.
enum class EntryRule {
    beside_probe,  ///< on the skin line, beyond the ends of the probe's face, in the image plane
    frame_side     ///< radiograph: from the left or right side of the frame, in the image plane
};

/// Where in the joint space the tip is to end.
enum class TargetRule {
    surest_first,  ///< at the segmentation's surest point; elsewhere only behind it in rank
    outer_thirds   ///< radiograph: beside the intercondylar notch, which holds the cruciate
                   ///< ligaments
};

/// One way to the joint: a table entry, not a code path. Angles in degrees, lengths in millimetres.
struct Approach {
    std::string_view name;
    EntryRule entry = EntryRule::beside_probe;
    TargetRule target = TargetRule::surest_first;
    std::span<const View> views;      ///< frames it can be planned on
    double angle_preferred_deg = 30;  ///< beyond this a warning
    double angle_limit_deg =
        45;  ///< beyond this refused; to the probe's face, or to the image's x axis
    double bone_margin_mm = 2;  ///< between the needle's wall and bone, outside the joint space
    double wall_margin_mm = 1;  ///< between the tip and the joint space's wall
    std::string_view text;      ///< how it is done, one sentence
    std::string_view source;    ///< where the figures come from
};

/// All approaches, in order of preference.
[[nodiscard]] GUIDE_PLAN_EXPORT std::span<const Approach> approaches();

/// The approach of that name, or null.
[[nodiscard]] GUIDE_PLAN_EXPORT const Approach* find_approach(std::string_view name);

/// The first approach that can be planned on `view`, or null.
[[nodiscard]] GUIDE_PLAN_EXPORT const Approach* default_approach(View view);

[[nodiscard]] GUIDE_PLAN_EXPORT bool allows(const Approach& approach, View view);

}  // namespace guide::plan
