// SPDX-License-Identifier: Apache-2.0
#include "cell_bounds.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace guide::plan {
namespace {

using std::numbers::pi, std::numbers::sqrt2;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kDegree = pi / 180;

}  // namespace

CellBounds::CellBounds(const Ruler& ruler, const Preferences& preferences,
                       const std::vector<EntryLine>& lines)
    : ruler_(ruler),
      preferences_(preferences),
      lines_(lines),
      promises_(ruler, preferences),
      across_plane_(ruler.approach().entry == EntryRule::across_plane),
      level_{1, 0},
      down_{0, 1} {
    if (ruler.approach().entry == EntryRule::frame_side) return;
    const MmVector face = ruler.scene().right - ruler.scene().left;
    level_ = (1 / guide::length(face)) * face;
    down_ = {-level_.y, level_.x};
}

Path CellBounds::path_of(const PathCell& cell) const {
    return path_from(ruler_, lines_[cell.line], cell.s, cell.target);
}

FatRay CellBounds::ray_of(const PathCell& cell) const {
    const EntryLine& line = lines_[cell.line];
    if (ruler_.approach().entry == EntryRule::along_beam)
        return FatRay::of_targets(cell.target, cell.target, {1, 0}, 0, cell.half * sqrt2);
    return FatRay::of_targets(line.origin + cell.s * line.direction, cell.target, line.direction,
                              cell.s_half, cell.half * sqrt2);
}

double CellBounds::off_plane(double down) const {
    const MmPoint from = ruler_.scene().left;
    return ruler_.off_plane_for(from, from + std::max(0.0, down) * down_);
}

CellBounds::Angles CellBounds::angles(const PathCell& cell, const FatRay& ray) const {
    const MmVector way = ray.length() * ray.way();
    const double down = std::abs(dot(way, down_)), level = std::abs(dot(way, level_));
    if (!across_plane_) {
        const double angle = std::atan2(down, level);
        return {std::max(0.0, angle - ray.turn()) / kDegree, (angle + ray.turn()) / kDegree};
    }
    // It grows with the depth and falls with the way to the side.
    const double reach = cell.half * sqrt2, slide = cell.s_half + reach;
    const double high = down + reach, low = std::max(0.0, down - reach);
    return {std::atan2(low, std::hypot(level + slide, off_plane(low))) / kDegree,
            std::atan2(high, std::hypot(std::max(0.0, level - slide), off_plane(high))) / kDegree};
}

double CellBounds::length(const PathCell& cell, const FatRay& ray) const {
    const double reach = cell.half * sqrt2;
    const double level = std::max(0.0, ray.length() - ray.start() - reach);
    if (!across_plane_) return level;
    const double down = std::abs(dot(ray.length() * ray.way(), down_));
    return std::hypot(level, off_plane(down - reach));
}

double CellBounds::rough(const PathCell& cell, const FatRay& ray) const {
    const double reach = cell.half * sqrt2;
    const double other =
        difference(promises_.covariance(path_of(cell), cell.at), cell.promise.covariance) +
        promises_.spread(ray.length(), cell.at.depth, reach + ray.start(), ray.turn());
    const double certainty = promises_.most(cell.promise, cell.target, reach, other);
    const Angles a = angles(cell, ray);
    const Approach& approach = ruler_.approach();
    const double angle = across_plane_ ? std::min(a.most, approach.angle_limit_deg)
                                       : std::max(a.least, approach.angle_least_deg);
    return preferences_.score(angle, length(cell, ray), cell.clearance.most, certainty);
}

