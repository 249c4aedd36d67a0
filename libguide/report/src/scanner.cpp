// SPDX-License-Identifier: Apache-2.0
#include <guide/report/scanner.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace guide::report {
namespace {

using simulate::UltrasoundSettings;

constexpr double kDegree = std::numbers::pi / 180;

int counted(double number, int least, int most) {
    return std::clamp(static_cast<int>(std::lround(number)), least, most);
}

/// Lines and samples as close as simulate's own for its probe, closer for narrow beams and short
/// pulses, and for looks that are more oblique.
void set_linear(UltrasoundSettings& u, const CaseScanner& s) {
    const double shorter = std::max(1.0, s.frequency_mhz / 7);
    const double closer = shorter * std::max(1.0, s.looks / 3.0);
    u.lines = counted(closer * s.width_mm / 0.16, 64, 1024);
    u.samples = counted(shorter * s.depth_mm / 0.0375, 256, 8192);
    u.probe.width_mm = s.width_mm;
}

/// The same for lines that spread, which are closest at the face.
void set_curvilinear(UltrasoundSettings& u, const CaseScanner& s) {
    u.probe.kind = filters::ProbeKind::curvilinear;
    u.probe.radius_mm = s.radius_mm;
    u.probe.opening_rad = s.field_of_view_deg * kDegree;
    u.elevation_focus_mm = s.focus_mm;
    u.elevation_aperture_mm = 8;
    // An oblique look turns the phase from line to line: by 0.36 of a turn, 0.4 being the most.
    const double oblique = std::sin(s.looks / 2 * u.look_step_deg * kDegree);
    const double furthest = 0.18 * s.tissue_speed_m_s / s.frequency_mhz / 1000;
    double lines = u.probe.opening_rad * (s.radius_mm + s.depth_mm) * oblique / furthest;
    for (const double depth : {0.0, std::min(s.focus_mm, s.depth_mm), s.depth_mm}) {
        const double beam = simulate::point_spread(u, depth).lateral_mm;
        lines = std::max(lines, u.probe.opening_rad * (s.radius_mm + depth) / (0.5 * beam));
    }
    u.lines = counted(lines, 64, 1024);
    u.samples = counted(s.depth_mm / (0.3 * simulate::point_spread(u, 0).axial_mm), 256, 8192);
}

}  // namespace

UltrasoundSettings ultrasound_settings(const Case& c) {
    const CaseScanner& s = c.scanner;
    UltrasoundSettings u;
    u.probe.end_mm = s.depth_mm;
    u.frequency_mhz = s.frequency_mhz;
    u.focus_mm = s.focus_mm;
    u.gain_db = s.gain_db;
    u.tgc_db_per_cm = s.tgc_db_per_cm;
    u.dynamic_range_db = s.dynamic_range_db;
    u.looks = s.looks;
    u.tissue_speed_m_s = s.tissue_speed_m_s;
    u.lost_contact = s.lost_contact;
    u.seed = c.seed;
    s.curvilinear ? set_curvilinear(u, s) : set_linear(u, s);
    const double pixel = s.pixel_mm.value_or(s.curvilinear ? 0.15 : 0.08);
    if (s.curvilinear) {
        u.picture = filters::picture_over(u.probe, {pixel, pixel});
    } else {
        const auto pixels = [&](double mm) {
            return std::max(16, static_cast<int>(std::lround(mm / pixel)));
        };
        u.picture = {pixels(s.width_mm), pixels(s.depth_mm), {pixel, pixel}, {}};
        u.picture.origin = {-0.5 * pixel * (u.picture.width - 1), 0};
    }
    return u;
}

}  // namespace guide::report
