// SPDX-License-Identifier: Apache-2.0
#include "wall_gauge.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace guide::plan {
namespace {

constexpr std::size_t kRun = 6;  // edges
constexpr double kInfinity = std::numeric_limits<double>::infinity();

}  // namespace

WallGauge::WallGauge(const std::vector<MmPolygon>& contours) {
    for (const auto& contour : contours) {
        auto& runs = contours_.emplace_back();
        for (std::size_t i = 0, j = contour.size() - 1; i < contour.size(); j = i++) {
            if (i % kRun == 0)
                runs.push_back({{kInfinity, kInfinity}, {-kInfinity, -kInfinity}, {}});
            Run& run = runs.back();
            for (const MmPoint p : {contour[i], contour[j]}) {
                run.low = {std::min(run.low.x, p.x), std::min(run.low.y, p.y)};
                run.high = {std::max(run.high.x, p.x), std::max(run.high.y, p.y)};
            }
            const MmVector way = contour[i] - contour[j];
            const double squared = dot(way, way);
            run.edges.push_back({contour[j], way, squared > 0 ? 1 / squared : 0});
        }
    }
}

double WallGauge::distance(MmPoint p) const {
    double best = -kInfinity;
    for (const auto& contour : contours_) {
        double least = kInfinity;
        bool inside = false;
        for (const Run& run : contour) {
            const double x = std::max({run.low.x - p.x, p.x - run.high.x, 0.0});
            const double y = std::max({run.low.y - p.y, p.y - run.high.y, 0.0});
            // Edges beside the point's height, or on its left, are not passed on the right.
            const bool passes = y <= 0 && p.x <= run.high.x;
            if (!passes && x * x + y * y >= least) continue;
            for (const Edge& edge : run.edges) {
                const double wx = p.x - edge.from.x, wy = p.y - edge.from.y;
                const double t = std::min(
                    1.0, std::max(0.0, (edge.way.x * wx + edge.way.y * wy) * edge.inverse));
                const double dx = wx - t * edge.way.x, dy = wy - t * edge.way.y;
                least = std::min(least, dx * dx + dy * dy);
                if ((wy < 0) != (wy < edge.way.y) &&
                    (edge.way.y > 0) == (edge.way.x * wy > edge.way.y * wx))
                    inside = !inside;
            }
        }
        const double away = std::sqrt(least);
        best = std::max(best, inside ? away : -away);
    }
    return best;
}

}  // namespace guide::plan
