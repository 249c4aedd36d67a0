// SPDX-License-Identifier: Apache-2.0
#include "measure.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace guide::session {
namespace {

using Eigen::Vector3d;
using simulate::Tissue;

constexpr double kDegree = std::numbers::pi / 180;
constexpr double kFarthest = 30;  // mm, distances beyond do not matter

/// Whether bone lies between the probe's face and a point, probe mm.
bool bone_above(const Vector3d& point, const simulate::TissueField& field, const Pose& pose) {
    constexpr double kStep = 0.4;
    for (double y = point.y() - kStep; y > 0; y -= kStep) {
        if (simulate::is_bone(field.at(pose * Vector3d(point.x(), y, point.z())).tissue))
            return true;
    }
    return false;
}

}  // namespace

std::int64_t thousandths(double value) {
    return std::llround(value * 1000);
}

Micrometres micrometres(const Vector3d& mm) {
    return {thousandths(mm.x()), thousandths(mm.y()), thousandths(mm.z())};
}

Millionths millionths(const Vector3d& unit) {
    return {std::llround(unit.x() * 1e6), std::llround(unit.y() * 1e6),
            std::llround(unit.z() * 1e6)};
}

Vector3d direction_of(const HeldNeedle& held) {
    const double angle = static_cast<double>(held.angle_mdeg) / 1000 * kDegree,
                 heading = static_cast<double>(held.heading_mdeg) / 1000 * kDegree;
    return held.placed_from.motion().linear() * Vector3d(std::cos(angle) * std::cos(heading),
                                                         std::sin(angle),
                                                         std::cos(angle) * std::sin(heading));
}

double slice_half_at(const NeedleState& state, const simulate::UltrasoundSettings& settings,
                     const Pose& patient_from_probe) {
    const double depth = (patient_from_probe.inverse() * state.tip).y();
    return simulate::point_spread(settings, std::max(0.0, depth)).elevation_mm / 2;
}

NeedleState measure(const HeldNeedle& held, const Body& body,
                    const simulate::UltrasoundSettings& settings, const Pose& patient_from_probe) {
    NeedleState state;
    state.needle = held.needle;
    state.entry = held.entry;
    state.direction = direction_of(held);
    state.angle_deg = static_cast<double>(held.angle_mdeg) / 1000;
    state.heading_deg = static_cast<double>(held.heading_mdeg) / 1000;
    state.inserted_mm = static_cast<double>(held.inserted_um) / 1000;
    state.tip = held.entry + state.inserted_mm * state.direction;

    const auto shown = simulate::shown_point(settings, patient_from_probe, state.tip);
    state.tip_px = shown.pixel;
    state.tip_across_mm = shown.out_of_plane_mm;
    state.entry_px = simulate::shown_point(settings, patient_from_probe, state.entry).pixel;
    const Vector3d tip = patient_from_probe.inverse() * state.tip;
    state.under_probe = std::abs(tip.x()) <= body.face.width_mm / 2 && tip.y() > 0 &&
                        tip.y() <= settings.probe.end_mm;
    const PixelBox picture{0, 0, settings.picture.width, settings.picture.height};
    // Within half of the slice a tip's echo is at most 6 dB lower, far above speckle.
    state.tip_visible = picture.contains(state.tip_px) && tip.y() > 0 &&
                        std::abs(tip.z()) <= slice_half_at(state, settings, patient_from_probe) &&
                        !bone_above({tip.x(), tip.y(), 0}, *body.field, patient_from_probe);
    const double along_beam =
        std::abs(state.direction.dot(patient_from_probe.motion().linear().col(1)));
    state.beam_angle_deg = std::acos(std::min(1.0, along_beam)) / kDegree;
    const double radius = held.needle.outer_diameter_mm / 2;
    state.clearance_mm = distance_to(body.vessels, state.entry, state.tip, kFarthest) - radius;
    // The surfaces are of what the picture can show; a shaft may run elsewhere.
    if (in_vessel(body, state.entry, state.tip))
        state.clearance_mm = std::min(state.clearance_mm, -radius);
    state.bone_mm = distance_to(body.hard, state.tip, state.tip, kFarthest);
    const Tissue at_tip = body.knee.at(state.tip).tissue;
    state.in_joint = at_tip == Tissue::joint_fluid || at_tip == Tissue::bakers_cyst;
    return state;
}

NeedleSample sample_of(const NeedleState& state, int insertion, double slice_half_mm) {
    NeedleSample sample;
    sample.insertion = insertion;
    sample.tip = micrometres(state.tip);
    sample.direction = millionths(state.direction);
    sample.inserted_um = thousandths(state.inserted_mm);
    sample.across_um = thousandths(state.tip_across_mm);
    sample.slice_half_um = std::max<std::int64_t>(1, thousandths(slice_half_mm));
    sample.beam_angle_mdeg = std::clamp<std::int64_t>(thousandths(state.beam_angle_deg), 0, 90000);
    sample.clearance_um = thousandths(state.clearance_mm);
    sample.bone_um = thousandths(state.bone_mm);
    sample.tip_visible = state.tip_visible;
    sample.in_joint = state.in_joint;
    sample.under_probe = state.under_probe;
    return sample;
}

}  // namespace guide::session
