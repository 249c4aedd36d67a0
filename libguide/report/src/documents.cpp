// SPDX-License-Identifier: Apache-2.0
#include "json_values.hpp"
#include "segmentation_document.hpp"

#include <guide/report/documents.hpp>

namespace guide::report {
namespace {

constexpr const char* kNotice = "training and research, not a medical device";

Json frame_json(const Frame& frame, const Anatomy& anatomy) {
    // A plain picture does not say what made it; the view it was read as does.
    Modality modality = frame.modality;
    if (modality == Modality::unknown && anatomy.view != View::unknown) {
        modality = is_xray(anatomy.view) ? Modality::radiograph : Modality::ultrasound;
    }
    Json result;
    result["modality"] = name_of(modality);
    result["size_px"] = Json::array({frame.intensity.width(), frame.intensity.height()});
    result["spacing_mm"] = json(frame.spacing);
    result["spacing_source"] = name_of(frame.spacing_source);
    result["content_box_px"] = json(anatomy.content_box);
    return result;
}

Json joint_json(const Anatomy& anatomy) {
    if (!anatomy.joint_space) return nullptr;
    const JointSpace& joint = *anatomy.joint_space;
    Json result;
    result["contours_px"] = Json::array();
    for (const auto& contour : joint.contours)
        result["contours_px"].push_back(json(contour));
    result["target_px"] = json(joint.target);
    result["confidence"] = json(joint.confidence);
    result["boundary_sigma_px"] = json(joint.boundary_sigma_px);
    result["area_mm2"] = json(joint.area_mm2);
    if (!joint.widths) {
        result["depth_mm"] = json(joint.depth_mm);
        result["thickness_mm"] = json(joint.thickness_mm);
        result["effusion"] = json(joint.effusion);
        return result;
    }
    const JointWidths& w = *joint.widths;
    // Which side is medial is known only with the knee's side, which no frame format of this
    // version tells.
    result["medial_width_mm"] = nullptr;
    result["lateral_width_mm"] = nullptr;
    result["image_left_width_mm"] = json(w.left_mm);
    result["image_right_width_mm"] = json(w.right_mm);
    result["minimum_width_mm"] = json(w.minimum_mm);
    result["image_left_width_px"] = json(w.left_px);
    result["image_right_width_px"] = json(w.right_px);
    result["minimum_width_px"] = json(w.minimum_px);
    result["minimum_width_at_px"] = json(w.minimum_at);
    result["bone_on_bone"] = w.bone_on_bone;
    return result;
}

}  // namespace

Json segmentation(const SourceReference& source, const Frame& frame, const Anatomy& anatomy) {
    Json result;
    result["schema"] = "guide.segmentation/1";
    result["notice"] = kNotice;
    result["source"] = {{"file", source.file},
                        {"sha256", source.sha256.empty() ? Json(nullptr) : Json(source.sha256)},
                        {"frame", source.frame}};
    result["frame"] = frame_json(frame, anatomy);
    result["view"] = name_of(anatomy.view);
    if (anatomy.view_confidence) {
        result["view_recognised"] = {{"name", name_of(anatomy.view)},
                                     {"confidence", json(*anatomy.view_confidence)}};
    }
    result["status"] =
        !anatomy.joint_space ? "not-found" : (frame.spacing ? "found" : "uncalibrated");
    if (!anatomy.joint_space) {
        result["reason"] = anatomy.joint_space.error().code;
        result["explanation"] = anatomy.joint_space.error().text;
    } else if (!frame.spacing) {
        result["reason"] = "no-calibration";
        result["explanation"] =
            "The frame has no scale: positions are in pixels, and there are no millimetres.";
    } else {
        result["reason"] = nullptr;
        result["explanation"] = nullptr;
    }
    result["joint_space"] = joint_json(anatomy);
    result["bones"] = Json::array();
    for (const auto& bone : anatomy.bones) {
        result["bones"].push_back({{"kind", name_of(bone.kind)},
                                   {"points_px", json(bone.points)},
                                   {"confidence", json(bone.confidence)}});
    }
    result["skin_px"] = json(anatomy.skin);
    result["notes"] = json(anatomy.notes);
    return result;
}

namespace {

Json candidate_json(const plan::Candidate& c) {
    Json result;
    result["rank"] = c.rank;
    result["score"] = json(c.score);
    result["entry_px"] = json(c.entry);
    result["target_px"] = json(c.target);
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
    return result;
}

Json candidate_or_null(const std::optional<plan::Candidate>& c) {
    return c ? candidate_json(*c) : Json(nullptr);
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

std::string segmentation_json(const SourceReference& source, const Frame& frame,
                              const Anatomy& anatomy) {
    return text_of(segmentation(source, frame, anatomy));
}

std::string plan_json(const SourceReference& source, const Frame& frame, const Anatomy& anatomy,
                      const plan::Plan& plan) {
    Json result = segmentation(source, frame, anatomy);
    result["schema"] = "guide.plan/1";
    result["segmentation_status"] = result["status"];
    result["status"] = name_of(plan.status);
    result["reason"] = plan.reason ? Json(plan.reason->code) : Json(nullptr);
    result["explanation"] = plan.reason ? Json(plan.reason->text) : Json(nullptr);
    result["approach"] = plan.approach.empty() ? Json(nullptr) : Json(plan.approach);
    result["approach_details"] =
        plan.approach_used ? approach_json(*plan.approach_used) : Json(nullptr);
    result["needle"] = needle_json(plan.needle);
    result["candidates"] = Json::array();
    for (const auto& c : plan.candidates)
        result["candidates"].push_back(candidate_json(c));
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
    result["alternatives"] = {{"safest", candidate_or_null(plan.safest)},
                              {"shortest", candidate_or_null(plan.shortest)},
                              {"most_visible", candidate_or_null(plan.most_visible)}};
    result["injection"] = injection_json(plan.injection);
    return text_of(result);
}

}  // namespace guide::report
