// SPDX-License-Identifier: Apache-2.0
// Tendons, ligaments, vessels, the outline of the leg.
#include "knee_layers.hpp"

#include <array>

namespace guide::simulate {
namespace {

/// A flat band from `a` to `b`: `across` is the unit vector of its width.
double band(const Point& p, const Point& a, const Point& b, const Point& across, double half_width,
            double half_thickness) {
    const Point along = (b - a).normalized();
    const Point normal = along.cross(across).normalized();
    const Point wide = normal.cross(along);
    const Point q = p - a;
    const double beyond = std::max(-q.dot(along), q.dot(along) - (b - a).norm());
    const double off = std::abs(q.dot(normal)) - half_thickness;
    // Round about its ends, as the skin over them is.
    const double outline = std::max(off, beyond) < 0
                               ? std::max(off, beyond)
                               : std::hypot(std::max(off, 0.0), std::max(beyond, 0.0));
    return smooth_common(outline, std::abs(q.dot(wide)) - half_width, 2 * half_thickness);
}

template <std::size_t N>
double tube(const Point& p, const std::array<Point, N>& path, double radius) {
    double d = 1e9;
    for (std::size_t i = 0; i + 1 < N; ++i)
        d = std::min(d, rod(p, path[i], path[i + 1], radius, radius));
    return d;
}

/// Between semimembranosus and the medial gastrocnemius, with a neck to the joint.
double bakers_cyst(const KneeShape& s, const Point& p) {
    const Point middle(17, 32 + 0.5 * s.cyst, -4);
    const double sac = ellipsoid(p - middle, {0.6 * s.cyst, 0.5 * s.cyst, 0.9 * s.cyst});
    return smooth_union(sac, rod(p, {16, 28, -4}, middle, 2, 2.5), 4);
}

}  // namespace

double quadriceps_tendon(const KneeShape& s, const Point& p) {
    const Point base = s.patella_from_knee.inverse() * Point(0, 0.8 * s.patella_along, -2);
    const double slope = (s.tendon_back_at(p.z() + 2) - s.tendon_back_at(p.z() - 2)) / 4;
    // Higher up the tendon thins out between the muscles.
    const double half =
        s.quadriceps_thickness / 2 * (1 - 0.7 * step_between(base.z() + 40, base.z() + 110, p.z()));
    const double middle = s.tendon_back_at(p.z()) - half + p.x() * p.x() / 150;
    const double off = (std::abs(p.y() - middle) - half) / std::hypot(1.0, slope);
    const double along = std::max(base.z() - 4 - p.z(), p.z() - 140);
    return smooth_common(std::max(off, along), std::abs(p.x()) - s.quadriceps_half_width, 7);
}

double patellar_tendon(const KneeShape& s, const Point& p) {
    return band(p, tendon_upper_end(s), tendon_lower_end(s), Point::UnitX(),
                s.patellar_tendon_half_width, s.patellar_tendon_thickness / 2);
}

void offer_tendons(const KneeShape& s, const Point& p, const BoneDistances& bones, Layers& layers) {
    // Fibres of the tendon pass over the patella; in front of both lies fat, no muscle.
    const Point q = s.patella_from_knee * p;
    const double over =
        ellipse(q.x(), q.y() + 0.35 * q.z(), s.patella_across, s.patella_along) / 1.15;
    double tendon = quadriceps_tendon(s, p);
    if (bones.patella < 12)
        tendon = smooth_union(tendon, std::max({bones.patella - 1.8, -q.z(), over - 2}), 7);
    layers.offer(Tissue::quadriceps_tendon, tendon);
    layers.offer(Tissue::patellar_tendon, patellar_tendon(s, p));
    layers.offer(Tissue::subcutaneous_fat, std::max(over - 6, -q.z()));
    layers.offer(Tissue::subcutaneous_fat, std::max({(p.y() - s.tendon_back_at(p.z()) + 2) / 1.2,
                                                     std::abs(p.x()) - 24, p.z() - 140, -p.z()}));
    const Eigen::Isometry3d knee_from_tibia = s.tibia_from_knee.inverse();
    // From the epicondyles, over the rim of the plateau, to the shaft; to the fibula's head.
    const double side = s.condyle_at + s.condyle_half_width;
    if (p.x() > 0) {
        const Point rim = knee_from_tibia * Point(s.plateau_half_width + 3, -2, -6);
        const Point end = knee_from_tibia * Point(23.5, -4, -56);
        layers.offer(Tissue::ligament,
                     smooth_union(band(p, Point(side + 6, 4, 10), rim, Point::UnitY(), 8, 1.6),
                                  band(p, rim, end, Point::UnitY(), 7, 1.6), 3));
    } else {
        layers.offer(Tissue::ligament,
                     rod(p, {-side - 5.5, 7, 9}, knee_from_tibia * Point(-38, 22, -17), 2.2, 2.2));
    }
}

void offer_vessels(const KneeShape& s, const Point& p, Layers& layers) {
    const Eigen::Isometry3d knee_from_tibia = s.tibia_from_knee.inverse();
    const std::array<Point, 5> artery{Point{-2, 36, 200}, Point{-1, 37, 40}, Point{0, 38, 5},
                                      knee_from_tibia * Point(-1, 37, -20),
                                      knee_from_tibia * Point(-4, 32, -200)};
    const auto beside = [&](double x, double y) {
        auto path = artery;
        for (Point& point : path)
            point += Point(x, y, 0);
        return path;
    };
    const double popliteal = tube(p, artery, 0);
    if (popliteal < 40) {
        layers.offer(Tissue::artery, popliteal - 3.4);
        layers.offer(Tissue::vein, tube(p, beside(-2.5, 8.2), 4.3));
        layers.offer(Tissue::nerve, tube(p, beside(-6, 14.5), 2.6));
    }
    // Genicular arteries run close to the bone: above the condyles, and at the joint line.
    const std::array<Point, 4> lateral_upper{Point{-1, 37, 34}, Point{-22, 22, 37},
                                             Point{-29, 2, 38}, Point{-22, -20, 38}};
    const std::array<Point, 4> medial_upper{Point{-1, 37, 34}, Point{22, 22, 37}, Point{29, 2, 38},
                                            Point{22, -20, 38}};
    const std::array<Point, 4> lateral_lower{
        knee_from_tibia * Point(-1, 37, -2), knee_from_tibia * Point(-30, 27, 1),
        knee_from_tibia * Point(-42, 8, 2), knee_from_tibia * Point(-34, -18, 2)};
    const std::array<Point, 4> medial_lower{
        knee_from_tibia * Point(-1, 37, -22), knee_from_tibia * Point(30, 26, -24),
        knee_from_tibia * Point(38, 6, -26), knee_from_tibia * Point(30, -18, -20)};
    layers.offer(Tissue::artery,
                 std::min({tube(p, lateral_upper, 0.9), tube(p, medial_upper, 0.9),
                           tube(p, lateral_lower, 0.8), tube(p, medial_lower, 0.8)}));
    if (s.cyst > 0) layers.offer(Tissue::bakers_cyst, bakers_cyst(s, p));
    // The popliteal fossa is fat about its vessels, a diamond seen from behind.
    const double along = (p.z() - 8) / 42;
    layers.offer(Tissue::subcutaneous_fat,
                 tube(p, beside(-3, 7), 0) - 3 - 14 * std::exp(-along * along));
}

double fascia(const KneeShape& s, const Point& p, const BoneDistances& bones) {
    const double up = std::max(p.z(), 0.0);
    const double thigh =
        smooth_common(ellipse(p.x(), p.y() - 7.5, 42 + 0.2 * up, 35 + 0.14 * up), -30 - p.z(), 30);
    const Point q = s.tibia_from_knee * p;
    double shank = smooth_common(ellipse(q.x(), q.y() - 15, 41, 37), q.z() - 12, 30);
    // No muscle lies on the inner face of the tibia's shaft.
    const double low = shaft_share(s, q);
    if (low > 0) {
        shank = smooth_common(shank, tibial_face_from(s, q) - 1.2 - 40 * (1 - low), 8);
    }
    double d = smooth_union(thigh, shank, 25);
    // The quadriceps tendon and all behind it, however far an effusion lifts it.
    const double tendon = quadriceps_tendon(s, p);
    const double behind =
        smooth_common(std::max({s.tendon_back_at(p.z()) - p.y(), p.y(), -10 - p.z(), p.z() - 140}),
                      std::abs(p.x()) - s.quadriceps_half_width, 10);
    d = smooth_union(d, std::min(tendon, behind) - 0.5, 18);
    d = smooth_union(d, std::min(bones.patella, patellar_tendon(s, p)) - 0.5, 24);
    if (s.cyst > 0) d = smooth_union(d, bakers_cyst(s, p) - 3, 20);
    return smooth_union(d, std::min({bones.femur, bones.tibia, bones.fibula}) - 4 + 2.8 * low,
                        12 - 8 * low);
}

double fat_thickness(const KneeShape& s, const Point& p) {
    const Point q = s.patella_from_knee * p;
    return s.fat * (0.45 + 0.6 * step_between(s.patella_along - 12, s.patella_along + 40, q.y()));
}

}  // namespace guide::simulate
