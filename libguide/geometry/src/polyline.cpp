// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/geometry/polyline.hpp>

#include <cmath>
#include <limits>

namespace guide {
namespace {

template <class Space>
double length_of(const Polyline<Space>& line) {
    double sum = 0;
    for (std::size_t i = 1; i < line.size(); ++i)
        sum += distance(line[i - 1], line[i]);
    return sum;
}

template <class Space>
double distance_of(Point2<Space> p, const Polyline<Space>& line) {
    if (line.size() == 1) return distance(p, line.front());
    double best = std::numeric_limits<double>::infinity();
    for (std::size_t i = 1; i < line.size(); ++i) {
        best = std::min(best, distance_to_segment(p, line[i - 1], line[i]));
    }
    return best;
}

template <class Space>
Polyline<Space> dense(const Polyline<Space>& line, double step) {
    require(step > 0, "densify", "step is positive");
    Polyline<Space> result;
    if (line.empty()) return result;
    result.push_back(line.front());
    for (std::size_t i = 1; i < line.size(); ++i) {
        const int pieces =
            std::max(1, static_cast<int>(std::ceil(distance(line[i - 1], line[i]) / step)));
        for (int k = 1; k < pieces; ++k) {
            result.push_back(lerp(line[i - 1], line[i], static_cast<double>(k) / pieces));
        }
        result.push_back(line[i]);
    }
    return result;
}

}  // namespace

double polyline_length(const PixelPolyline& line) {
    return length_of(line);
}
double polyline_length(const MmPolyline& line) {
    return length_of(line);
}
double distance_to_polyline(PixelPoint p, const PixelPolyline& line) {
    return distance_of(p, line);
}
double distance_to_polyline(MmPoint p, const MmPolyline& line) {
    return distance_of(p, line);
}
PixelPolyline densify(const PixelPolyline& line, double step) {
    return dense(line, step);
}
MmPolyline densify(const MmPolyline& line, double step) {
    return dense(line, step);
}

MmPolyline to_mm(const PixelPolyline& line, Spacing spacing) {
    MmPolyline result;
    result.reserve(line.size());
    for (const auto& p : line)
        result.push_back(to_mm(p, spacing));
    return result;
}

}  // namespace guide
