// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "path_line.hpp"

#include <algorithm>
#include <cmath>

namespace guide::plan {

/// A bundle of straight ways about a middle one, from which points are seen: `along` from its
/// entry, `aside` of it. Bounds hold for every way of the bundle.
class FatRay {
  public:
    /// Entries within `slide` along a skin line, directions within `turn`, endless.
    [[nodiscard]] static FatRay of_turns(MmPoint entry, MmVector direction, MmVector skin,
                                         double slide, double turn);
    /// Entries within `slide` along a skin line, ends within `reach` of a target.
    [[nodiscard]] static FatRay of_targets(MmPoint entry, MmPoint target, MmVector skin,
                                           double slide, double reach);

    [[nodiscard]] MmPoint at(double along) const {
        return {entry_.x + along * way_.x, entry_.y + along * way_.y};
    }
    [[nodiscard]] OnPath see(MmPoint p) const {
        const double dx = p.x - entry_.x, dy = p.y - entry_.y;
        return {dx * way_.x + dy * way_.y, way_.x * dy - way_.y * dx};
    }
    /// How far aside a way, or its line, can be so far along; convex.
    [[nodiscard]] double aside(double along) const {
        if (along < 0) return aside_ - along * outer_slope_;
        if (along <= length_) return aside_ + along * slope_;
        return aside_ + length_ * slope_ + (along - length_) * outer_slope_;
    }
    /// How much farther or less far along than a point of the middle way the nearest point of a
    /// way can lie.
    [[nodiscard]] double shift(double along) const { return aside(along) * outer_slope_; }
    /// Where every way has begun.
    [[nodiscard]] double start() const { return start_; }
    /// Of the largest angle to the middle way.
    [[nodiscard]] double cosine() const { return cosine_; }
    [[nodiscard]] double turn() const { return turn_; }
    /// aside(0): what the entries alone do.
    [[nodiscard]] double aside_of_slide() const { return aside_; }
    /// Of the middle way, to its target.
    [[nodiscard]] double length() const { return length_; }
    [[nodiscard]] MmVector way() const { return way_; }

  private:
    FatRay(MmPoint entry, MmVector direction) : entry_(entry), way_(direction) {}

    MmPoint entry_;
    MmVector way_;
    double slope_ = 0, outer_slope_ = 0, length_ = 0, turn_ = 0, cosine_ = 1, aside_ = 0,
           start_ = 0;
};

/// What of an edge's length along lies within `aside` of every way of the bundle's middle; empty
/// (from > to) where nothing does.
[[nodiscard]] Stretch within(const FatRay& ray, OnPath p, OnPath q);

/// The first and last place along the middle way that lie within `reach` of an edge; empty (from >
/// to) where none does.
[[nodiscard]] Stretch near_edge(OnPath p, OnPath q, double reach);

/// Follows the points of a line and tells where every way of the bundle has crossed it.
class CrossingFinder {
  public:
    explicit CrossingFinder(const FatRay& ray) : ray_(ray) {}

    void begin(OnPath p);
    /// Where along all ways cross the line between the last point that lay surely on one side and
    /// this edge's end; empty (from > to) where that is not sure.
    [[nodiscard]] Stretch go_on(OnPath from, OnPath to);

  private:
    [[nodiscard]] int side(OnPath p) const {
        const double aside = ray_.aside(p.along);
        return p.aside > aside ? 1 : (p.aside < -aside ? -1 : 0);
    }
    /// Where the edge leaves the sure ground of `side`, which `from` lies in and `to` does not.
    [[nodiscard]] double leaving(OnPath from, OnPath to, int side) const;

    const FatRay& ray_;
    int side_ = 0;
    double least_ = 0, most_ = 0;
};

}  // namespace guide::plan
