// SPDX-License-Identifier: Apache-2.0
#include "case_document.hpp"
#include "case_parts.hpp"
#include "segmentation_document.hpp"

#include <guide/report/truth.hpp>

#include <cmath>

namespace guide::report {
namespace {

Json point_json(const Eigen::Vector3d& v) {
    return Json::array({json(v.x()), json(v.y()), json(v.z())});
}

/// Every digit: matrices are multiplied on.
template <class Matrix>
Json rows_of(const Matrix& m) {
    Json result = Json::array();
    for (Eigen::Index r = 0; r < m.rows(); ++r) {
        Json row = Json::array();
        for (Eigen::Index c = 0; c < m.cols(); ++c)
            row.push_back(m(r, c));
        result.push_back(std::move(row));
    }
    return result;
}

Json bones_json(const std::vector<BoneSurface>& bones) {
    Json result = Json::array();
    for (const BoneSurface& bone : bones)
        result.push_back({{"kind", name_of(bone.kind)}, {"points_px", json(bone.points)}});
    return result;
}

Json outlines_json(const std::vector<PixelPolygon>& outlines) {
    Json result = Json::array();
    for (const PixelPolygon& outline : outlines)
        result.push_back(json(outline));
    return result;
}

Json truth_of(const TruthOrigin& origin, const Case& c, const Frame& frame,
              const Anatomy& anatomy) {
    Json result = segmentation(origin.source, frame, anatomy);
    result["schema"] = "guide.truth/1";
    result["sequence"] = {
        {"frame", origin.source.frame}, {"frames", origin.frames}, {"time_s", json(origin.time_s)}};
    result["files"] = {{"labels", origin.labels_file}, {"mask", origin.mask_file}};
    result["seed"] = c.seed;
    result["layers"] = Json::array();
    for (const Layer& layer : anatomy.layers)
        result["layers"].push_back({{"name", layer.name}, {"lower_px", json(layer.lower)}});
    result["obstacles"] = Json::array();
    for (const Obstacle& obstacle : anatomy.obstacles) {
        result["obstacles"].push_back(
            {{"kind", obstacle.kind}, {"outline_px", json(obstacle.outline)}});
    }
    result["unseen"] = Json::array();
    for (const UnseenRegion& region : anatomy.unseen) {
        result["unseen"].push_back({{"cause", region.cause}, {"outline_px", json(region.outline)}});
    }
    return result;
}

/// What both modalities say of a needle.
Json needle_json(const Case& c, const simulate::InsertedNeedle& needle) {
    return {{"gauge", c.needle ? Json(c.needle->gauge) : Json(nullptr)},
            {"outer_diameter_mm", json(needle.outer_diameter_mm)},
            {"length_mm", c.needle ? json(c.needle->length_mm) : Json(nullptr)},
            {"inserted_mm", json(needle.inserted_mm)},
            {"bend_mm", json(needle.bend_mm)},
            {"tip_mm", point_json(needle.tip)},
            {"entry_mm", point_json(needle.point_at(needle.inserted_mm))},
            {"direction", point_json(needle.direction)}};
}

Json arm_json(const simulate::CArm& arm) {
    const PinholeCamera camera = simulate::calibration_of(arm.geometry());
    return {{"isocentre_mm", point_json(arm.isocentre)},
            {"primary_deg", json(arm.primary_deg)},
            {"secondary_deg", json(arm.secondary_deg)},
            {"roll_deg", json(arm.roll_deg)},
            {"source_to_isocentre_mm", json(arm.source_to_isocentre_mm)},
            {"source_to_detector_mm", json(arm.source_to_detector_mm)},
            {"detector_pixel_mm", json(arm.pixel_mm)},
            {"intrinsic", rows_of(camera.intrinsic)},
            {"rotation", rows_of(camera.rotation)},
            {"translation_mm", point_json(Eigen::Vector3d(camera.translation))}};
}

}  // namespace

std::string ultrasound_truth_json(
    const TruthOrigin& origin, const Case& c, const Frame& frame,
    const simulate::UltrasoundTruth& truth,
    const RigidTransform<PatientSpace, ProbeSpace>& patient_from_probe, const ShownScene& scene) {
    Json result = truth_of(origin, c, frame, truth.anatomy);
    result["labels"] = Json::object();
    for (int t = 0; t < simulate::kTissueCount; ++t)
        result["labels"][std::to_string(t)] = name_of(static_cast<simulate::Tissue>(t));
    result["hidden"] = {{"bones", bones_json(truth.hidden_bones)},
                        {"fluid_px", outlines_json(truth.hidden_fluid)}};
    result["needle"] = nullptr;
    if (scene.needle && truth.needle) {
        Json n = needle_json(c, *scene.needle);
        n["axis_px"] = json(truth.needle->axis);
        n["entry_px"] =
            truth.needle->axis.empty() ? Json(nullptr) : json(truth.needle->axis.front());
        n["tip_px"] = json(truth.needle->tip);
        n["tip_across_mm"] = json(truth.needle->tip_across_mm);
        n["angle_deg"] = json(truth.needle->angle_deg);
        n["visible"] = json(truth.needle->visible);
        result["needle"] = std::move(n);
    }
    result["probe"] = {
        {"patient_from_probe", rows_of(patient_from_probe.motion().matrix())},
        {"patient_from_image",
         frame.image_to_reference ? rows_of(*frame.image_to_reference) : Json(nullptr)}};
    if (scene.screen) result["screen"] = screen_json(*scene.screen);
    if (scene.injection) {
        const InjectionTruth& i = *scene.injection;
        result["injection"] = {
            {"site", i.site == simulate::InjectionSite::recess ? "recess" : "soft-tissue"},
            {"injected_ml", json(i.injected_ml)},
            {"effusion_mm", json(i.effusion_mm)},
            {"recess_ml", json(i.recess_ml)},
            {"pool_ml", json(i.pool_ml)}};
    }
    result["case"] = case_document(c);
    return text_of(result);
}

std::string fluoroscopy_truth_json(const TruthOrigin& origin, const Case& c, const Frame& frame,
                                   const simulate::FluoroscopyTruth& truth,
                                   const simulate::FluoroscopySettings& settings,
                                   const std::optional<OtherView>& other) {
    Json result = truth_of(origin, c, frame, truth.anatomy);
    result["label_bits"] = {{"1", "femur"},
                            {"2", "tibia"},
                            {"4", "patella"},
                            {"8", "fibula"},
                            {"16", "contrast-agent"}};
    result["needle"] = nullptr;
    if (settings.needle) {
        Json n = needle_json(c, *settings.needle);
        n["axis_px"] = json(truth.needle);
        n["entry_px"] = truth.needle.empty() ? Json(nullptr) : json(truth.needle.front());
        n["tip_px"] = truth.tip ? json(*truth.tip) : Json(nullptr);
        n["tip_depth_mm"] = json(truth.tip_depth_mm);
        result["needle"] = std::move(n);
    }
    result["wires"] = Json::array();
    for (std::size_t i = 0; i < settings.wires.size() && i < truth.wires.size(); ++i) {
        result["wires"].push_back({{"name", i < c.wires.size() ? c.wires[i].name : "wire"},
                                   {"radius_mm", json(settings.wires[i].radius_mm)},
                                   {"axis_px", json(truth.wires[i])}});
    }
    if (c.sequence.motion == Motion::injection) {
        result["injection"] = {{"site", c.contrast == Contrast::in_joint ? "joint" : "soft-tissue"},
                               {"injected_ml", json(settings.contrast_ml)},
                               {"shown_ml", json(truth.contrast_ml)}};
    }
    result["c_arm"] = arm_json(settings.arm);
    if (other)
        result["biplane"] = {{"other_file", other->file}, {"other_c_arm", arm_json(other->arm)}};
    result["case"] = case_document(c);
    return text_of(result);
}

}  // namespace guide::report
