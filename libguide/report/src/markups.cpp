// SPDX-License-Identifier: Apache-2.0
#include "plan_document.hpp"

#include <guide/report/markups.hpp>
#include <guide/report/volume.hpp>

namespace guide::report {
namespace {

const char* const kSchema =
    "https://raw.githubusercontent.com/slicer/slicer/master/Modules/Loadable/Markups/Resources/"
    "Schema/markups-schema-v1.0.3.json#";

Json point_json(int id, const char* label, const std::string& text, const Eigen::Vector3d& p) {
    return {{"id", std::to_string(id)},
            {"label", label},
            {"description", text},
            {"associatedNodeID", ""},
            {"position", Json::array({json(p.x()), json(p.y()), json(p.z())})},
            {"orientation", Json::array({1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0})},
            {"selected", true},
            {"locked", true},
            {"visibility", true},
            {"positionStatus", "defined"}};
}

Json markup_json(const char* type, const Json& points) {
    Json result;
    result["type"] = type;
    result["coordinateSystem"] = "LPS";
    result["coordinateUnits"] = "mm";
    result["locked"] = true;
    result["fixedNumberOfControlPoints"] = true;
    result["labelFormat"] = "%N-%d";
    result["lastUsedControlPointNumber"] = 2;
    result["controlPoints"] = points;
    return result;
}

std::string document_of(const std::string& at_entry, const Eigen::Vector3d& entry,
                        const std::string& at_target, const Eigen::Vector3d& target) {
    const Json points = Json::array(
        {point_json(1, "entry", at_entry, entry), point_json(2, "target", at_target, target)});
    Json document;
    document["@schema"] = kSchema;
    document["markups"] =
        Json::array({markup_json("Line", points), markup_json("Fiducial", points)});
    return text_of(document);
}

}  // namespace

Expected<std::string> markups_json(const Frame& frame, const plan::Plan& plan) {
    if (plan.candidates.empty()) return no_answer("no-path", "There is no path to write.");
    const auto& best = plan.candidates.front();
    if (!best.entry_mm || !best.target_mm)
        return no_answer("no-calibration", "Without a scale a path has no millimetres.");
    if (const auto placed = placed_path(frame, best)) {
        const std::string where = "in the space of the tracked frame's reference";
        return document_of("Skin, " + where, placed->entry_mm, "Tip, " + where, placed->target_mm);
    }
    const std::string where =
        "in the image plane: x right, y down, no place in the patient is known";
    const double off = best.out_of_plane_mm.value_or(0);
    return document_of("Skin, " + where, {best.entry_mm->x, best.entry_mm->y, off}, "Tip, " + where,
                       {best.target_mm->x, best.target_mm->y, 0});
}

Expected<std::string> volume_markups_json(const plan::Plan& plan) {
    if (plan.candidates.empty() || !plan.candidates.front().in_patient)
        return no_answer("no-path", "There is no path to write.");
    const auto& best = *plan.candidates.front().in_patient;
    return document_of("Skin, in the label volume's patient space", best.entry_mm,
                       "Tip, in the label volume's patient space", best.target_mm);
}

}  // namespace guide::report
