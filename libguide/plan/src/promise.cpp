// SPDX-License-Identifier: Apache-2.0
#include "promise.hpp"

#include "gaussian_mass.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace guide::plan {

double difference(const TipCovariance& a, const TipCovariance& b) {
    const double xx = a.xx - b.xx, xy = a.xy - b.xy, yy = a.yy - b.yy;
    return std::max(std::abs(xx + yy), std::sqrt((xx - yy) * (xx - yy) + 4 * xy * xy));
}

Promises::Promises(const Ruler& ruler, const Preferences& preferences)
    : ruler_(ruler), preferences_(preferences), scaled_(ruler.scene().calibrated) {
    const TipErrors e = preferences.errors({});
    variance_ = e.aiming_mm * e.aiming_mm + e.boundary_mm * e.boundary_mm +
                e.model.motion_mm * e.model.motion_mm;
}

double Promises::change(const Path& path, const TargetMeasures& t, MmVector target, double depth,
                        MmVector entry, const TipCovariance& curve) const {
    constexpr double kStep = 0.01;
    const auto moved = [&](double step) {
        Path other = path;
        other.target = path.target + step * target;
        other.entry = path.entry + step * entry;
        TargetMeasures there = t;
        there.depth += step * depth;
        return covariance(other, there);
    };
    const TipCovariance a = moved(kStep), b = moved(-kStep);
    return (curve.xx * (a.xx - b.xx) + 2 * curve.xy * (a.xy - b.xy) + curve.yy * (a.yy - b.yy)) /
           (4 * kStep);
}

double Promises::sigma() const {
    return scaled_ ? std::sqrt(variance_) : ruler_.widest();
}

TipCovariance Promises::covariance(const Path& path, const TargetMeasures& t) const {
    return scaled_ ? preferences_.covariance(path, t) : TipCovariance{1, 0, 1};
}

Promise Promises::at(const Path& path, const TargetMeasures& t) const {
    Promise p{path.target, 0, {0, 0}, {}, covariance(path, t)};
    if (scaled_) {
        const GaussianMass mass = gaussian_mass(ruler_.scene().joint, path.target, p.covariance);
        p.certainty = mass.inside;
        p.slope = mass.slope;
        p.curve = mass.curve;
    } else {
        p.certainty = preferences_.certainty(path, t);
    }
    return p;
}

double Promises::near(const Promise& promise, MmPoint target) const {
    if (!scaled_) return 1;
    const MmVector by = target - promise.at;
    const TipCovariance& c = promise.curve;
    return promise.certainty + dot(promise.slope, by) +
           (c.xx * by.x * by.x + 2 * c.xy * by.x * by.y + c.yy * by.y * by.y) / 2;
}

double Promises::most(const Promise& promise, MmPoint centre, double reach, double other) const {
    const MmVector offset = centre - promise.at;
    const double away = std::sqrt(dot(offset, offset)) + reach;
    if (!scaled_) return std::min(1.0, promise.certainty + away / ruler_.widest());
    constexpr double kFirst = 0.3989422804;       // phi(0)
    constexpr double kSecond = 2 * 0.2419707245;  // 2 phi(1)
    const double sigma = std::sqrt(variance_);
    const double linear = away * kFirst / sigma;
    const double curved = dot(promise.slope, offset) +
                          std::sqrt(dot(promise.slope, promise.slope)) * reach +
                          kSecond / 2 * away * away / variance_;
    return std::min(1.0,
                    promise.certainty + std::min(linear, curved) + kSecond / 2 * other / variance_);
}

double Promises::spread(double path, double depth, double reach, double turn) const {
    if (!scaled_) return 0;
    const PlanOptions& options = ruler_.options();
    const TipErrors e = preferences_.errors({});
    const double share = path > 0 ? reach / path : 1;
    const double scale = e.model.spacing_relative * path;
    const double aside = e.model.deflection_share * deflection_mm(options.needle, path + reach);
    const double sound = e.model.sound_speed_relative;
    return scale * scale * ((2 + share) * share + 2 * turn) +
           aside * aside / 2 * (4 * share + 2 * turn) +
           sound * sound * (2 * std::max(0.0, depth) + reach) * reach;
}

}  // namespace guide::plan
