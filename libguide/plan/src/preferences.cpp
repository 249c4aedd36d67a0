// SPDX-License-Identifier: Apache-2.0
#include "preferences.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace guide::plan {
namespace {

// Plain needle: linear fall to nothing at 81 degrees to the face, echogenic 180 (Nichols 2003,
// docs/literature.md 1).
constexpr double kPlainZeroDeg = 81, kEchogenicZeroDeg = 180;
constexpr double kDotBestDeg = 60;  // out of plane the tip is seen best above (RAPM 2004)
constexpr double kAmpleClearanceMm = 5;
constexpr double kOutOfPlane = 4.4 / 2.6;  // PMC5318157

}  // namespace

Preferences::Preferences(const Ruler& ruler) : ruler_(ruler) {
    const Scene& scene = ruler.scene();
    const double face = length(scene.right - scene.left);
    ample_ = scene.calibrated ? kAmpleClearanceMm : face / 10;
    longest_ = scene.calibrated ? ruler.options().needle.length_mm : 2 * face;
    aiming_ = ruler.options().aiming_sigma_mm;
    if (ruler.approach().entry == EntryRule::across_plane) aiming_ *= kOutOfPlane;
}

TipErrors Preferences::errors(const TargetMeasures& t) const {
    TipErrors e;
    e.aiming_mm = aiming_;
    e.boundary_mm = ruler_.scene().boundary_sigma;
    const EntryRule entry = ruler_.approach().entry;
    const bool radiograph = entry == EntryRule::frame_side || entry == EntryRule::along_beam;
    e.depth_mm = radiograph ? 0 : std::max(0.0, t.depth);
    e.model = ruler_.options().errors;
    if (radiograph) {
        // The drawn path begins at the frame's side: its length is not what is inserted.
        e.model.spacing_relative = 0;
        e.model.deflection_share = 0;
    }
    return e;
}

TipCovariance Preferences::covariance(const Path& path, const TargetMeasures& t) const {
    return tip_covariance(path.entry, path.target, ruler_.options().needle, errors(t));
}

double Preferences::certainty(const Path& path, const TargetMeasures& t) const {
    if (!ruler_.scene().calibrated) return ready_certainty(path.target, t);
    return hit_probability(ruler_.scene().joint, path.target, covariance(path, t));
}

double Preferences::ready_certainty(MmPoint target, const TargetMeasures& t) const {
    const double widest = ruler_.widest();
    if (!ruler_.scene().calibrated) return widest > 0 ? std::clamp(t.wall / widest, 0.0, 1.0) : 0.0;
    const TipErrors e = errors(t);
    const double round = e.aiming_mm * e.aiming_mm + e.boundary_mm * e.boundary_mm +
                         e.model.motion_mm * e.model.motion_mm;
    return hit_probability(ruler_.scene().joint, target, {round, 0, round});
}

double Preferences::visibility(double angle_deg) const {
    switch (ruler_.approach().entry) {
        case EntryRule::beside_probe:
            return std::clamp(1 - angle_deg / (ruler_.options().needle.echogenic ? kEchogenicZeroDeg
                                                                                 : kPlainZeroDeg),
                              0.0, 1.0);
        case EntryRule::across_plane:
            return std::clamp(angle_deg / kDotBestDeg, 0.0, 1.0);
        case EntryRule::frame_side:
        case EntryRule::along_beam:
            break;
    }
    return 1;
}

/// 0..1: an easy angle is one at which ultrasound shows the needle, or one along the radiograph's
/// joint line.
double Preferences::ease(double angle_deg) const {
    if (ruler_.approach().entry != EntryRule::frame_side) return visibility(angle_deg);
    return 1 - angle_deg / std::max(1.0, ruler_.approach().angle_limit_deg);
}

double Preferences::clearance(const Measures& m) const {
    double least = m.bone;
    for (std::size_t i = 0; i < m.obstacles.size(); ++i) {
        least = std::min(least, m.obstacles[i] - ruler_.obstacle_margin(i) + ruler_.bone_margin());
    }
    return least;
}

double Preferences::score(double angle_deg, double length, double clearance,
                          double certainty) const {
    const EntryRule entry = ruler_.approach().entry;
    const bool short_counts = entry == EntryRule::beside_probe || entry == EntryRule::across_plane;
    const double shortness = short_counts ? 1 - length / longest_ : 0;
    return kWeights.certainty * certainty + kWeights.ease * std::clamp(ease(angle_deg), 0.0, 1.0) +
           kWeights.clearance * std::clamp(clearance / ample_, 0.0, 1.0) +
           kWeights.shortness * std::clamp(shortness, 0.0, 1.0);
}

}  // namespace guide::plan
