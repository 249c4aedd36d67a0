// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/plan/plan_volume.hpp>

#include <Eigen/Geometry>

namespace guide::test {

/// 80 x 40 x 50 voxels of a millimetre: air in front (y < 5), tissue, a joint space 6 mm thick from
/// y = 16 to 22, femur behind y = 28. Voxel (i, j, k) stands at (i, j, k), LPS.
struct SampleVolume {
    LabelVolume volume;
    plan::LabelTable table;

    SampleVolume() {
        volume.size = {80, 40, 50};
        volume.labels.resize(volume.count(), 1);
        fill({0, 0, 0}, {80, 5, 50}, 0);
        fill({0, 28, 0}, {80, 40, 50}, 3);
        fill({32, 16, 15}, {52, 22, 35}, 2);
        using Role = plan::LabelRole;
        table.labels = {{0, Role::outside, ""},        {1, Role::soft, "muscle"},
                        {2, Role::joint_space, ""},    {3, Role::bone, "femur"},
                        {4, Role::obstacle, "vessel"}, {5, Role::obstacle, "nerve"}};
        table.side = plan::KneeSide::right;
    }

    /// Voxels from `low` to below `high`.
    void fill(std::array<int, 3> low, std::array<int, 3> high, std::uint8_t label) {
        for (int k = low[2]; k < high[2]; ++k) {
            for (int j = low[1]; j < high[1]; ++j) {
                for (int i = low[0]; i < high[0]; ++i)
                    volume.labels[static_cast<std::size_t>(
                        i + volume.size[0] * (j + volume.size[1] * k))] = label;
            }
        }
    }

    [[nodiscard]] plan::VolumeScene scene(int threads = 1) const {
        return *plan::VolumeScene::make(volume, table, {.threads = threads});
    }
};

inline plan::PlanOptions superolateral() {
    plan::PlanOptions options;
    options.approach = "superolateral";
    return options;
}

}  // namespace guide::test
