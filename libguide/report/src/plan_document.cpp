// SPDX-License-Identifier: Apache-2.0
#include "plan_document.hpp"

namespace guide::report {
namespace {

Json candidate_json(const plan::Candidate& c, const Frame* frame) {
    Json result;
    result["rank"] = c.rank;
    result["score"] = json(c.score);
    // A path in a label volume has no picture to lie in.
    result["entry_px"] = c.in_patient ? Json(nullptr) : json(c.entry);
    result["target_px"] = c.in_patient ? Json(nullptr) : json(c.target);
    result["entry_mm"] = json(c.entry_mm);
    result["target_mm"] = json(c.target_mm);
    result["angle_deg"] = json(c.angle_deg);
    result["path_mm"] = json(c.path_mm);
    result["clearance_mm"] = Json::object();
    for (const auto& [name, value] : c.clearance_mm)
        result["clearance_mm"][name] = json(value);
    result["p_hit"] = json(c.p_hit);
    result["tip_sigma_mm"] = json(c.tip_sigma_mm);
    result["visibility"] = json(c.visibility);
    result["warnings"] = json(c.warnings);
    result["tip_ellipse_mm"] = c.tip_ellipse ? Json{{"major", json(c.tip_ellipse->major_mm)},
                                                    {"minor", json(c.tip_ellipse->minor_mm)},
                                                    {"angle_deg", json(c.tip_ellipse->angle_deg)}}
                                             : Json(nullptr);
    result["sensitivities"] = Json::array();
    for (const auto& s : c.sensitivities)
        result["sensitivities"].push_back({{"assumption", s.assumption}, {"p_hit", json(s.p_hit)}});
    result["unseen_mm"] = json(c.unseen_mm);
    result["out_of_plane_mm"] = json(c.out_of_plane_mm);
    result["layers"] = Json::array();
    for (const auto& l : c.layers) {
        result["layers"].push_back(
            {{"name", l.name}, {"from_mm", json(l.from_mm)}, {"to_mm", json(l.to_mm)}});
    }
    if (c.in_patient) {
        result["entry_patient_mm"] = json(c.in_patient->entry_mm);
        result["target_patient_mm"] = json(c.in_patient->target_mm);
        result["tip_axes_mm"] = json(c.in_patient->tip_axes_mm);
    } else if (const auto placed = frame == nullptr ? std::nullopt : placed_path(*frame, c)) {
        result["entry_patient_mm"] = json(placed->entry_mm);
        result["target_patient_mm"] = json(placed->target_mm);
    }
    return result;
}

Json candidate_or_null(const std::optional<plan::Candidate>& c, const Frame* frame) {
    return c ? candidate_json(*c, frame) : Json(nullptr);
}

Json needle_json(const plan::Needle& needle) {
    return {{"gauge", needle.gauge},
            {"outer_diameter_mm", json(needle.outer_diameter_mm)},
            {"inner_diameter_mm", json(needle.inner_diameter_mm)},
            {"length_mm", json(needle.length_mm)},
            {"bevel", name_of(needle.bevel)},
            {"echogenic", needle.echogenic},
            {"name", needle.name.empty() ? Json(nullptr) : Json(needle.name)}};
}

Json injection_json(const plan::InjectionCheck& check) {
    const plan::InjectionOptions& o = check.options;
    return {{"product", o.product},
            {"volume_ml", json(o.volume_ml)},
            {"flow_ml_min", json(o.flow_ml_min)},
            {"viscosity_mpa_s", json(check.viscosity_mpa_s)},
            {"contrast_ml", json(o.contrast_ml)},
            {"local_anaesthetic", o.local_anaesthetic},
            {"wall_shear_pa", json(check.wall_shear_pa)},
            {"pressure_kpa", json(check.pressure_kpa)},
            {"residence_s", json(check.residence_s)},
            {"duration_s", json(check.duration_s)},
            {"warnings", json(check.warnings)}};
}

Json approach_json(const plan::Approach& a) {
    return {{"name", a.name},
            {"entry", name_of(a.entry)},
            {"side", name_of(a.side)},
            {"position", a.position},
            {"flexion_deg", Json::array({json(a.flexion_low_deg), json(a.flexion_high_deg)})},
            {"angle_deg", Json::array({json(a.angle_least_deg), json(a.angle_limit_deg)})},
            {"usual_needles", a.needles},
            {"published_accuracy", json(a.accuracy)},
            {"text", a.text},
            {"source", a.source}};
}

}  // namespace

std::optional<PlacedPath> placed_path(const Frame& frame, const plan::Candidate& c) {
    if (c.placed) return PlacedPath{c.placed->entry_mm, c.placed->target_mm};
    if (!frame.image_to_reference || !frame.spacing || !c.entry_mm || !c.target_mm) return {};
    const auto placed = [&](PixelPoint px, double off_plane_mm) -> Eigen::Vector3d {
        // The transform takes pixels; out of plane its third column is as long as a pixel is wide.
        const double across = off_plane_mm / frame.spacing->x_mm;
        return (*frame.image_to_reference * Eigen::Vector4d(px.x, px.y, across, 1)).head<3>();
    };
    return PlacedPath{placed(c.entry, c.out_of_plane_mm.value_or(0)), placed(c.target, 0)};
}

void add_plan(Json& result, const plan::Plan& plan, const Frame* frame) {
    result["reason"] = plan.reason ? Json(plan.reason->code) : Json(nullptr);
    result["explanation"] = plan.reason ? Json(plan.reason->text) : Json(nullptr);
    result["approach"] = plan.approach.empty() ? Json(nullptr) : Json(plan.approach);
    result["approach_details"] =
        plan.approach_used ? approach_json(*plan.approach_used) : Json(nullptr);
    result["needle"] = needle_json(plan.needle);
    result["candidates"] = Json::array();
    for (const auto& c : plan.candidates)
        result["candidates"].push_back(candidate_json(c, frame));
    result["rejected"] = Json::array();
    for (const auto& r : plan.rejected) {
        result["rejected"].push_back({{"code", r.code},
                                      {"count", r.count},
                                      {"closest", json(r.closest)},
                                      {"unit", r.unit},
                                      {"text", r.text}});
    }
    result["tried"] = plan.tried;
    result["allowed"] = plan.allowed;
    result["remedies"] = Json::array();
    for (const auto& r : plan.remedies) {
        result["remedies"].push_back(
            {{"code", r.code}, {"amount", json(r.amount)}, {"unit", r.unit}, {"text", r.text}});
    }
    result["alternatives"] = {{"safest", candidate_or_null(plan.safest, frame)},
                              {"shortest", candidate_or_null(plan.shortest, frame)},
                              {"most_visible", candidate_or_null(plan.most_visible, frame)}};
    result["injection"] = injection_json(plan.injection);
}

}  // namespace guide::report
