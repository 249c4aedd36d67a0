// SPDX-License-Identifier: Apache-2.0
#include "case_document.hpp"
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

}  // namespace

std::string ultrasound_truth_json(
    const TruthOrigin& origin, const Case& c, const Frame& frame,
    const simulate::UltrasoundTruth& truth,
    const RigidTransform<PatientSpace, ProbeSpace>& patient_from_probe,
    const std::optional<simulate::InsertedNeedle>& needle) {
    Json result = truth_of(origin, c, frame, truth.anatomy);
    result["labels"] = Json::object();
    for (int t = 0; t < simulate::kTissueCount; ++t)
        result["labels"][std::to_string(t)] = name_of(static_cast<simulate::Tissue>(t));
    result["hidden"] = {{"bones", bones_json(truth.hidden_bones)},
                        {"fluid_px", outlines_json(truth.hidden_fluid)}};
    result["needle"] = nullptr;
    if (needle && truth.needle) {
        Json n = needle_json(c, *needle);
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
    result["case"] = case_document(c);
    return text_of(result);
}

std::string fluoroscopy_truth_json(const TruthOrigin& origin, const Case& c, const Frame& frame,
                                   const simulate::FluoroscopyTruth& truth,
                                   const simulate::FluoroscopySettings& settings) {
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
    const simulate::CArm& arm = settings.arm;
    result["c_arm"] = {
        {"isocentre_mm", point_json(arm.isocentre)},
        {"primary_deg", json(arm.primary_deg)},
        {"secondary_deg", json(arm.secondary_deg)},
        {"roll_deg", json(arm.roll_deg)},
        {"source_to_isocentre_mm", json(arm.source_to_isocentre_mm)},
        {"source_to_detector_mm", json(arm.source_to_detector_mm)},
        {"detector_pixel_mm", json(arm.pixel_mm)},
        {"intrinsic", rows_of(truth.calibration.intrinsic)},
        {"rotation", rows_of(truth.calibration.rotation)},
        {"translation_mm", point_json(Eigen::Vector3d(truth.calibration.translation))}};
    result["case"] = case_document(c);
    return text_of(result);
}

}  // namespace guide::report
