// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/simulate/fluoroscopy.hpp>
#include <guide/simulate/tissue_field.hpp>

#include <cstdint>
#include <vector>

namespace guide::simulate {

/// The way that contrast agent takes, worked out once: which voxels it reaches, in which order.
struct ContrastSpread {
    VoxelGrid grid;  ///< a box of the volume's voxels
    /// Room that is reached before this voxel, ml; negative where no agent comes.
    std::vector<float> arrives_ml;
    std::vector<float> water;            ///< of the tissue there, see MaterialShare
    double room_ml = 0;                  ///< of all that is reached
    double most_share = 1, plateau = 0;  ///< of agent, see shares_after

    /// Share of agent in each voxel once `ml` were injected: even up to a part (`plateau`) of the
    /// room reached, then falling to none at the front. All shares together hold `ml`, or all that
    /// there is room for.
    [[nodiscard]] std::vector<float> shares_after(double ml) const;
};

/// Throws PreconditionError where there is no room for agent within 10 mm of the needle's tip.
[[nodiscard]] ContrastSpread spread_of(const VoxelGrid& grid,
                                       const std::vector<std::uint8_t>& codes,
                                       const ContrastAgent& agent);

}  // namespace guide::simulate
