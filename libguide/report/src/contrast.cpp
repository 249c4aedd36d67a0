// SPDX-License-Identifier: Apache-2.0
#include "json_values.hpp"

#include <guide/report/contrast.hpp>

#include <sstream>

namespace guide::report {
namespace {

Json source_json(const SourceReference& source) {
    return {{"file", source.file}, {"sha256", source.sha256}, {"frame", source.frame}};
}

Json agent_json(const segment::ContrastCheck& check) {
    const segment::ContrastShape& s = check.shape;
    return {{"centre_px", json(check.centre)}, {"area_px", json(check.area_px)},
            {"pooled", json(s.pooled)},        {"offset", json(s.offset)},
            {"spread", json(s.spread)},        {"slenderness", json(s.slenderness)},
            {"streaks", json(s.streaks)},      {"dents", json(s.dents)},
            {"sharpness", json(s.sharpness)}};
}

}  // namespace

std::string contrast_json(const SourceReference& before, const SourceReference& after,
                          const segment::ContrastCheckOptions& options,
                          const Expected<segment::ContrastCheck>& check) {
    Json result;
    result["schema"] = "guide.contrast/1";
    result["before"] = source_json(before);
    result["after"] = source_json(after);
    result["view"] = name_of(options.view);
    result["tip_px"] = options.tip ? json(*options.tip) : Json();
    result["injected_ml"] = json(options.injected_ml);
    result["place"] = check ? name_of(check->place) : "unsure";
    result["probability_inside"] = check ? json(check->probability_inside) : Json();
    result["reason"] = nullptr;
    if (!check) result["reason"] = {{"code", check.error().code}, {"text", check.error().text}};
    result["agent"] = check ? agent_json(*check) : Json();
    result["moved_px"] = check ? json(check->moved) : Json();
    result["notes"] = check ? json(check->notes) : Json::array();
    return text_of(result);
}

std::string contrast_summary(const Expected<segment::ContrastCheck>& check) {
    if (!check) return "no answer: " + check.error().text + '\n';
    std::ostringstream text;
    text.setf(std::ios::fixed);
    text.precision(0);
    switch (check->place) {
        case segment::ContrastPlace::inside:
            text << "contrast runs away as in the joint";
            break;
        case segment::ContrastPlace::outside:
            text << "contrast pools as outside the joint";
            break;
        case segment::ContrastPlace::unsure:
            text << "unsure where contrast went";
            break;
    }
    text << " (probability of inside " << 100 * check->probability_inside
         << " %). Look at the frames; this is no medical device.\n";
    for (const Reason& note : check->notes)
        text << "note: " << note.text << '\n';
    return text.str();
}

}  // namespace guide::report
