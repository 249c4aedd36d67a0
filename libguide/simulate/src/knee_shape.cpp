// SPDX-License-Identifier: Apache-2.0
#include "knee_shape.hpp"

#include <guide/core/random.hpp>

#include <numbers>

namespace guide::simulate {
namespace {

double interpolated(const std::vector<double>& values, double low, double z) {
    const double at = std::clamp(z - low, 0.0, static_cast<double>(values.size()) - 1.001);
    const auto i = static_cast<std::size_t>(at);
    const double t = at - static_cast<double>(i);
    return (1 - t) * values[i] + t * values[i + 1];
}

void draw_shape(KneeShape& s, const KneeParameters& p) {
    Random random(p.seed, 0x6b6e6565);
    // Relative spreads of about one standard deviation between people (docs/literature.md), cut off
    // at two so that no knee is impossible.
    const auto vary = [&](double& value, double spread) {
        value *= 1 + p.shape_variation * spread * std::clamp(random.normal(), -2.0, 2.0);
    };
    vary(s.front_radius, 0.03);
    vary(s.back_radius, 0.03);
    vary(s.condyle_at, 0.03);
    vary(s.condyle_half_width, 0.03);
    vary(s.groove_depth, 0.15);
    vary(s.shaft_radius, 0.06);
    vary(s.trochlea_top, 0.05);
    vary(s.plateau_half_width, 0.03);
    vary(s.plateau_half_depth, 0.03);
    vary(s.patella_across, 0.05);
    vary(s.patella_along, 0.06);
    vary(s.patella_thick, 0.06);
    vary(s.cartilage_tibia, 0.1);
    vary(s.cartilage_patella, 0.12);
    vary(s.quadriceps_thickness, 0.12);
    vary(s.quadriceps_half_width, 0.1);
    vary(s.patellar_tendon_thickness, 0.12);
    vary(s.prefemoral_fat, 0.2);
    vary(s.suprapatellar_fat, 0.2);
    vary(s.recess_length, 0.2);
    vary(s.recess_half_width, 0.15);
    vary(s.skin, 0.12);
    s.folding = p.shape_variation;
    for (double& phase : s.fold_phases)
        phase = 2 * std::numbers::pi * random.uniform();
}

void scale_bones(KneeShape& s, double size) {
    for (double* length : {&s.front_y,
                           &s.front_z,
                           &s.front_radius,
                           &s.back_y,
                           &s.back_z,
                           &s.back_radius,
                           &s.condyle_at,
                           &s.condyle_half_width,
                           &s.groove_depth,
                           &s.groove_half_width,
                           &s.shaft_radius,
                           &s.trochlea_top,
                           &s.plateau_half_width,
                           &s.plateau_half_depth,
                           &s.plateau_behind,
                           &s.patellar_tendon_length,
                           &s.patella_across,
                           &s.patella_along,
                           &s.patella_thick,
                           &s.quadriceps_half_width,
                           &s.recess_length,
                           &s.recess_half_width})
        *length *= size;
}

/// The upper hull of `front` over equal steps: a string pulled tight over it.
void pull_tight(std::vector<double>& front) {
    std::vector<std::size_t> corners;
    const auto below = [&](std::size_t a, std::size_t b, std::size_t c) {
        const double along = static_cast<double>(b - a) / static_cast<double>(c - a);
        return front[b] <= front[a] + along * (front[c] - front[a]);
    };
    for (std::size_t i = 0; i < front.size(); ++i) {
        while (corners.size() > 1 && below(corners[corners.size() - 2], corners.back(), i))
            corners.pop_back();
        corners.push_back(i);
    }
    for (std::size_t k = 0; k + 1 < corners.size(); ++k) {
        const std::size_t a = corners[k], c = corners[k + 1];
        for (std::size_t i = a; i < c; ++i) {
            const double along = static_cast<double>(i - a) / static_cast<double>(c - a);
            front[i] = (1 - along) * front[a] + along * front[c];
        }
    }
}

/// Means over `half` to both sides, less towards the ends, so that those stay.
void round_off(std::vector<double>& line, std::size_t half) {
    const std::vector<double> before = line;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const std::size_t reach = std::min({half, i, line.size() - 1 - i});
        double sum = 0;
        for (std::size_t k = i - reach; k <= i + reach; ++k)
            sum += before[k];
        line[i] = sum / static_cast<double>(2 * reach + 1);
    }
}

/// What lies on the front of the femur in the midline, from the bone outwards; over it the
/// quadriceps tendon runs like a string from the patella's base to the thigh.
void stack_front(KneeShape& s) {
    const Point base = s.patella_from_knee.inverse() * Point(0, 0.8 * s.patella_along, -2);
    s.profile_low = std::floor(base.z());
    const auto count = static_cast<std::size_t>(150 - s.profile_low);
    s.femur_front.resize(count);
    s.tendon_back.resize(count);
    std::vector<double> front(count);
    const double middle = s.recess_middle();
    for (std::size_t i = 0; i < count; ++i) {
        const double z = s.profile_low + static_cast<double>(i);
        const double y = front_of_femur(s, z);
        s.femur_front[i] = y;
        const double r = (z - middle) / (s.recess_length / 2);
        const double full = KneeShape::fullness(r);
        const double recess = s.room_at(z) * (s.effusion_at(0, z) * full + 2 * s.lining(full));
        const double muscle = 12 * step_between(middle + s.recess_length / 2 - 5, 120, z);
        front[i] = -y + s.bed_at(z) + recess + 1 + muscle;
    }
    front[0] = -base.y();
    const std::vector<double> loose = front;
    pull_tight(front);
    // In a leg at rest the tendon sags halfway to what lies under it.
    for (std::size_t i = 0; i < count; ++i) {
        const double sag = 0.55 * step_between(0, 25, static_cast<double>(i));
        front[i] += sag * (loose[i] - front[i]);
    }
    round_off(front, 7);
    round_off(front, 5);
    for (std::size_t i = 0; i < count; ++i)
        s.tendon_back[i] = -front[i];
}

}  // namespace

