// SPDX-License-Identifier: Apache-2.0
// Tibia, fibula and patella; the femur has a file of its own.
#include "knee_shape.hpp"

namespace guide::simulate {
namespace {

/// Between the plateaus: a broad eminence with two spines, the medial one higher and more in front.
double eminence(double x, double y) {
    const double off = (std::abs(x) - 5.5) / 3.2;
    const double spine = (x > 0 ? 4 : 3.2) * std::exp(-std::pow(std::abs(off), 1.6));
    const double back = y - (x > 0 ? 2 : 5);
    return (5.2 * std::exp(-0.5 * x * x / 100) + spine) * std::exp(-0.5 * back * back / 90);
}

}  // namespace

double plateau_at(const KneeShape& s, double x, double y) {
    constexpr double kSlope = 0.11;  // 6 degrees, down to the back
    const double side = std::abs(x) - s.condyle_at, back = y - 4;
    // The medial plateau is hollow, the lateral one nearly flat; the margin is rounded.
    const double hollow = std::max(0.0, 1 - (side * side + back * back) / (20 * 20));
    const double rim =
        std::max(0.0, std::hypot(x / s.plateau_half_width, back / s.plateau_half_depth) - 0.78);
    return eminence(x, y) - (x > 0 ? 1.8 : 0.5) * hollow - kSlope * back -
           1.6 * std::min(2.0, rim * rim / (0.22 * 0.22));
}

double shaft_share(const KneeShape& s, const Point& p) {
    return step_between(48, 84, -p.z() / s.size);
}

double tibial_face_from(const KneeShape& s, const Point& p) {
    constexpr double kAside = 0.64, kFront = 0.77;  // it faces inwards and to the front
    const double y = p.y() + 0.5 * s.size, along = kFront * p.x() + kAside * y;
    // Its edges fall away a little.
    const double falls = std::min(along * along / (70 * s.size), 4 * s.size);
    return kAside * p.x() - kFront * y - 9.5 * s.size + falls;
}

double tibia_itself(const KneeShape& s, const Point& p) {
    const double below = plateau_at(s, p.x(), p.y()) - p.z(), down = below / s.size;
    // From the margin, widest some mm under the joint, in an S to the shaft.
    const double metaphysis = step_between(4, 48, down), shaft = step_between(38, 120, down);
    const double across = s.plateau_half_width * (1 - 0.43 * metaphysis - 0.15 * shaft);
    const double thick = s.plateau_half_depth * (1 - 0.3 * metaphysis - 0.15 * shaft);
    const double low = shaft_share(s, p);
    const Point middle(0, 4 - 4.5 * low * s.size, 0);
    double outline = ellipse(p.x(), p.y() - middle.y(), across, thick) / 1.1;
    if (low > 0) {
        // Three faces, which meet in front in the crest: seen from above a triangle.
        const Point q = p - middle;
        const double away = 30 * (1 - low);
        const double lateral = -0.91 * q.x() - 0.41 * q.y() - 0.66 * across - away;
        const double back = q.y() - 0.72 * thick - away;
        outline =
            smooth_common(outline, std::max({tibial_face_from(s, p) - away, lateral, back}), 9);
    }
    double d = smooth_common(outline, -below / 1.05, 5);
    d = smooth_union(d, ellipsoid(p - Point(-2, -14, -30) * s.size, Point(10, 8, 16) * s.size), 12);
    if (s.osteophyte > 0) {
        const double thick_lip = s.osteophyte / 2;
        const Point beside(std::abs(p.x()), p.y(), p.z());
        const double edge = s.plateau_half_width - 1;
        d = smooth_union(d, rod(beside, {edge, -6, -4}, {edge, 10, -5}, thick_lip, thick_lip), 3);
    }
    return d;
}

double tibia(const KneeShape& s, const Point& p) {
    return tibia_itself(s, s.tibia_from_knee * p);
}

double fibula(const KneeShape& s, const Point& p) {
    const Point q = s.tibia_from_knee * p;
    const Point head = Point(-33.5, 23, -21) * s.size, neck = Point(-31, 24, -46) * s.size;
    return smooth_union(rod(q, head, neck, 9.5 * s.size, 6 * s.size),
                        rod(q, neck, Point(-27, 25, -250) * s.size, 6 * s.size, 7 * s.size), 4);
}

double patella_back(const KneeShape& s, double x, double y) {
    const double low = step_between(-0.4, -1.05, y / s.patella_along);
    return s.patella_thick * (0.95 * low - 0.9) + 0.32 * std::hypot(x, 1.5);
}

double patella_itself(const KneeShape& s, const Point& p) {
    // A rounded triangle, apex down; the base slants to the back and up. The front is convex, two
    // facets meet in a ridge at the back, and the apex behind carries none.
    const double y = p.y() + 0.3 * p.z();
    const double narrow = 1 - 0.55 * step_between(0.4, -1.1, y / s.patella_along);
    const double u = p.x() / (s.patella_across * narrow), v = y / s.patella_along;
    const double outline = ellipse(p.x(), y, s.patella_across * narrow, s.patella_along) / 1.1;
    const double dome =
        s.patella_thick * (0.95 - 0.55 * std::min(1.5, u * u) - 0.3 * std::min(1.5, v * v));
    const double front = (p.z() - dome) / 1.15;
    const double back = (patella_back(s, p.x(), y) - p.z()) / 1.1;
    double d = smooth_common(smooth_common(outline, front, 7), back, 4);
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
