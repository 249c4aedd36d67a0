// SPDX-License-Identifier: Apache-2.0
#include "hints.hpp"

#include <cmath>
#include <string>

namespace guide::session {
namespace {

constexpr double kVesselMargin = 5;  // mm, docs/literature.md: that of the approaches

std::string with_mm(const char* before, double mm, const char* after) {
    return std::string(before).append(std::to_string(std::lround(std::abs(mm)))).append(after);
}

}  // namespace

std::vector<Reason> warnings_for(const NeedleState& n, bool in_plane, bool touches,
                                 bool hub_at_skin) {
    std::vector<Reason> warnings;
    if (touches)
        warnings.push_back({"bone-contact", "The tip is on bone or cartilage: draw it back."});
    if (n.clearance_mm < kVesselMargin && n.inserted_mm > 0) {
        warnings.push_back({"near-vessel", with_mm("The needle is ", std::max(0.0, n.clearance_mm),
                                                   " mm from a vessel or nerve.")});
    }
    if (hub_at_skin)
        warnings.push_back({"hub-at-skin",
                            "The hub has come to the skin: the needle is too short "
                            "for this path."});
    if (n.inserted_mm > 2 && !n.tip_visible) {
        const bool beside = std::abs(n.tip_across_mm) > 1;
        warnings.push_back(
            beside ? Reason{"tip-out-of-plane",
                            with_mm("The tip lies ", n.tip_across_mm, " mm ") +
                                (n.tip_across_mm > 0 ? "in front of" : "behind") + " the picture."}
                   : Reason{"tip-not-visible", "The tip is not in the picture: do not advance."});
    }
    if (in_plane && n.inserted_mm > 0 && n.beam_angle_deg < 45) {
        warnings.push_back(
            {"steep", "The needle is steeper than 45 degrees to the probe: its shaft fades."});
    }
    return warnings;
}

std::vector<Reason> hints_for(const Lesson& lesson, const LessonState& state, bool in_plane) {
    if (!lesson.hints || state.phase == Phase::ended) return {};
    if (lesson.goal == Goal::find_view) {
        return {{"find-view",
                 "Slide, turn and tilt the probe until the joint space is widest and in the "
                 "middle, then finish."}};
    }
    if (state.phase == Phase::scanning) {
        if (state.approach.empty())
            return {{"choose-approach", "Look at the joint space first; then choose an approach."}};
        return {{"place-needle", in_plane ? "Set the needle on the skin beside the probe, in line "
                                            "with its long side."
                                          : "Set the needle on the skin in front of the middle of "
                                            "the probe."}};
    }
    const NeedleState& n = *state.inserted;
    if (n.in_joint && n.tip_visible) {
        return {lesson.goal == Goal::inject
                    ? Reason{"inject", "The tip is in the joint space and seen: inject."}
                    : Reason{"finish", "The tip is in the joint space and seen: finish."}};
    }
    if (n.inserted_mm > 2 && !n.tip_visible && std::abs(n.tip_across_mm) > 1) {
        return {{"find-tip", std::string("Stop. Slide or tilt the probe ") +
                                 (n.tip_across_mm > 0 ? "towards you" : "away from you") +
                                 " until the tip is seen."}};
    }
    if (n.bone_mm < 0.3)
        return {{"draw-back", "Draw back to below the skin, change the angle, and advance anew."}};
    return {{"advance", "Advance in small steps with the tip in sight."}};
}

}  // namespace guide::session
