// SPDX-License-Identifier: Apache-2.0
#include "fat_ray.hpp"

#include <limits>

namespace guide::plan {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

}  // namespace

FatRay FatRay::of_turns(MmPoint entry, MmVector direction, MmVector skin, double slide,
                        double turn) {
    // A way slid by s and turned by t passes `along` at (along tan t + s cross(way', skin)) / cos t
    // aside, and begins s dot(way, skin) along.
    FatRay ray(entry, direction);
    const double sine = std::sin(turn);
    ray.turn_ = turn;
    ray.cosine_ = std::cos(turn);
    const double across = std::abs(cross(direction, skin)), level = std::abs(dot(direction, skin));
    ray.length_ = kInfinity;
    ray.slope_ = ray.outer_slope_ = sine / ray.cosine_;
    ray.aside_ = slide * std::min(1.0, across * ray.cosine_ + level * sine) / ray.cosine_;
    ray.start_ = slide * level;
    return ray;
}

FatRay FatRay::of_targets(MmPoint entry, MmPoint target, MmVector skin, double slide,
                          double reach) {
    const MmVector path = target - entry;
    const double length = std::sqrt(dot(path, path));
    FatRay ray(entry, length > 0 ? (1 / length) * path : MmVector{1, 0});
    const double across = std::abs(cross(ray.way_, skin)), level = std::abs(dot(ray.way_, skin));
    ray.length_ = length;
    ray.start_ = slide * level;
    // The steepest way, and what comes of ends that lie farther or less far along.
    const double run = std::max(1e-3, length - ray.start_ - reach);
    const double rise = slide * across + reach;
    ray.outer_slope_ = rise / run;
    ray.turn_ = std::atan(ray.outer_slope_);
    ray.cosine_ = std::cos(ray.turn_);
    const double extra = ray.outer_slope_ * std::max(ray.start_, reach);
    ray.aside_ = slide * across + extra;
    ray.slope_ = length > 0 ? (reach - slide * across) / length : 0;
    return ray;
}

Stretch within(const FatRay& ray, OnPath p, OnPath q) {
    const double reach = ray.aside(std::max(std::abs(p.along), std::abs(q.along)));
    double from = 0, to = 1;
    const double rise = q.aside - p.aside;
    if (rise == 0) {
        if (std::abs(p.aside) > reach) return {kInfinity, -kInfinity};
    } else {
        const double a = (-reach - p.aside) / rise, b = (reach - p.aside) / rise;
        from = std::max(from, std::min(a, b));
        to = std::min(to, std::max(a, b));
        if (from > to) return {kInfinity, -kInfinity};
    }
    const double a = p.along + from * (q.along - p.along), b = p.along + to * (q.along - p.along);
    return {std::min(a, b), std::max(a, b)};
}

Stretch near_edge(OnPath p, OnPath q, double reach) {
    Stretch result{kInfinity, -kInfinity};
    if ((p.aside > reach && q.aside > reach) || (p.aside < -reach && q.aside < -reach))
        return result;
    const auto add = [&](double along) {
        result.from = std::min(result.from, along);
        result.to = std::max(result.to, along);
    };
    for (const OnPath end : {p, q}) {
        const double rest = reach * reach - end.aside * end.aside;
        if (rest < 0) continue;
        const double half = std::sqrt(rest);
        add(end.along - half);
        add(end.along + half);
    }
    // Beside the edge itself: its line at the distance `reach`.
    const double da = q.along - p.along, dx = q.aside - p.aside;
    if (dx == 0) return result;
    const double squared = da * da + dx * dx, step = reach * std::sqrt(squared);
    for (const double sign : {-1.0, 1.0}) {
        const double along = p.along + (sign * step - p.aside * da) / dx;
        const double t = (along - p.along) * da - p.aside * dx;
        if (t >= 0 && t <= squared) add(along);
    }
    return result;
}

double CrossingFinder::leaving(OnPath from, OnPath to, int side) const {
    const double a = side * from.aside - ray_.aside(from.along);
    const double b = side * to.aside - ray_.aside(to.along);
    const double t = a > b ? std::clamp(a / (a - b), 0.0, 1.0) : 1.0;
    return from.along + t * (to.along - from.along);
}

void CrossingFinder::begin(OnPath p) {
    side_ = side(p);
    least_ = most_ = p.along;
}

Stretch CrossingFinder::go_on(OnPath from, OnPath to) {
    const int next = side(to), before = side(from);
    Stretch result{kInfinity, -kInfinity};
    if (before != 0 && before != next) {
        // The last sure point of the side that is left.
        side_ = before;
        least_ = most_ = leaving(from, to, before);
    }
    const double end = next != 0 && next != before ? leaving(to, from, next) : to.along;
    least_ = std::min(least_, end);
    most_ = std::max(most_, end);
    if (next != 0) {
        if (side_ == -next && least_ > ray_.start()) result = {least_, most_};
        side_ = next;
        least_ = most_ = to.along;
    }
    return result;
}

}  // namespace guide::plan
