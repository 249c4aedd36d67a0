// SPDX-License-Identifier: Apache-2.0
#include "xray_steel.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace guide::simulate {
namespace {

using Eigen::Vector3d;

/// mm of a ray within an endless cylinder about the line through `a` along `axis`, cut off where
/// the middle of the chord lies beyond the ends.
double chord(const Vector3d& source, const Vector3d& ray, const Vector3d& a, const Vector3d& axis,
             double length, double radius) {
    const Vector3d across = ray.cross(axis);
    const double sine = across.norm();
    if (sine < 1e-6) return 0;
    const double distance = std::abs((a - source).dot(across)) / sine;
    if (distance >= radius) return 0;
    // Where the ray is nearest to the axis, along the axis.
    const Vector3d w = a - source;
    const double cosine = ray.dot(axis);
    const double at = (cosine * w.dot(ray) - w.dot(axis)) / (sine * sine);
    if (at < 0 || at > length) return 0;
    return 2 * std::sqrt(radius * radius - distance * distance) / sine;
}

}  // namespace

void add_tube(const ProjectionGeometry& geometry, const std::vector<Vector3d>& points,
              double outer_mm, double inner_mm, ImageView<float> ways) {
    const PinholeCamera camera = calibration_of(geometry);
    for (std::size_t i = 0; i + 1 < points.size(); ++i) {
        const Vector3d a = points[i], b = points[i + 1];
        const double length = (b - a).norm();
        if (length < 1e-9) continue;
        const Vector3d axis = (b - a) / length;
        // The pixels about the segment's shadow.
        const double near = std::min((camera.rotation * a + camera.translation).z(),
                                     (camera.rotation * b + camera.translation).z());
        if (near < 1) continue;  // behind the source
        const PixelPoint p = camera.project(a), q = camera.project(b);
        const double margin = camera.intrinsic(0, 0) / near * outer_mm + 2;
        const auto from = [](double u, double v, double m) {
            return static_cast<int>(std::clamp(std::floor(std::min(u, v) - m), -1e6, 1e6));
        };
        const auto to = [](double u, double v, double m) {
            return static_cast<int>(std::clamp(std::ceil(std::max(u, v) + m), -1e6, 1e6));
        };
        const int x0 = std::max(0, from(p.x, q.x, margin));
        const int x1 = std::min(ways.width - 1, to(p.x, q.x, margin));
        const int y0 = std::max(0, from(p.y, q.y, margin));
        const int y1 = std::min(ways.height - 1, to(p.y, q.y, margin));
        for (int y = y0; y <= y1; ++y) {
            for (int x = x0; x <= x1; ++x) {
                const Vector3d ray = (geometry.pixel(x, y) - geometry.source).normalized();
                const double way = chord(geometry.source, ray, a, axis, length, outer_mm) -
                                   chord(geometry.source, ray, a, axis, length, inner_mm);
                ways.at(x, y) += static_cast<float>(way);
            }
        }
    }
}

}  // namespace guide::simulate
