// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/simulate/export.hpp>
#include <guide/simulate/needle.hpp>
#include <guide/simulate/tissue_field.hpp>

#include <functional>

namespace guide::simulate {

/// Tissue that sticks to a needle and is taken along by it: by `drag_mm` (0 to 2) at the shaft and
/// before the tip, by less the further away, to 1/e at 3 mm. Layers bend along the shaft, the skin
/// dimples, and a wall that is thinner than the drag is pushed ahead of the tip, not passed. Bone
/// and cartilage stay. `sample` tells what lies where without the needle; the result, at `point`
/// with it. Throws PreconditionError for another drag.
[[nodiscard]] GUIDE_SIMULATE_EXPORT TissueSample
dragged_tissue(const std::function<TissueSample(const Eigen::Vector3d&)>& sample,
               const InsertedNeedle& needle, double drag_mm, const Eigen::Vector3d& point);

}  // namespace guide::simulate
