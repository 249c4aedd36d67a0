// SPDX-License-Identifier: Apache-2.0
#include "knee_shape.hpp"

namespace guide::simulate {
namespace {

/// The larger of `v` and 0, rounded over about `k` mm.
double soft_positive(double v, double k) {
    return -smooth_union(-v, 0, k);
}

/// 1 at the epicondyles and below, 0 in the shaft.
double flare_at(const KneeShape& s, double z) {
    const double flare = 1 - step_between(1, 80, z / s.size);
    return flare * flare;
}

/// Half the width at a height: widest at the epicondyles, from there the metaphysis narrows in an
/// S to the shaft.
double half_width(const KneeShape& s, double z) {
    const double side = s.condyle_at + s.condyle_half_width;
    return s.shaft_radius + (side - s.shaft_radius) * flare_at(s, z) -
           1.5 * s.size * step_between(2, -24, z / s.size);
}

/// Medial and lateral walls. To the front they come together, more so medially: seen from below a
/// femur is a trapezium, the narrow side in front. Epicondyles bulge.
double walls(const KneeShape& s, const Point& p) {
    const double from_bulge = std::hypot(p.y() - 7 * s.size, p.z() - 8 * s.size) / (9 * s.size);
    const double bulge = 3.8 * s.size * std::exp(-0.5 * from_bulge * from_bulge);
    const double middle = half_width(s, p.z()) + bulge;
    const double front = flare_at(s, p.z()) * soft_positive(3 * s.size - p.y(), 12);
    const double medial = (p.x() - middle + 0.62 * front) / 1.17;
    const double lateral = (-p.x() - middle + 0.28 * front) / 1.04;
    return std::max(medial, lateral);
}

/// What is added to a circle's radius at a place across, and how that grows with x.
struct Offset {
    double mm, slope;
};

/// A groove between two crests, the lateral one higher and farther out.
Offset trochlea_offset(const KneeShape& s, double x) {
    const double half = s.groove_half_width * (x < 0 ? 1.1 : 0.85);
    const double crest = (x < 0 ? 1.2 : -0.8) * s.size;
    const double sign = x < 0 ? -1 : 1, u = std::abs(x) / half;
    if (u < 1) {
        const double height = s.groove_depth + crest;
        return {height * u * u * (3 - 2 * u) - s.groove_depth,
                sign * height * 6 * u * (1 - u) / half};
    }
    const double beyond = std::abs(x) - half;
    return {crest - beyond * beyond / 45, -sign * beyond / 22.5};
}

/// Two wide arcs that meet in the middle, the medial one lower.
Offset condyle_offset(const KneeShape& s, double x) {
    const double from_middle = std::hypot(x, 2.5), across = from_middle - s.condyle_at;
    const double twice_radius = 52 * s.size;
    const double larger = 0.8 * s.size * std::clamp(x / s.condyle_at, -1.0, 1.0);
    return {larger - across * across / twice_radius, -2 * across / twice_radius * x / from_middle};
}

/// Trochlea and condyles: a sagittal profile of two circles (Walker's description) whose radii
/// depend on the place across.
double joint_end(const KneeShape& s, const Point& p, double walls) {
    const double below = step_between(-3, 15, (s.front_z - p.z()) / s.size);
    const Offset condyles = condyle_offset(s, p.x()), trochlea = trochlea_offset(s, p.x());
    const double front = (1 - below) * trochlea.mm + below * condyles.mm;
    const auto circle = [&](double y, double z, double radius, double slope) {
        return (std::hypot(p.y() - y, p.z() - z) - radius) / std::hypot(1, slope);
    };
    const double profile =
        smooth_union(circle(s.front_y, s.front_z, s.front_radius + front,
                            (1 - below) * trochlea.slope + below * condyles.slope),
                     circle(s.back_y, s.back_z, s.back_radius + condyles.mm, condyles.slope), 6);
    return smooth_common(profile, walls, 8);
}

double shaft(const KneeShape& s, const Point& p, double walls) {
    const double up = p.z() / s.size;
    const double flare = 1 - step_between(22, 78, up), behind = 1 - step_between(12, 54, up);
    const double front = -1.5 * s.size - s.shaft_radius - 10 * s.size * flare * flare;
    const double back = -3 * s.size + s.shaft_radius + 6 * s.size * behind;
    const double outline =
        ellipse(p.x(), p.y() - (front + back) / 2, half_width(s, p.z()), (back - front) / 2);
    return smooth_common(smooth_common(outline / 1.1, walls, 6), 12 * s.size - p.z(), 6);
}

/// The notch opens below and behind. Its roof (Blumensaat's line) climbs backwards, 37 degrees from
/// the shaft, and its walls lean towards each other.
double notch(const KneeShape& s, const Point& p) {
    const double under = 0.8 * (p.y() + 4 * s.size) - 0.6 * (p.z() + 12 * s.size);
    const double wall = (7 + 0.27 * std::clamp(under / s.size, 0.0, 28.0)) * s.size;
    return smooth_common(-under, (std::abs(p.x()) - wall) / 1.02, 9);
}

}  // namespace

double femur(const KneeShape& s, const Point& p) {
    const double sides = walls(s, p);
    double d = smooth_union(joint_end(s, p, sides), shaft(s, p, sides), 10);
    d = smooth_cut(d, notch(s, p), 5);
    if (s.osteophyte > 0) {
        // A lip around the margin: as thick as half its reach.
        const double edge = s.condyle_at + s.condyle_half_width, thick = s.osteophyte / 2;
        const Point beside(std::abs(p.x()), p.y(), p.z());
        d = smooth_union(d, rod(beside, {edge - 1, -6, -15}, {edge - 1, 12, -15}, thick, thick), 6);
    }
    return d;
}

}  // namespace guide::simulate
