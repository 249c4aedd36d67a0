// SPDX-License-Identifier: Apache-2.0
#include "plan_document.hpp"

#include <guide/report/volume.hpp>

namespace guide::report {

std::string volume_plan_json(const SourceReference& source, const LabelVolume& volume,
                             const plan::VolumeScene& scene, const plan::Plan& plan) {
    Json result;
    result["schema"] = "guide.plan/1";
    result["notice"] = "training and research, not a medical device";
    result["source"] = {{"file", source.file},
                        {"sha256", source.sha256.empty() ? Json(nullptr) : Json(source.sha256)}};
    Json placed = Json::array();
    for (int row = 0; row < 4; ++row) {
        Json numbers = Json::array();
        // Every digit of a direction counts.
        for (int column = 0; column < 4; ++column)
            numbers.push_back(volume.patient_from_voxel.matrix()(row, column));
        placed.push_back(numbers);
    }
    result["volume"] = {{"size", Json::array({volume.size[0], volume.size[1], volume.size[2]})},
                        {"patient_from_voxel", placed},
                        {"knee", plan::name_of(scene.side())},
                        {"joint_space_mm3", json(scene.joint_mm3())},
                        {"joint_space_middle_patient_mm", json(scene.joint_middle())},
                        {"joint_space_widest_mm", json(scene.widest_mm())},
                        {"notes", json(scene.notes())}};
    result["status"] = plan::name_of(plan.status);
    add_plan(result, plan, nullptr);
    return text_of(result);
}

}  // namespace guide::report
