// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/label_volume.hpp>
#include <guide/core/expected.hpp>
#include <guide/plan/plan_volume.hpp>
#include <guide/report/documents.hpp>
#include <guide/report/explanation.hpp>
#include <guide/report/export.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace guide::report {

/// What the labels of a volume mean, from JSON: {"schema": "guide.labels/1", "labels": [{"value":
/// 1, "role": "bone", "name": "femur"}, ...], "others": "soft", "side": "right", "skin_offset_mm":
/// 15, "joint_between": {"one": [1], "other": [2], "mm": 5}, "boundary_sigma_mm": 0.3, "probe":
/// {"face_mm": [0, -60, 20], "along": [1, 0, 0], "looks": [0, 1, 0], "width_mm": 38}}. Fields are
/// those of plan::LabelTable. The reason ("bad-labels") names the entry and the field that are
/// wrong; unknown fields are wrong.
[[nodiscard]] GUIDE_REPORT_EXPORT Expected<plan::LabelTable> read_label_table(
    std::string_view json);

/// Schema "guide.plan/1" with `volume` in place of what is said of a frame; positions of its paths
/// are entry_patient_mm and target_patient_mm (LPS).
[[nodiscard]] GUIDE_REPORT_EXPORT std::string volume_plan_json(const SourceReference& source,
                                                               const LabelVolume& volume,
                                                               const plan::VolumeScene& scene,
                                                               const plan::Plan& plan);

/// As markups_json; the points are the patient's, LPS.
[[nodiscard]] GUIDE_REPORT_EXPORT Expected<std::string> volume_markups_json(const plan::Plan& plan);

/// As explain_plan; `notes` are those of the scene.
[[nodiscard]] GUIDE_REPORT_EXPORT std::vector<Paragraph> explain_volume_plan(
    const std::vector<Reason>& notes, const plan::Plan& plan);
[[nodiscard]] GUIDE_REPORT_EXPORT std::string volume_explanation_text(
    const std::vector<Reason>& notes, const plan::Plan& plan);

}  // namespace guide::report
