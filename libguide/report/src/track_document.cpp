// SPDX-License-Identifier: Apache-2.0
#include "json_values.hpp"

#include <guide/report/track.hpp>

namespace guide::report {

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
        result["frames"].push_back(std::move(one));
    }
    return text_of(result);
}

}  // namespace guide::report
