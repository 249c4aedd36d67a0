// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/simulate/tissue_field.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace guide::simulate {

/// Label volumes mostly hold bones and cartilage alone. The same labels (numbers of Tissue, x
/// fastest) with `outside` turned into `tissue` as far as `around_mm` (0 to 1000) from what is
/// labelled, to about 2 mm: flesh as thick everywhere, which no leg has. Throws PreconditionError
/// for a wrong count or range.
[[nodiscard]] GUIDE_SIMULATE_EXPORT std::vector<std::uint8_t> with_surroundings(
    const VoxelGrid& grid, std::vector<std::uint8_t> labels, Tissue tissue, double around_mm);

/// Where a technician centres: between the middle of the femur's lowest centimetre and that of the
/// tibia's highest, patient mm. None without voxels of both.
[[nodiscard]] GUIDE_SIMULATE_EXPORT std::optional<Eigen::Vector3d> joint_centre(
    const VoxelGrid& grid, const std::vector<std::uint8_t>& labels);

}  // namespace guide::simulate