double front_of_femur(const KneeShape& s, double z) {
    double y = -90;
    for (double d = femur(s, {0, y, z}); d > 1e-4 && y < 40; d = femur(s, {0, y, z}))
        y += std::max(0.5 * d, 1e-4);
    return y;
}

double KneeShape::femur_front_at(double z) const {
    return interpolated(femur_front, profile_low, z);
}

double KneeShape::tendon_back_at(double z) const {
    return interpolated(tendon_back, profile_low, z);
}

double KneeShape::prefemoral_fat_at(double z) const {
    return prefemoral_fat * step_between(trochlea_top - 8, trochlea_top + 10, z);
}

double KneeShape::bed_at(double z) const {
    const double cartilage = 1 - step_between(trochlea_top - 4, trochlea_top + 4, z);
    return prefemoral_fat_at(z) + cartilage_femur * cartilage + 1;
}

double KneeShape::lining(double full) const {
    return synovium * (0.3 + 0.7 * full);
}

double KneeShape::patella_top() const {
    return (patella_from_knee.inverse() * Point(0, patella_along, -0.5 * patella_thick)).z();
}

double KneeShape::recess_middle() const {
    // It hangs between the patella's base, which goes down as the knee bends, and the femur.
    const double above_patella = patella_top() + 7;
    const double above_trochlea = trochlea_top - 6 + recess_length / 2;
    return std::max(above_patella, 0.5 * (above_patella + above_trochlea));
}

double KneeShape::effusion_at(double x, double z) const {
    const double reach = 10 + 50 * filling.spread;
    const double away = std::hypot(x - filling.about.x(), z - filling.about.z()) / reach;
    const double evenly = filling.spread * filling.spread;
    const double come = evenly + (1 - evenly) * std::exp(-away * away);
    return filling.elsewhere_mm + come * (effusion - filling.elsewhere_mm);
}

KneeShape shape_of(const KneeParameters& parameters, const RecessFilling& filling) {
    KneeShape s{};
    draw_shape(s, parameters);
    s.size = parameters.size;
    scale_bones(s, parameters.size);
    s.effusion = parameters.effusion_mm;
    s.filling = filling;
    s.synovium = parameters.synovium_mm;
    s.fat = parameters.fat_mm;
    s.cartilage_femur = parameters.cartilage_mm;
    s.loss_medial = parameters.narrowing_medial;
    s.loss_lateral = parameters.narrowing_lateral;
    s.osteophyte = parameters.osteophyte_mm;
    s.cyst = parameters.bakers_cyst_mm;
    // Fluid fills the pouch upwards as it spreads.
    const double even = filling.elsewhere_mm + filling.spread * (s.effusion - filling.elsewhere_mm);
    s.recess_length += 1.5 * even;
    s.recess_half_width += 0.5 * even;
    bend(s, parameters.flexion_deg);
    stack_front(s);
    return s;
}

}  // namespace guide::simulate
