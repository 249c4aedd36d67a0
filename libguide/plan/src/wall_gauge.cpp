// SPDX-License-Identifier: Apache-2.0
#include "wall_gauge.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace guide::plan {

WallGauge::WallGauge(const std::vector<MmPolygon>& contours) {
    for (const auto& contour : contours) {
        auto& edges = contours_.emplace_back();
        for (std::size_t i = 0, j = contour.size() - 1; i < contour.size(); j = i++) {
            const MmVector way = contour[i] - contour[j];
            const double squared = dot(way, way);
            edges.push_back({contour[j], way, squared > 0 ? 1 / squared : 0});
        }
    }
}

double WallGauge::distance(MmPoint p) const {
    double best = -std::numeric_limits<double>::infinity();
    for (const auto& contour : contours_) {
        double least = std::numeric_limits<double>::infinity();
        bool inside = false;
        for (const Edge& edge : contour) {
            const double wx = p.x - edge.from.x, wy = p.y - edge.from.y;
            const double t =
                std::min(1.0, std::max(0.0, (edge.way.x * wx + edge.way.y * wy) * edge.inverse));
            const double dx = wx - t * edge.way.x, dy = wy - t * edge.way.y;
            least = std::min(least, dx * dx + dy * dy);
            // The edge passes the point's height, beside it on the right.
            if ((wy < 0) != (wy < edge.way.y) &&
                (edge.way.y > 0) == (edge.way.x * wy > edge.way.y * wx))
                inside = !inside;
        }
        const double away = std::sqrt(least);
        best = std::max(best, inside ? away : -away);
    }
    return best;
}

}  // namespace guide::plan
