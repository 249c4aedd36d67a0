// SPDX-License-Identifier: Apache-2.0
#include "us_beam.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace guide::simulate {
namespace {

constexpr double kSigmaOfWidth =
    0.42466;  // standard deviation of a Gaussian of width 1 at half height

/// A sampled Gaussian for points that were laid between two samples by their distances. That alone
/// spreads them by 1/6 (variance, on average over all positions); the rest is up to the filter. The
/// sum is that of a Gaussian of height 1.
std::vector<float> weights_of(double sigma, int radius) {
    const double variance = std::max(0.05, sigma * sigma - 1.0 / 6);
    std::vector<float> weights(static_cast<std::size_t>(radius) + 1);
    double sum = 0;
    for (int i = 0; i <= radius; ++i) {
        const double w = std::exp(-0.5 * i * i / variance);
        weights[static_cast<std::size_t>(i)] = static_cast<float>(w);
        sum += i == 0 ? w : 2 * w;
    }
    const double height = sigma * std::sqrt(2 * std::numbers::pi) / sum;
    for (float& w : weights)
        w = static_cast<float>(w * height);
    return weights;
}

int radius_of(double sigma) {
    return static_cast<int>(std::ceil(3 * sigma));
}

/// How fast the phase of echoes turns across the lines in the look `number` off the middle.
double turn_per_mm(const UltrasoundSettings& settings, int number) {
    const double wavelength = settings.tissue_speed_m_s / settings.frequency_mhz / 1000;
    const double angle = number * settings.look_step_deg * std::numbers::pi / 180;
    return 4 * std::numbers::pi / wavelength * std::sin(angle);
}

}  // namespace

BeamModel::BeamModel(const UltrasoundSettings& settings) : settings_(settings) {
    const auto& probe = settings.probe;
    const double shown_to_true = settings.tissue_speed_m_s / settings.assumed_speed_m_s;
    const double shown_row = (probe.end_mm - probe.start_mm) / (settings.samples - 1);
    row_mm_ = shown_row * shown_to_true;
    axial_mm_ = kSigmaOfWidth * point_spread(settings, 0).axial_mm;
    axial_ = weights_of(axial_mm_ / row_mm_, radius_of(axial_mm_ / row_mm_));

    const int count = settings.samples + static_cast<int>(axial_.size());
    rows_.reserve(static_cast<std::size_t>(count));
    for (int r = 0; r < count; ++r) {
        Row row{};
        row.depth_mm = (probe.start_mm + r * shown_row) * shown_to_true;
        const double unit = probe.kind == filters::ProbeKind::linear
                                ? probe.width_mm * std::cos(probe.steering_rad)
                                : probe.opening_rad * (probe.radius_mm + row.depth_mm);
        row.pitch_mm = unit / (settings.lines - 1);
        const PointSpread spread = point_spread(settings, row.depth_mm);
        row.lateral_mm = kSigmaOfWidth * spread.lateral_mm;
        row.elevation_mm = kSigmaOfWidth * spread.elevation_mm;
        // The integral of a Gaussian's square is sigma sqrt(pi).
        const double volume =
            std::pow(std::numbers::pi, 1.5) * row.lateral_mm * row.elevation_mm * axial_mm_;
        row.speckle = 1 / std::sqrt(settings.scatterers_per_mm3 * volume);
        margin_ = std::max(margin_, radius_of(row.lateral_mm / row.pitch_mm) + 2);
        rows_.push_back(row);
    }
    columns_ = settings.lines + 2 * margin_;
    const std::size_t kinds = static_cast<std::size_t>(settings.looks);
    lateral_.resize(rows_.size() * kinds * static_cast<std::size_t>(margin_));
    lateral_radius_.reserve(rows_.size());
    float* to = lateral_.data();
    for (int r = 0; r < count; ++r) {
        const double sigma = row(r).lateral_mm / row(r).pitch_mm;
        const auto weights = weights_of(sigma, radius_of(sigma));
        lateral_radius_.push_back(static_cast<int>(weights.size()) - 1);
        std::copy(weights.begin(), weights.end(), to);
        to += margin_;
        for (int look = 1; look <= settings.looks / 2; ++look) {
            const double turn = turn_per_mm(settings, look) * row(r).pitch_mm;
            for (std::size_t k = 0; k < weights.size(); ++k) {
                const double angle = turn * static_cast<double>(k);
                to[k] = weights[k] * static_cast<float>(std::cos(angle));
                to[k + static_cast<std::size_t>(margin_)] =
                    weights[k] * static_cast<float>(std::sin(angle));
            }
            to += 2 * static_cast<std::ptrdiff_t>(margin_);
        }
    }
}

