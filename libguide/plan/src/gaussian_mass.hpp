// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/plan/uncertainty.hpp>

#include <vector>

namespace guide::plan {

/// A Gaussian's mass of regions, and its first and second derivatives by the mean.
struct GaussianMass {
    double inside = 0;
    MmVector slope{0, 0};
    TipCovariance curve;  ///< the second derivatives
};

/// Of polygons that do not overlap. All are integrals around the outlines (Green): of
/// Phi(x) phi(y) dy, and of the density times the normal and its moments; error below 1e-3.
[[nodiscard]] GaussianMass gaussian_mass(const std::vector<MmPolygon>& contours, MmPoint mean,
                                         const TipCovariance& covariance);

}  // namespace guide::plan
