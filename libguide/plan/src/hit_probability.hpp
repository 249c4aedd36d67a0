// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/geometry/polygon.hpp>

#include <vector>

namespace guide::plan {

/// Probability that a tip aimed at `aim` lies in one of `contours` when it is scattered normally
/// with `sigma` per axis: a quadrature over equally likely points, error below 0.01.
[[nodiscard]] double hit_probability(const std::vector<MmPolygon>& contours, MmPoint aim,
                                     double sigma);

}  // namespace guide::plan
