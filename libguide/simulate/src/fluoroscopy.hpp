// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/simulate/fluoroscopy.hpp>

#include <cstddef>
#include <optional>
#include <vector>

namespace guide::simulate {

/// Femur, tibia, patella, fibula, contrast agent: the bits of silhouettes.
inline constexpr std::size_t kBodyCount = 5;

/// What a field is projected from: ways of materials, and the bodies whose silhouettes are truth.
struct FluoroscopySimulator::State {
    Projector water, bone;
    std::optional<Projector> contrast;
    std::vector<Projector> bodies;  ///< kBodyCount of them
};

/// Points along the needle's axis, from skin to tip, close enough for its bend.
[[nodiscard]] std::vector<Eigen::Vector3d> axis_of(const InsertedNeedle& needle);

}  // namespace guide::simulate
