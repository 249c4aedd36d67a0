// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Geometry>

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace guide {

/// A volume in which every voxel has the number of what it holds. What the numbers mean stands in a
/// table of the user's, not here.
struct LabelVolume {
    std::array<int, 3> size{};  ///< voxels along x, y, z
    /// LPS mm; voxel (i, j, k) is centred at patient_from_voxel * (i, j, k).
    Eigen::Affine3d patient_from_voxel = Eigen::Affine3d::Identity();
    std::vector<std::uint8_t> labels;  ///< x fastest

    [[nodiscard]] std::size_t count() const {
        return static_cast<std::size_t>(size[0]) * static_cast<std::size_t>(size[1]) *
               static_cast<std::size_t>(size[2]);
    }
};

}  // namespace guide
