// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace guide::test {

/// A line or a closed outline of the second opinion. Edges are held in blocks within circles, so
/// that far ones need not be looked at.
class OracleShape {
  public:
    struct Point {
        double x, y;  ///< mm
    };

    OracleShape(std::string name, std::vector<Point> line, bool closed)
        : kind(std::move(name)), points(std::move(line)), closed_(closed) {
        constexpr std::size_t kEdges = 8;
        const std::size_t edges = closed ? points.size() : points.size() - 1;
        for (std::size_t first = 0; first < edges; first += kEdges) {
            Block block{{0, 0}, 0, first, std::min(edges, first + kEdges)};
            const auto count = static_cast<double>(block.last - first + 1);
            for (std::size_t i = first; i <= block.last; ++i) {
                block.centre.x += at(i).x / count;
                block.centre.y += at(i).y / count;
            }
            for (std::size_t i = first; i <= block.last; ++i)
                block.radius = std::max(block.radius, apart(at(i), block.centre));
            blocks_.push_back(block);
        }
    }

    std::string kind;
    std::vector<Point> points;

    [[nodiscard]] double distance(Point p) const {
        double best = 1e300;
        for (const Block& block : blocks_) {
            if (apart(p, block.centre) - block.radius >= best) continue;
            for (std::size_t i = block.first; i < block.last; ++i)
                best = std::min(best, segment_distance(p, at(i), at(i + 1)));
        }
        return best;
    }

    /// Winding number, not the crossing rule that the library uses.
    [[nodiscard]] bool holds(Point p) const {
        int winding = 0;
        for (std::size_t i = 0; i < points.size(); ++i) {
            const Point a = points[i], b = at(i + 1);
            if ((a.y <= p.y) == (b.y <= p.y)) continue;
            const double side = (b.x - a.x) * (p.y - a.y) - (p.x - a.x) * (b.y - a.y);
            if (a.y <= p.y && side > 0) ++winding;
            if (a.y > p.y && side < 0) --winding;
        }
        return winding != 0;
    }

    [[nodiscard]] static double segment_distance(Point p, Point a, Point b) {
        const double vx = b.x - a.x, vy = b.y - a.y, wx = p.x - a.x, wy = p.y - a.y;
        const double vv = vx * vx + vy * vy;
        double t = vv > 0 ? (vx * wx + vy * wy) / vv : 0;
        if (t < 0) t = 0;
        if (t > 1) t = 1;
        const double ex = wx - t * vx, ey = wy - t * vy;
        return std::sqrt(ex * ex + ey * ey);
    }

  private:
    struct Block {
        Point centre;
        double radius;
        std::size_t first, last;
    };

    [[nodiscard]] Point at(std::size_t i) const { return points[i % points.size()]; }
    [[nodiscard]] static double apart(Point a, Point b) {
        return std::sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y));
    }

    bool closed_;
    std::vector<Block> blocks_;
};

}  // namespace guide::test