double CellBounds::close(const PathCell& cell, const FatRay& ray) const {
    if (!ruler_.scene().calibrated || across_plane_ || !(ray.length() > 0)) return kInfinity;
    const MmVector way = ray.way(), beside{-way.y, way.x};
    const double length = ray.length(), reach = cell.half * sqrt2;
    const double across = cross(way, lines_[cell.line].direction);
    const double level = dot(way, lines_[cell.line].direction);
    const double down = dot(way, down_), forth = dot(way, level_);
    const double angle = std::atan2(std::abs(down), std::abs(forth)) / kDegree;
    const double turn = ray.turn() / kDegree;
    const Approach& approach = ruler_.approach();
    // The score is linear in angles and lengths where nothing is cut off.
    if (angle + turn > std::min(80.0, approach.angle_limit_deg) || angle - turn < 0 ||
        length + ray.start() + reach > preferences_.longest() || !(turn < 10)) {
        if (approach.entry != EntryRule::frame_side || angle - turn < 0) return kInfinity;
    }
    const double certainty = cell.promise.certainty;
    double clearance = cell.clearance.most;
    MmVector slope = kWeights.certainty * cell.promise.slope;
    double slide = 0, rest = 0;
    if (cell.clearance.nearest.known) {
        const auto& nearest = cell.clearance.nearest;
        const double weight = kWeights.clearance / preferences_.ample();
        // Distances to a point grow no faster than this one and the square of what is moved.
        const double at = nearest.tip ? length : nearest.at;
        const double along = nearest.place.along - at, aside = nearest.place.aside;
        const double away = std::sqrt(along * along + aside * aside);
        clearance = away - nearest.margin;
        if (clearance >= preferences_.ample()) {
            clearance = preferences_.ample();
        } else if (!(away > 0)) {
            return kInfinity;
        } else if (nearest.tip) {
            slope = slope + (-weight * along / away) * way + (-weight * aside / away) * beside;
            rest += weight * reach * reach / (2 * away);
        } else {
            const double share = at / length, moved = ray.aside(at);
            slope = slope + (-weight * share * aside / away) * beside;
            slide += -weight * (1 - share) * across * aside / away;
            rest += weight *
                    (std::tan(ray.turn()) * (ray.start() + reach) + moved * moved / (2 * away));
        }
    }
    const auto score = [&](double a, double l) {
        return preferences_.score(a, l, clearance, certainty);
    };
    const double base = score(angle, length);
    const double per_degree = score(angle + 0.01, length) - base;  // of a hundredth
    const double grows = (down > 0 ? 1.0 : -1.0) * dot(beside, down_) -
                                     (forth > 0 ? 1.0 : -1.0) * dot(beside, level_) >
                                 0
                             ? 1.0
                             : -1.0;
    const double by_turn = grows * per_degree * 100 / kDegree / length;
    slope = slope + by_turn * beside;
    slide -= by_turn * across;
    rest += std::abs(by_turn) * length * 2 * ray.turn() * ray.turn();
    const double by_length = (score(angle, length + 0.01) - base) * 100;
    slope = slope + by_length * way;
    slide -= by_length * level;
    // The certainty by target and covariance together, to the second order; bounds of the third
    // and fourth derivatives of a Gaussian's mass for what is left.
    const Promise& promise = cell.promise;
    const double sigma = promises_.sigma();
    const double other = promises_.spread(length, cell.at.depth, reach + ray.start(), ray.turn());
    const auto by_covariance = [&](MmVector target, double entry) {
        return promises_.change(path_of(cell), cell.at, target, dot(target, down_),
                                entry * lines_[cell.line].direction, promise.curve);
    };
    slope =
        slope + kWeights.certainty * MmVector{by_covariance({1, 0}, 0), by_covariance({0, 1}, 0)};
    slide += kWeights.certainty * by_covariance({0, 0}, 1);
    const double half = (promise.curve.xx - promise.curve.yy) / 2;
    const double curve = (promise.curve.xx + promise.curve.yy) / 2 +
                         std::sqrt(half * half + promise.curve.xy * promise.curve.xy);
    const double r = reach / sigma, c = other / (sigma * sigma);
    const double bent = 3 * ((reach + ray.start()) / length + ray.turn());
    const double stale =
        difference(promises_.covariance(path_of(cell), cell.at), promise.covariance);
    rest += kWeights.certainty *
            (std::max(0.0, curve) * reach * reach / 2 + 0.126 * r * r * r + 0.18 * c * c +
             0.38 * r * c + 0.242 * (bent * c + stale / (sigma * sigma)));
    return base + rest + cell.half * (std::abs(slope.x) + std::abs(slope.y)) +
           cell.s_half * std::abs(slide);
}

}  // namespace guide::plan
