// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/simulate/fluoroscopy.hpp>

#include <optional>
#include <vector>

namespace guide::simulate {

/// What a field is projected from: ways of materials, and the bodies whose silhouettes are truth.
struct FluoroscopySimulator::State {
    Projector water, bone;
    std::optional<Projector> contrast;
    std::vector<Projector> bodies;  ///< femur, tibia, patella, fibula, contrast agent
};

/// Points along the needle's axis, from skin to tip, close enough for its bend.
[[nodiscard]] std::vector<Eigen::Vector3d> axis_of(const InsertedNeedle& needle);

}  // namespace guide::simulate
