// SPDX-License-Identifier: Apache-2.0
//
// preferences.cpp in three dimensions: same figures, same weights.
#include "preferences.hpp"
#include "volume_search.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace guide::plan {
namespace {

constexpr double kDegree = std::numbers::pi / 180;
constexpr double kPlainZeroDeg = 81, kEchogenicZeroDeg = 180, kDotBestDeg = 60;
constexpr double kOutOfPlane = 4.4 / 2.6;

double aiming(const Approach& approach, const PlanOptions& options) {
    return options.aiming_sigma_mm * (approach.entry == EntryRule::across_plane ? kOutOfPlane : 1);
}

}  // namespace

VolumePreferences::VolumePreferences(const VolumeRuler& ruler, const HitField* hits)
    : ruler_(ruler), hits_(hits) {}

double VolumePreferences::round_sigma(const VolumeData& data, const Approach& approach,
                                      const PlanOptions& options) {
    return std::sqrt(std::pow(aiming(approach, options), 2) + std::pow(data.boundary_sigma, 2) +
                     std::pow(options.errors.motion_mm, 2));
}

TipErrors VolumePreferences::errors(const VolumeMeasures& m) const {
    TipErrors e;
    e.aiming_mm = aiming(ruler_.approach(), ruler_.options());
    e.boundary_mm = ruler_.data().boundary_sigma;
    e.depth_mm = m.depth;
    e.model = ruler_.options().errors;
    return e;
}

double VolumePreferences::certainty(const VolumePath& path, const VolumeMeasures& m) const {
    if (hits_ == nullptr) return 0;
    const PlanOptions& options = ruler_.options();
    const double length = m.trace.length, scale = options.errors.spacing_relative * length;
    const double aside = options.errors.deflection_share * deflection_mm(options.needle, length);
    const double depth = options.errors.sound_speed_relative * m.depth;
    return hits_->at(path.target, path.out, scale * scale, aside * aside / 2, ruler_.window().face,
                     depth * depth);
}

double VolumePreferences::ready_certainty(const Eigen::Vector3d& target) const {
    return hits_ == nullptr ? 0 : hits_->round(target);
}

double VolumePreferences::visibility(double angle_rad) const {
    const double angle = angle_rad / kDegree;
    if (ruler_.approach().entry == EntryRule::across_plane)
        return std::clamp(angle / kDotBestDeg, 0.0, 1.0);
    const bool echogenic = ruler_.options().needle.echogenic;
    return std::clamp(1 - angle / (echogenic ? kEchogenicZeroDeg : kPlainZeroDeg), 0.0, 1.0);
}

double VolumePreferences::clearance(const VolumeMeasures& m) const {
    double least = m.bone;
    for (std::size_t i = 0; i < m.kinds.size(); ++i)
        least = std::min(least, m.kinds[i] - ruler_.margin(i) + ruler_.approach().bone_margin_mm);
    return least;
}

double VolumePreferences::sum(double certainty, double angle_rad, double clearance,
                              double length) const {
    return kWeights.certainty * certainty + kWeights.ease * visibility(angle_rad) +
           kWeights.clearance * std::clamp(clearance / VolumeRuler::kAmple, 0.0, 1.0) +
           kWeights.shortness *
               std::clamp(1 - length / ruler_.options().needle.length_mm, 0.0, 1.0);
}

double VolumePreferences::score(const VolumeMeasures& m, double certainty) const {
    return sum(certainty, m.angle, clearance(m), m.trace.length);
}

double VolumePreferences::score_bound(const VolumeMeasures& m, double ready,
                                      const VolumeReach& reach) const {
    // A Gaussian's mass of any region changes by at most sqrt(2/pi) / (2 sigma) a unit length.
    const double slope = 0.4 / aiming(ruler_.approach(), ruler_.options());
    const double certainty = hits_ == nullptr ? 0 : std::min(1.0, ready + slope * reach.at_target);
    const bool steep_is_better = ruler_.approach().entry == EntryRule::across_plane;
    const double angle = steep_is_better
                             ? std::min(ruler_.window().angle_high, m.angle + reach.spread)
                             : std::max(ruler_.window().angle_low, m.angle - reach.spread);
    return sum(certainty, angle, clearance(m) + reach.at(m.trace.length), m.least_length);
}

}  // namespace guide::plan
