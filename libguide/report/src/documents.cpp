// SPDX-License-Identifier: Apache-2.0
#include "json_values.hpp"
#include "plan_document.hpp"
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
    result["image_left_mean_width_mm"] = json(w.left_mean_mm);
    result["image_right_mean_width_mm"] = json(w.right_mean_mm);
    result["image_left_mean_width_px"] = json(w.left_mean_px);
    result["image_right_mean_width_px"] = json(w.right_mean_px);
    result["joint_line_px"] = json(w.joint_line_px);
    if (w.joint_line_px > 0) {
        // Shares of the joint line: comparable between pictures without a scale.
        result["image_left_width_ratio"] = json(w.left_px / w.joint_line_px);
        result["image_right_width_ratio"] = json(w.right_px / w.joint_line_px);
    }
    result["standard_widths"] = Json::array();
    for (const auto& at : w.standard)
        result["standard_widths"].push_back(
            {{"place", json(at.place)}, {"px", json(at.px)}, {"mm", json(at.mm)}});
    if (joint.narrowing) {
        result["narrowing"] = {
            {"degree", name_of(joint.narrowing->degree)},
            {"narrowed_probability", json(joint.narrowing->narrowed_probability)},
            {"asymmetry", json(joint.narrowing->asymmetry)},
            {"note",
             "Describes this picture; not a diagnosis. Width depends on load, flexion and "
             "beam."}};
    }
    result["landmarks_px"] = Json::object();
    for (const auto& landmark : joint.landmarks)
        result["landmarks_px"][landmark.name] = json(landmark.at);
    return result;
}

Json cartilage_json(const Cartilage& cartilage) {
    const auto range = thickness_range(cartilage);
    return {{"bone", "femur"},
            {"surface_px", json(cartilage.surface)},
            {"bone_px", json(cartilage.bone)},
            {"mean_thickness_mm", range ? json(range->mean_mm) : Json(nullptr)},
            {"least_thickness_mm", range ? json(range->least_mm) : Json(nullptr)},
            {"largest_thickness_mm", range ? json(range->largest_mm) : Json(nullptr)},
            {"confidence", json(cartilage.confidence)}};
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
    result["cartilage"] = anatomy.cartilage ? cartilage_json(*anatomy.cartilage) : Json(nullptr);
    result["skin_px"] = json(anatomy.skin);
    result["notes"] = json(anatomy.notes);
    return result;
}

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
    add_plan(result, plan, &frame);
    return text_of(result);
}

std::string plan_json(const SourceReference& source, const Frame& frame, const Anatomy& anatomy,
                      const plan::XrayPlan& plan) {
    Json result = segmentation(source, frame, anatomy);
    result["schema"] = "guide.plan/1";
    result["segmentation_status"] = result["status"];
    result["status"] = name_of(plan.plan.status);
    const auto seen = [](const std::optional<PixelPoint>& p) {
        return p ? json(*p) : Json(nullptr);
    };
    result["c_arm"] = {{"mm_per_pixel", json(plan.mm_per_pixel)},
                       {"ray_miss_mm", json(plan.ray_miss_mm)},
                       {"entry_in_other_px", seen(plan.entry_in_other)},
                       {"target_in_other_px", seen(plan.target_in_other)},
                       {"p_hit_in_other", json(plan.p_hit_in_other)}};
    if (const auto& centre = plan.centre) {
        const auto& p = centre->point;
        result["c_arm"]["joint_centre"] = {
            {"patient_mm", {p.x(), p.y(), p.z()}},
            {"px", json(centre->seen[0])},
            {"in_other_px", json(centre->seen[1])},
            {"rays_apart_mm", json(centre->rays_apart_mm)},
            {"middles_apart_mm", json(centre->middles_apart_mm)},
            {"from_middle_mm", {centre->from_middle_mm[0], centre->from_middle_mm[1]}}};
    }
    add_plan(result, plan.plan, &frame);
    return text_of(result);
}

}  // namespace guide::report
