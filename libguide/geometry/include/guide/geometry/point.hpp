// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/geometry/space.hpp>

#include <cmath>

namespace guide {

/// A displacement within `Space`.
template <class Space>
struct Vector2 {
    double x = 0, y = 0;

    friend bool operator==(const Vector2&, const Vector2&) = default;
    friend Vector2 operator+(Vector2 a, Vector2 b) { return {a.x + b.x, a.y + b.y}; }
    friend Vector2 operator-(Vector2 a, Vector2 b) { return {a.x - b.x, a.y - b.y}; }
    friend Vector2 operator*(double s, Vector2 v) { return {s * v.x, s * v.y}; }
};

/// A position in `Space`.
template <class Space>
struct Point2 {
    double x = 0, y = 0;

    friend bool operator==(const Point2&, const Point2&) = default;
    friend Vector2<Space> operator-(Point2 a, Point2 b) { return {a.x - b.x, a.y - b.y}; }
    friend Point2 operator+(Point2 p, Vector2<Space> v) { return {p.x + v.x, p.y + v.y}; }
};

template <class Space>
[[nodiscard]] double dot(Vector2<Space> a, Vector2<Space> b) {
    return a.x * b.x + a.y * b.y;
}
template <class Space>
[[nodiscard]] double cross(Vector2<Space> a, Vector2<Space> b) {
    return a.x * b.y - a.y * b.x;
}
template <class Space>
[[nodiscard]] double length(Vector2<Space> v) {
    return std::hypot(v.x, v.y);
}
template <class Space>
[[nodiscard]] double distance(Point2<Space> a, Point2<Space> b) {
    return length(a - b);
}
/// The point at fraction `t` of the way from `a` to `b`.
template <class Space>
[[nodiscard]] Point2<Space> lerp(Point2<Space> a, Point2<Space> b, double t) {
    return a + t * (b - a);
}

/// Distance from `p` to the segment from `a` to `b`.
template <class Space>
[[nodiscard]] double distance_to_segment(Point2<Space> p, Point2<Space> a, Point2<Space> b) {
    const auto ab = b - a;
    const double squared = dot(ab, ab);
    double t = squared > 0 ? dot(p - a, ab) / squared : 0.0;
    t = t < 0 ? 0 : (t > 1 ? 1 : t);
    return distance(p, lerp(a, b, t));
}

using PixelPoint = Point2<PixelSpace>;
using PixelVector = Vector2<PixelSpace>;
using MmPoint = Point2<ImageMmSpace>;
using MmVector = Vector2<ImageMmSpace>;

}  // namespace guide