BeamModel::Line BeamModel::line(double column) const {
    const auto& probe = settings_.probe;
    const double across = (column - margin_) / (settings_.lines - 1) - 0.5;
    if (probe.kind == filters::ProbeKind::linear) {
        return {{across * probe.width_mm, 0},
                {std::sin(probe.steering_rad), std::cos(probe.steering_rad)}};
    }
    const double angle = across * probe.opening_rad;
    const Eigen::Vector2d out(std::sin(angle), std::cos(angle));
    return {probe.radius_mm * out - Eigen::Vector2d(0, probe.radius_mm), out};
}

WorkPoint BeamModel::work_from_scan(const Eigen::Vector3d& scan) const {
    const auto& probe = settings_.probe;
    WorkPoint p;
    double across = 0;
    if (probe.kind == filters::ProbeKind::linear) {
        p.depth_mm = scan.y() / std::cos(probe.steering_rad);
        across = (scan.x() - p.depth_mm * std::sin(probe.steering_rad)) / probe.width_mm;
    } else {
        const double y = scan.y() + probe.radius_mm;
        p.depth_mm = std::hypot(scan.x(), y) - probe.radius_mm;
        across = std::atan2(scan.x(), y) / probe.opening_rad;
    }
    p.column = (across + 0.5) * (settings_.lines - 1) + margin_;
    p.row = (p.depth_mm - rows_.front().depth_mm) / row_mm_;
    p.across_mm = scan.z();
    return p;
}

double BeamModel::sum_of_row(const Row& row, double slope) const {
    const double along =
        1 / (row.lateral_mm * row.lateral_mm) + slope * slope / (axial_mm_ * axial_mm_);
    return std::sqrt(2 * std::numbers::pi / along) / row.pitch_mm;
}

PointSpread point_spread(const UltrasoundSettings& settings, double depth_mm) {
    const double depth = std::max(0.0, depth_mm);
    const double wavelength = settings.tissue_speed_m_s / settings.frequency_mhz / 1000;
    // An aperture of rectangular shape: sin(x) / x falls to half at 1.21 wavelengths times
    // f-number.
    constexpr double kRectangular = 1.21;
    // Off its focus a beam has the width of its cone; half its height lies within some 70 % of it.
    constexpr double kCone = 0.7;
    const auto width_off_focus = [&](double aperture, double focus) {
        return std::hypot(kRectangular * wavelength * focus / aperture,
                          kCone * aperture * (depth - focus) / focus);
    };
    const double receive =
        kRectangular * wavelength * std::max(settings.f_number, depth / settings.aperture_mm);
    const double transmit =
        width_off_focus(settings.focus_mm / settings.transmit_f_number, settings.focus_mm);
    const double elevation =
        width_off_focus(settings.elevation_aperture_mm, settings.elevation_focus_mm);
    return {0.5 * settings.cycles * wavelength, receive * transmit / std::hypot(receive, transmit),
            elevation / std::numbers::sqrt2};
}

