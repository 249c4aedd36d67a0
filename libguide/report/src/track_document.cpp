// SPDX-License-Identifier: Apache-2.0
#include "json_values.hpp"

#include <guide/report/track.hpp>

#include <algorithm>

namespace guide::report {
namespace {

Json joint_json(const Anatomy& anatomy) {
    Json result;
    const bool held = std::ranges::any_of(
        anatomy.notes, [](const Reason& note) { return note.code == "joint-space-held"; });
    result["found"] = anatomy.joint_space.has_value();
    if (!anatomy.joint_space) {
        result["reason"] = anatomy.joint_space.error().code;
        result["explanation"] = anatomy.joint_space.error().text;
        return result;
    }
    result["held"] = held;
    result["target_px"] = json(anatomy.joint_space->target);
    result["contours_px"] = Json::array();
    for (const auto& contour : anatomy.joint_space->contours)
        result["contours_px"].push_back(json(contour));
    result["confidence"] = json(anatomy.joint_space->confidence);
    result["area_mm2"] = json(anatomy.joint_space->area_mm2);
    result["depth_mm"] = json(anatomy.joint_space->depth_mm);
    result["thickness_mm"] = json(anatomy.joint_space->thickness_mm);
    return result;
}

}  // namespace

std::string track_json(const std::vector<TrackedFrame>& frames) {
    Json result;
    result["schema"] = "guide.track/1";
    result["frames"] = Json::array();
    for (const TrackedFrame& frame : frames) {
        Json one;
        one["frame"] = frame.number;
        one["source"] = frame.source;
        one["time_s"] = json(frame.time_s);
        one["visible"] = frame.needle.has_value();
        if (frame.needle) {
            one["tip_px"] = json(frame.needle->tip);
            one["entry_px"] = json(frame.needle->entry);
            one["axis_deg"] = json(frame.needle->axis_deg);
            one["confidence"] = json(frame.needle->confidence);
            one["tip_error_sigma_px"] = json(frame.needle->tip_sigma_px);
            one["reason"] = nullptr;
        } else {
            for (const char* key :
                 {"tip_px", "entry_px", "axis_deg", "confidence", "tip_error_sigma_px"})
                one[key] = nullptr;
            one["reason"] = frame.needle.error().code;
            one["explanation"] = frame.needle.error().text;
        }
        if (frame.anatomy) {
            one["view"] = name_of(frame.anatomy->view);
            one["joint_space"] = joint_json(*frame.anatomy);
        }
        result["frames"].push_back(std::move(one));
    }
    return text_of(result);
}

}  // namespace guide::report
