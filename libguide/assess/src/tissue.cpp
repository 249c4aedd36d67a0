// SPDX-License-Identifier: Apache-2.0
#include "tissue.hpp"

#include <Eigen/Geometry>

#include <algorithm>
#include <cmath>

namespace guide::assess {
namespace {

constexpr double kStep = 0.5;     // mm, between points that are asked for their depth
constexpr int kHalvings = 24;     // of a step, to find the skin
constexpr double kShortMove = 1;  // mm that the shaft may move at either end at once
constexpr int kSlices = 32;       // of a shaft, even: Simpson's rule

/// Between an inside and an outside parameter: where the skin is.
double skin_between(double inside, double outside, const Eigen::Vector3d& a,
                    const Eigen::Vector3d& b, const DepthBelowSkin& depth) {
    for (int i = 0; i < kHalvings; ++i) {
        const double middle = 0.5 * (inside + outside);
        (depth(a + middle * (b - a)) > 0 ? inside : outside) = middle;
    }
    return 0.5 * (inside + outside);
}

/// The area that a stretch of a line sweeps when its points move by `at_begin` to `at_end`, both
/// across it.
double strip(const Eigen::Vector3d& at_begin, const Eigen::Vector3d& at_end, double length) {
    double sum = 0;
    for (int i = 0; i <= kSlices; ++i) {
        const double share = static_cast<double>(i) / kSlices;
        const double weight = i == 0 || i == kSlices ? 1 : i % 2 == 1 ? 4 : 2;
        sum += weight * (at_begin + share * (at_end - at_begin)).norm();
    }
    return sum * length / (3 * kSlices);
}

}  // namespace

std::vector<Stretch> in_tissue(const Eigen::Vector3d& a, const Eigen::Vector3d& b,
                               const DepthBelowSkin& depth) {
    const int steps = std::max(1, static_cast<int>(std::ceil((b - a).norm() / kStep)));
    std::vector<Stretch> stretches;
    double before = 0;
    bool was_inside = depth(a) > 0;
    if (was_inside) stretches.push_back({0, 1});
    for (int i = 1; i <= steps; ++i) {
        const double here = static_cast<double>(i) / steps;
        const bool inside = depth(a + here * (b - a)) > 0;
        if (inside && !was_inside) {
            stretches.push_back({skin_between(here, before, a, b, depth), 1});
        } else if (!inside && was_inside) {
            stretches.back().end = skin_between(before, here, a, b, depth);
        }
        was_inside = inside;
        before = here;
    }
    return stretches;
}

double swept_area(const ToolSample& from, const ToolSample& to, double shaft_mm,
                  const DepthBelowSkin& depth) {
    const auto point = [&](const ToolSample& s, double back) -> Eigen::Vector3d {
        return s.tip - back * s.direction;
    };
    const double move =
        std::max((to.tip - from.tip).norm(), (point(to, shaft_mm) - point(from, shaft_mm)).norm());
    const int parts = std::max(1, static_cast<int>(std::ceil(move / kShortMove)));
    const auto at = [&](double share) {
        return ToolSample{0, from.tip + share * (to.tip - from.tip),
                          (from.direction + share * (to.direction - from.direction)).normalized()};
    };
    double area = 0;
    for (int i = 0; i < parts; ++i) {
        const ToolSample a = at(static_cast<double>(i) / parts), b = at((i + 1.0) / parts),
                         middle = at((i + 0.5) / parts);
        const auto across = [&](double back) -> Eigen::Vector3d {
            const Eigen::Vector3d moved = point(b, back) - point(a, back);
            return moved - moved.dot(middle.direction) * middle.direction;
        };
        for (const Stretch& s : in_tissue(middle.tip, point(middle, shaft_mm), depth)) {
            area += strip(across(s.begin * shaft_mm), across(s.end * shaft_mm),
                          (s.end - s.begin) * shaft_mm);
        }
    }
    return area;
}

}  // namespace guide::assess
