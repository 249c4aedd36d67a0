// SPDX-License-Identifier: Apache-2.0
#include "knee_shape.hpp"

namespace guide::simulate {
namespace {

/// Distance to a circle of the sagittal profile.
double circle(const Point& p, double y, double z, double radius) {
    return std::hypot(p.y() - y, p.z() - z) - radius;
}

/// One condyle: the sagittal profile, bulging in the frontal plane about its middle.
double condyle(const KneeShape& s, const Point& p, double side) {
    const double across = p.x() - side * s.condyle_at;
    const double grow = side > 0 ? 0.5 : -0.5;  // the medial condyle is the larger one
    const double profile = smooth_union(circle(p, s.front_y, s.front_z, s.front_radius + grow),
                                        circle(p, s.back_y, s.back_z, s.back_radius + grow), 6);
    const double bulge = across * across / 44;
    return smooth_common((profile + bulge) / std::hypot(1.0, across / 22),
                         std::abs(across) - s.condyle_half_width, 6);
}

/// The trochlea: the front circle with a groove, the lateral crest higher than the medial.
double trochlea(const KneeShape& s, const Point& p) {
    const double across = std::abs(p.x()) / s.groove_half_width;
    const double wall = 1 - std::min(1.0, across * std::sqrt(across));
    const double crest = p.x() < 0 ? 1.5 * std::min(1.0, across) : 0.0;
    const double radius = s.front_radius - s.groove_depth * wall + crest;
    const double profile = circle(p, s.front_y, s.front_z, radius) / 1.08;
    return smooth_common(profile, std::abs(p.x()) - 27, 8);
}

double shaft(const KneeShape& s, const Point& p) {
    const double up = p.z();
    const double flare = 1 - step_between(22, 78, up);
    const double across = s.shaft_radius + (36 - s.shaft_radius) * flare * flare;
    const double thick = s.shaft_radius + (22 - s.shaft_radius) * flare * flare;
    const double middle = -1.5 - 1.5 * flare;
    return smooth_common(ellipse(p.x(), p.y() - middle, across, thick), 14 - up, 6);
}

double osteophytes(const KneeShape& s, const Point& p, double edge, double height) {
    // A lip around the margin: as thick as half its reach.
    return rod({std::abs(p.x()), p.y(), p.z()}, {edge, -6, height}, {edge, 10, height},
               s.osteophyte / 2, s.osteophyte / 2);
}

}  // namespace

double femur(const KneeShape& s, const Point& p) {
    double d = smooth_union(condyle(s, p, 1), condyle(s, p, -1), 2);
    d = smooth_union(d, trochlea(s, p), 4);
    d = smooth_union(d, ellipsoid(p - Point(0, 3, 13), {39, 19, 21}), 6);
    d = smooth_union(d, shaft(s, p), 12);
    // The notch opens below and behind; its roof climbs backwards (Blumensaat's line).
    const double roof = ((p.z() + 12) * 30 - (p.y() + 14) * 26) / std::hypot(30.0, 26.0);
    d = smooth_cut(d, smooth_common(roof, std::abs(p.x()) - 9, 9), 5);
    if (s.osteophyte > 0) {
        d = smooth_union(d, osteophytes(s, p, s.condyle_at + s.condyle_half_width, -10), 3);
    }
    return d;
}

double plateau_at(const KneeShape& s, double x, double y) {
    const double side = std::abs(x) - s.condyle_at, back = y - 4;
    // The medial plateau is hollow, the lateral one flat to convex.
    const double dish = (side * side + back * back) / (20 * 20);
    double z = x > 0 ? -1.6 * std::max(0.0, 1 - dish) : -0.4 * std::max(0.0, 1 - dish);
    const double spine = (std::abs(x) - 5) / 3.2;
    z += 8 * std::exp(-0.5 * spine * spine - 0.5 * (y - 3) * (y - 3) / 64);
    return z;
}

double tibia_itself(const KneeShape& s, const Point& p) {
    const double below = plateau_at(s, p.x(), p.y()) - p.z();
    const double narrow = step_between(6, 62, below);
    const double across = s.plateau_half_width * (1 - 0.62 * narrow);
    const double thick = s.plateau_half_depth * (1 - 0.45 * narrow);
    const double outline = ellipse(p.x(), p.y() - 4 + 5 * narrow, across, thick);
    double d = smooth_common(outline, -below, 4);
    d = smooth_union(d, ellipsoid(p - Point(0, -14, -33), {9, 7, 15}), 8);  // tuberosity
    if (s.osteophyte > 0) {
        d = smooth_union(d, osteophytes(s, p, s.plateau_half_width, -3), 3);
    }
    return d;
}

double tibia(const KneeShape& s, const Point& p) {
    return tibia_itself(s, s.tibia_from_knee * p);
}

double fibula(const KneeShape& s, const Point& p) {
    const Point q = s.tibia_from_knee * p;
    const double head = rod(q, {-33, 21, -16}, {-32, 19, -34}, 8, 6);
    return smooth_union(head, rod(q, {-32, 19, -34}, {-28, 16, -250}, 6, 7), 4);
}

double patella_itself(const KneeShape& s, const Point& p) {
    // Towards the apex it gets narrower; the base slants to the back and up; the front is slightly
    // convex; the two facets meet in a ridge at the back.
    const double y = p.y() + 0.35 * p.z();
    const double narrow = 1 - 0.35 * step_between(-2, -s.patella_along, y);
    const double outline = ellipse(p.x(), y, s.patella_across * narrow, s.patella_along) / 1.03;
    const double u = p.x() / s.patella_across, v = y / s.patella_along;
    const double front = (p.z() - s.patella_thick * (0.9 - 0.28 * u * u - 0.12 * v * v)) / 1.04;
    const double facets = -(p.z() + 0.9 * s.patella_thick - 0.32 * std::abs(p.x())) / 1.05;
    double d = smooth_common(smooth_common(outline, front, 5), facets, 3);
    if (s.osteophyte > 0) {
        d = smooth_union(
            d, rod(p, {0, s.patella_along, -4}, {0, s.patella_along + s.osteophyte, -4}, 2.0, 0.8),
            2);
    }
    return d;
}

double patella(const KneeShape& s, const Point& p) {
    return patella_itself(s, s.patella_from_knee * p);
}

}  // namespace guide::simulate
