// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/geometry/polygon.hpp>

#include <span>
#include <vector>

namespace guide::plan {

/// A stretch of a path, from and to, in units along it.
struct Stretch {
    double from = 0, to = 0;
};

/// A point as a path sees it: `along` from its start, `aside` of it.
struct OnPath {
    double along = 0, aside = 0;
};

/// A straight path, seen from which distances and crossings are cheap.
class PathLine {
  public:
    PathLine(MmPoint from, MmPoint to);

    [[nodiscard]] double length() const { return length_; }
    [[nodiscard]] MmPoint at(double along) const {
        return {from_.x + along * x_, from_.y + along * y_};
    }
    [[nodiscard]] OnPath see(MmPoint p) const {
        const double dx = p.x - from_.x, dy = p.y - from_.y;
        return {dx * x_ + dy * y_, x_ * dy - y_ * dx};
    }
    void see(std::span<const MmPoint> points, std::vector<OnPath>& seen) const;

  private:
    MmPoint from_;
    double x_ = 1, y_ = 0, length_ = 0;
};

/// Smallest distance of a stretch of the path to one edge; `cutoff` where it is not smaller.
[[nodiscard]] double gap_to_edge(OnPath p, OnPath q, Stretch stretch, double cutoff);

/// Smallest distance of a stretch of the path to an open line; `cutoff` where it is not smaller.
[[nodiscard]] double gap_to_line(std::span<const OnPath> line, Stretch stretch, double cutoff);

/// Smallest distance of a stretch of the path to a polygon, 0 where it touches or lies inside;
/// `cutoff` where it is not smaller.
[[nodiscard]] double gap_to_region(std::span<const OnPath> outline, Stretch stretch, double cutoff);

/// Adds where the path's whole line, cut to 0..length, lies inside the polygon.
void add_inside(std::span<const OnPath> outline, double length, std::vector<double>& crossings,
                std::vector<Stretch>& inside);

/// Sorts stretches and joins those that overlap.
void unite(std::vector<Stretch>& stretches);

/// What of 0..length no stretch covers; `stretches` are united.
void complement(std::span<const Stretch> stretches, double length, std::vector<Stretch>& rest);

/// How far the path dips below an open line that runs left to right, 0 where it does not. Lengths
/// are measured straight down.
[[nodiscard]] double depth_below(const MmPolyline& roof, MmPoint a, MmPoint b);

}  // namespace guide::plan
