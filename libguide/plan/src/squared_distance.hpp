// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/geometry/polyline.hpp>

#include <algorithm>
#include <limits>

namespace guide::plan {

/// Squared distance from `p` to the segment from `a` to `b`: searches take no roots.
[[nodiscard]] inline double squared_to_segment(MmPoint p, MmPoint a, MmPoint b) {
    const double vx = b.x - a.x, vy = b.y - a.y, wx = p.x - a.x, wy = p.y - a.y;
    const double squared = vx * vx + vy * vy;
    double t = squared > 0 ? (vx * wx + vy * wy) / squared : 0;
    t = std::clamp(t, 0.0, 1.0);
    const double dx = wx - t * vx, dy = wy - t * vy;
    return dx * dx + dy * dy;
}

[[nodiscard]] inline double squared_to_line(MmPoint p, const MmPolyline& line) {
    double best = std::numeric_limits<double>::infinity();
    for (std::size_t i = 1; i < line.size(); ++i)
        best = std::min(best, squared_to_segment(p, line[i - 1], line[i]));
    return best;
}

[[nodiscard]] inline double squared_to_outline(MmPoint p, const MmPolyline& outline) {
    double best = squared_to_line(p, outline);
    if (!outline.empty())
        best = std::min(best, squared_to_segment(p, outline.back(), outline.front()));
    return best;
}

}  // namespace guide::plan
