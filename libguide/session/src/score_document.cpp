// SPDX-License-Identifier: Apache-2.0
#include <guide/session/run.hpp>
#include <guide/session/score.hpp>

#include <nlohmann/json.hpp>

namespace guide::session {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const assess::ScoredItem& s) {
    return {{"code", s.item.code},
            {"value", s.item.value ? Json(*s.item.value) : Json(nullptr)},
            {"unit", s.item.unit},
            {"good", s.item.weight > 0 ? Json(s.item.good) : Json(nullptr)},
            {"bad", s.item.weight > 0 ? Json(s.item.bad) : Json(nullptr)},
            {"weight", s.item.weight},
            {"points", s.points},
            {"lost", s.lost},
            {"necessary", s.item.necessary}};
}

Json ending_of(const Log& log) {
    for (const LogEntry& entry : log.entries) {
        if (const auto* ended = std::get_if<Ended>(&entry)) return name_of(ended->how);
    }
    return nullptr;
}

}  // namespace

std::string score_json(const Log& log, const SessionScore& score) {
    Json result;
    result["schema"] = "guide.score/1";
    result["lesson"] = log.lesson.id;
    result["ending"] = ending_of(log);
    result["points"] = score.score.points;
    result["pass_points"] = score.score.pass_points;
    result["passed"] = score.score.passed;
    result["missing"] = score.score.missing;
    result["items"] = Json::array();
    for (const assess::ScoredItem& item : score.score.items)
        result["items"].push_back(json_of(item));
    result["went_well"] = score.went_well;
    result["to_change"] = score.to_change;
    return result.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace guide::session
