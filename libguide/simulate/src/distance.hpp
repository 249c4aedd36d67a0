// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Core>

#include <algorithm>
#include <cmath>

namespace guide::simulate {

/// Signed distances to simple bodies, mm, negative inside. Those of ellipses and blends are right
/// to first order near the surface, which is where they are used.

using Point = Eigen::Vector3d;

/// Union of two bodies with the crease filled over about `k` mm.
inline double smooth_union(double a, double b, double k) {
    const double h = std::max(k - std::abs(a - b), 0.0) / k;
    return std::min(a, b) - h * h * k / 4;
}

/// `a` without `b`, the edge rounded over about `k` mm.
inline double smooth_cut(double a, double b, double k) {
    return -smooth_union(-a, b, k);
}

/// Common part of two bodies, the edge rounded over about `k` mm.
inline double smooth_common(double a, double b, double k) {
    return -smooth_union(-a, -b, k);
}

/// Ellipse with half axes (ra, rb).
inline double ellipse(double a, double b, double ra, double rb) {
    const double u = a / ra, v = b / rb, rho = std::hypot(u, v);
    const double slope = std::hypot(u / ra, v / rb);
    return slope > 1e-9 ? (rho - 1) * rho / slope : -std::min(ra, rb);
}

inline double ellipsoid(const Point& p, const Point& radii) {
    const Point u = p.cwiseQuotient(radii);
    const double rho = u.norm(), slope = u.cwiseQuotient(radii).norm();
    return slope > 1e-9 ? (rho - 1) * rho / slope : -radii.minCoeff();
}

/// A rod from `a` to `b` whose radius goes from `ra` to `rb`.
inline double rod(const Point& p, const Point& a, const Point& b, double ra, double rb) {
    const Point along = b - a;
    const double t = std::clamp((p - a).dot(along) / along.squaredNorm(), 0.0, 1.0);
    return (p - a - t * along).norm() - (ra + t * (rb - ra));
}

/// 0 below `low`, 1 above `high`, smooth between.
inline double step_between(double low, double high, double x) {
    const double t = std::clamp((x - low) / (high - low), 0.0, 1.0);
    return t * t * (3 - 2 * t);
}

}  // namespace guide::simulate
