// SPDX-License-Identifier: Apache-2.0
#include "contest.hpp"

#include <guide/plan/plan_volume.hpp>
#include <guide/simulate/knee.hpp>

#include <memory>

namespace {

using namespace guide;

/// A simulated knee with an effusion, 0.7 mm voxels, and what its labels mean.
std::pair<LabelVolume, plan::LabelTable> simulated_knee() {
    simulate::KneeParameters parameters;
    parameters.effusion_mm = 6;
    const simulate::Knee knee(parameters);
    const Eigen::Vector3d middle = knee.landmarks().recess;
    const Eigen::Vector3d half(55, 50, 50);
    const auto field = knee.field({middle - half, middle + half}, 0.7);
    LabelVolume volume;
    volume.size = field.grid().size;
    volume.patient_from_voxel = field.grid().patient_from_grid;
    volume.labels = field.labels();
    plan::LabelTable table;
    table.side = plan::KneeSide::right;
    for (int value = 0; value < simulate::kTissueCount; ++value) {
        using enum simulate::Tissue;
        const auto tissue = static_cast<simulate::Tissue>(value);
        plan::LabelEntry entry{value, plan::LabelRole::soft, std::string(name_of(tissue))};
        if (tissue == outside) entry.role = plan::LabelRole::outside;
        if (tissue == joint_fluid) entry.role = plan::LabelRole::joint_space;
        if (is_bone(tissue)) entry.role = plan::LabelRole::bone;
        if (tissue == cartilage) entry.role = plan::LabelRole::cartilage;
        if (tissue == artery || tissue == vein || tissue == nerve || tissue == quadriceps_tendon ||
            tissue == patellar_tendon) {
            entry.role = plan::LabelRole::obstacle;
            if (tissue == artery || tissue == vein) entry.name = "vessel";
            if (tissue == quadriceps_tendon || tissue == patellar_tendon) entry.name = "tendon";
        }
        table.labels.push_back(entry);
    }
    return {std::move(volume), std::move(table)};
}

plan::PlanOptions superolateral() {
    plan::PlanOptions options;
    options.approach = "superolateral";
    return options;
}

/// All that is done once for a volume and a set of options.
bench::Entry prepare(const bench::Case&) {
    auto input = std::make_shared<const std::pair<LabelVolume, plan::LabelTable>>(simulated_knee());
    auto ready = std::make_shared<bool>(false);
    return {[input, ready] {
                const auto scene = plan::VolumeScene::make(input->first, input->second);
                *ready = scene && plan::VolumePlanner::make(*scene, superolateral());
            },
            [ready] { return *ready ? "" : "no planner was made"; }};
}

bench::Entry plan_ready(const bench::Case&) {
    const auto [volume, table] = simulated_knee();
    const auto scene = plan::VolumeScene::make(volume, table);
    auto planner = std::make_shared<const plan::VolumePlanner>(
        *plan::VolumePlanner::make(*scene, superolateral()));
    auto plan = std::make_shared<plan::Plan>();
    return {
        [planner, plan] { *plan = planner->plan(); },
        [plan] { return plan->status == plan::PlanStatus::planned ? "" : "no path was planned"; }};
}

/// A path that somebody drew.
bench::Entry check_ready(const bench::Case&) {
    const auto [volume, table] = simulated_knee();
    const auto scene = plan::VolumeScene::make(volume, table);
    auto planner = std::make_shared<const plan::VolumePlanner>(
        *plan::VolumePlanner::make(*scene, superolateral()));
    const Eigen::Vector3d target = scene->joint_middle();
    auto result = std::make_shared<plan::TrajectoryCheck>();
    return {[planner, result, target] {
                *result = planner->check({target + Eigen::Vector3d(-30, -15, 0), target});
            },
            [result] { return result->path.path_mm ? "" : "nothing was measured"; }};
}

// The size is that of one slice of the volume; there are 143.
const bench::Contest volume_prepare("plan_volume_prepare", {{"guide", prepare}},
                                    {{{158, 143}}, {1}});
const bench::Contest volume_plan("plan_volume", {{"guide", plan_ready}}, {{{158, 143}}, {1}});
const bench::Contest volume_check("plan_volume_check", {{"guide", check_ready}},
                                  {{{158, 143}}, {1}});

}  // namespace
