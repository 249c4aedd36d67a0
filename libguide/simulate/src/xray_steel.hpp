// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/image.hpp>
#include <guide/simulate/carm.hpp>

#include <vector>

namespace guide::simulate {

/// Adds to `ways` the millimetres that each pixel's ray runs in a round tube along `points`,
/// between its outer and inner radius (0: a wire).
void add_tube(const ProjectionGeometry& geometry, const std::vector<Eigen::Vector3d>& points,
              double outer_mm, double inner_mm, ImageView<float> ways);

}  // namespace guide::simulate
