// SPDX-License-Identifier: Apache-2.0
// What lies between the femur's front and the quadriceps tendon: fat pads, recess, synovium.
#include "knee_layers.hpp"

namespace guide::simulate {
namespace {

/// The suprapatellar recess at one place of the front, all y in mm.
struct Recess {
    double inside;  ///< 0 in the middle, 1 at the edge of the pouch
    double edge;    ///< mm per unit of `inside`
    double floor;   ///< the pouch's deep wall, synovium included
    double fluid;   ///< thickness of the fluid
    double lining;  ///< thickness of the synovium, thinner towards the edge
};

Recess recess_at(const KneeShape& s, double x, double z) {
    const double middle = s.recess_middle();
    const double u = (x + 3) / s.recess_half_width;  // a little to the lateral side
    // A saddle: to the sides it hangs down beside the patella.
    const double v = (z - middle + 0.5 * s.recess_half_width * u * u) / (s.recess_length / 2);
    const double inside = std::hypot(u, v);
    // An effusion is deepest laterally, then medially (clinical Table C).
    const double sides = 1 + (u < 0 ? 0.6 : 0.1) * std::min(1.0, std::abs(u) * 1.6);
    const double full = KneeShape::fullness(inside);
    // As thick as wanted in the middle, uneven about it.
    const double uneven = s.fold(1, x, z) - s.fold(1, 0, middle);
    const double room = s.room_at(z);
    const double even = room * s.effusion_at(x, z) * sides * full;
    const double fluid = even + std::min(0.2 * even, 0.7) * uneven;
    const double lining = room * s.lining(full);
    const double floor = s.femur_front_at(z) - s.bed_at(z) + x * x / 75 + 0.5 * s.fold(0, x, z);
    const double edge = std::min(s.recess_half_width, s.recess_length / 2);
    return {inside, edge, floor, fluid, lining + std::min(0.3 * lining, 0.7) * s.fold(2, x, z)};
}

}  // namespace

double KneeShape::fullness(double inside) {
    // A lens whose edge thins out.
    return std::max(0.0, 1 - std::pow(inside, 2.5));
}

double KneeShape::fold(int which, double x, double z) const {
    const auto wave = [&](int i, double along, double across) {
        return std::sin(along * z + across * x + fold_phases[static_cast<std::size_t>(i)]);
    };
    const int first = 3 * which;
    return folding * (0.6 * wave(first, 0.26, 0.15) + 0.35 * wave(first + 1, 0.55, -0.3) +
                      0.15 * wave(first + 2, 1.1, 0.5));
}

double KneeShape::room_at(double z) const {
    return 0.3 + 0.7 * step_between(patella_top() - 12, patella_top() + 6, z);
}

double recess_fluid_middle(const KneeShape& s, double z) {
    const Recess r = recess_at(s, 0, z);
    return r.floor - r.lining - r.fluid / 2;
}

void offer_recess(const KneeShape& s, const Point& p, Layers& layers) {
    if (p.y() > 0 || p.z() < 0) return;
    const Recess r = recess_at(s, p.x(), p.z());
    const double middle = r.floor - r.lining - r.fluid / 2;
    const double off = std::abs(p.y() - middle);
    const double outside = (r.inside - 1) * r.edge;
    if (outside > 12) return;
    layers.offer(Tissue::joint_fluid, 0.8 * std::max(off - r.fluid / 2, outside));
    layers.offer(Tissue::synovium,
                 0.8 * std::max(off - r.fluid / 2 - r.lining, outside - r.lining));
}

void offer_fat_pads(const KneeShape& s, const Point& p, const BoneDistances& bones,
                    Layers& layers) {
    const Point base = s.patella_from_knee.inverse() * Point(0, 0.8 * s.patella_along, -2);
    const Point apex = s.patella_from_knee.inverse() * Point(0, -s.patella_along, 0);
    if (p.y() < 4) {
        const Recess r = recess_at(s, p.x(), std::max(p.z(), s.trochlea_top - 6));
        const double roof = r.floor - 2 * r.lining - r.fluid;
        const double below = p.y() - s.tendon_back_at(p.z());
        const double between = std::max(p.y() - roof, -below);
        // A wedge on the patella's base that thins out upwards; muscle goes on from there.
        const double wedge = below - 1.6 * s.suprapatellar_fat +
                             1.6 * s.suprapatellar_fat / 30 * (p.z() - base.z()) +
                             1.5 * s.fold(1, p.x(), p.z());
        layers.offer(Tissue::suprapatellar_fat_pad,
                     smooth_common(std::max(between, wedge / 1.3), std::abs(p.x()) - 25, 6));
        // Thinner to the sides, gone where the shaft turns back.
        const double thick = s.prefemoral_fat + 5 - 0.012 * p.x() * p.x();
        const double bed = smooth_common(bones.femur - thick, p.y() + 6, 6);
        layers.offer(
            Tissue::prefemoral_fat_pad,
            smooth_common(std::max(r.floor - p.y(), bed), ellipse(p.x(), p.z() - 62, 34, 44), 8));
    }
    // Hoffa's pad fills what is left behind patella and patellar tendon, and the notch.
    const Point below = s.tibia_from_knee * p;
    const double front = smooth_common(std::max(below.y() + 2, (p - apex).z() - 12),
                                       ellipse(below.x(), below.z() - 6, 33, 42), 6);
    const double notch = std::max({bones.femur - 14, bones.tibia - 16, std::abs(p.x()) - 12});
    layers.offer(Tissue::hoffa_fat_pad, smooth_union(front, notch, 4));
}

}  // namespace guide::simulate