void UltrasoundSettings::validate() const {
    constexpr const char* name = "UltrasoundSettings";
    const auto within = [](double value, double low, double high, const char* rule) {
        require(value >= low && value <= high, name, rule);
    };
    probe.validate();
    picture.validate();
    require(probe.kind == filters::ProbeKind::linear || probe.steering_rad == 0, name,
            "steering_rad is 0 for a curvilinear probe");
    require(probe.kind == filters::ProbeKind::linear || probe.radius_mm >= 1, name,
            "radius_mm of a curvilinear probe is 1 mm or more");
    require(probe.end_mm <= 300, name, "end_mm is at most 300 mm");
    within(lines, 2, 1024, "lines is 2 to 1024");
    within(samples, 2, 8192, "samples is 2 to 8192");
    within(frequency_mhz, 1, 30, "frequency_mhz is 1 to 30 MHz");
    within(cycles, 0.5, 20, "cycles is 0.5 to 20");
    within(f_number, 0.8, 10, "f_number is 0.8 to 10");
    within(aperture_mm, 1, 100, "aperture_mm is 1 to 100 mm");
    within(transmit_f_number, 0.8, 20, "transmit_f_number is 0.8 to 20");
    within(focus_mm, 2, 300, "focus_mm is 2 to 300 mm");
    within(elevation_focus_mm, 2, 300, "elevation_focus_mm is 2 to 300 mm");
    within(elevation_aperture_mm, 0.5, 30, "elevation_aperture_mm is 0.5 to 30 mm");
    require(looks >= 1 && looks <= 7 && looks % 2 == 1, name, "looks is odd, 1 to 7");
    within(look_step_deg, 2, 20, "look_step_deg is 2 to 20 degrees");
    within(dynamic_range_db, 20, 120, "dynamic_range_db is 20 to 120 dB");
    within(white_db, -20, 80, "white_db is -20 to 80 dB");
    within(gain_db, -60, 60, "gain_db is -60 to 60 dB");
    within(tgc_db_per_cm, 0, 60, "tgc_db_per_cm is 0 to 60 dB/cm");
    within(noise_db, -200, 20, "noise_db is -200 to 20 dB");
    within(assumed_speed_m_s, 1000, 2000, "assumed_speed_m_s is 1000 to 2000 m/s");
    within(tissue_speed_m_s, 1000, 2000, "tissue_speed_m_s is 1000 to 2000 m/s");
    within(scatterers_per_mm3, 1, 2000, "scatterers_per_mm3 is 1 to 2000");
    within(interface_db, 0, 60, "interface_db is 0 to 60 dB");
    within(side_lobe_db, -120, -10, "side_lobe_db is -120 to -10 dB");
    within(texture, 0, 2, "texture is 0 to 2");
    require(limb_centre.allFinite(), name, "limb_centre is finite");
    within(clutter_db, -200, 0, "clutter_db is -200 to 0 dB");
    within(shadow_clutter_db, -200, 20, "shadow_clutter_db is -200 to 20 dB");
    within(reverberation, 0, 0.9, "reverberation is 0 to 0.9");
    for (const LostContact& gap : lost_contact) {
        require(
            std::isfinite(gap.begin_mm) && std::isfinite(gap.end_mm) && gap.begin_mm < gap.end_mm,
            name, "lost_contact runs from begin_mm to a larger end_mm");
    }
    const double row =
        (probe.end_mm - probe.start_mm) / (samples - 1) * tissue_speed_m_s / assumed_speed_m_s;
    require(row <= 0.6 * point_spread(*this, 0).axial_mm, name,
            "samples are no further apart than 0.6 of the pulse's length");
    const bool flat = probe.kind == filters::ProbeKind::linear;
    for (const double depth : {probe.start_mm, std::min(focus_mm, probe.end_mm), probe.end_mm}) {
        const double pitch =
            (flat ? probe.width_mm : probe.opening_rad * (probe.radius_mm + depth)) / (lines - 1);
        require(pitch <= 0.8 * point_spread(*this, depth).lateral_mm, name,
                "lines are no further apart than 0.8 of the beam's width");
        require(turn_per_mm(*this, looks / 2) * pitch < 0.8 * std::numbers::pi, name,
                "lines are close enough for the angle of the outermost look");
    }
}

}  // namespace guide::simulate
