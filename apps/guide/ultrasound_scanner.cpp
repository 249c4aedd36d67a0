// SPDX-License-Identifier: Apache-2.0
#include "ultrasound_scanner.hpp"

#include "phantom.hpp"

#include <guide/core/error.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace guide::app {
namespace {

using simulate::UltrasoundSettings;

constexpr double kDegree = std::numbers::pi / 180;

int counted(double number, int least, int most) {
    return std::clamp(static_cast<int>(std::lround(number)), least, most);
}

/// Lines and samples as close as simulate's own for its probe, closer for narrow beams and short
/// pulses, and for looks that are more oblique.
void set_linear(UltrasoundSettings& u, const report::CaseScanner& s) {
    const double shorter = std::max(1.0, s.frequency_mhz / 7);
    const double closer = shorter * std::max(1.0, s.looks / 3.0);
    u.lines = counted(closer * s.width_mm / 0.16, 64, 1024);
    u.samples = counted(shorter * s.depth_mm / 0.0375, 256, 8192);
    u.probe.width_mm = s.width_mm;
}

/// The same for lines that spread, which are closest at the face.
void set_curvilinear(UltrasoundSettings& u, const report::CaseScanner& s) {
    u.probe.kind = filters::ProbeKind::curvilinear;
    u.probe.radius_mm = s.radius_mm;
    u.probe.opening_rad = s.field_of_view_deg * kDegree;
    u.elevation_focus_mm = s.focus_mm;
    u.elevation_aperture_mm = 8;
    double lines = 64;
    for (const double depth : {0.0, std::min(s.focus_mm, s.depth_mm), s.depth_mm}) {
        const double beam = simulate::point_spread(u, depth).lateral_mm;
        lines = std::max(lines, u.probe.opening_rad * (s.radius_mm + depth) / (0.5 * beam));
    }
    u.lines = counted(lines * std::max(1.0, s.looks / 3.0), 64, 1024);
    u.samples = counted(s.depth_mm / (0.3 * simulate::point_spread(u, 0).axial_mm), 256, 8192);
}

UltrasoundSettings settings_of(const report::Case& c) {
    const report::CaseScanner& s = c.scanner;
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

/// As an operator would type it.
std::string title_of(const report::Case& c) {
    const std::string side = c.knee.laterality == simulate::Laterality::left ? "L " : "R ";
    std::string view(name_of(c.view));
    for (char& letter : view)
        letter = letter == '-' ? ' ' : static_cast<char>(std::toupper(letter));
    return side + view;
}

void set_screen(Scanner& scanner, const report::Case& c) {
    simulate::ScreenOptions options = c.screen->options;
    options.seed = c.screen->seed.value_or(c.seed);
    scanner.callipers = c.screen->callipers;
    try {
        scanner.screen = simulate::screen_layout(options, c.scanner.depth_mm);
        scanner.settings.picture = simulate::picture_on_screen(
            *scanner.screen, scanner.settings.probe, c.scanner.pixel_mm);
    } catch (const PreconditionError& fault) {
        throw ImpossibleCase(std::string("screen: ") + fault.what());
    }
    const report::CaseScanner& s = c.scanner;
    const std::string face = std::to_string(std::lround(s.face_mm()));
    scanner.words = {title_of(c),     (s.curvilinear ? "CONVEX " : "LINEAR ") + face,
                     s.frequency_mhz, s.depth_mm,
                     s.gain_db,       s.dynamic_range_db,
                     s.focus_mm};
}

/// The ends of the joint space above and below its thickest place.
std::optional<std::pair<PixelPoint, PixelPoint>> thickness_of(const Anatomy& anatomy) {
    if (!anatomy.joint_space || anatomy.joint_space->contours.empty()) return std::nullopt;
    const PixelPolygon& outline = anatomy.joint_space->contours.front();
    const PixelPoint middle = anatomy.joint_space->target;
    double above = -1e9, below = 1e9;
    for (std::size_t i = 0; i < outline.size(); ++i) {
        const PixelPoint a = outline[i], b = outline[(i + 1) % outline.size()];
        if ((a.x > middle.x) == (b.x > middle.x)) continue;
        const double y = a.y + (middle.x - a.x) / (b.x - a.x) * (b.y - a.y);
        if (y <= middle.y) above = std::max(above, y);
        if (y >= middle.y) below = std::min(below, y);
    }
    if (above < -1e8 || below > 1e8) return std::nullopt;
    return std::pair{PixelPoint{middle.x, above}, PixelPoint{middle.x, below}};
}

}  // namespace

Scanner scanner_of(const report::Case& c) {
    Scanner scanner;
    scanner.settings = settings_of(c);
    scanner.contact.width_mm = c.scanner.face_mm();
    scanner.contact.thickness_mm = kProbeThickness;
    scanner.contact.radius_mm = c.scanner.curvilinear ? c.scanner.radius_mm : 0;
    if (c.screen) set_screen(scanner, c);
    try {
        scanner.settings.validate();
    } catch (const PreconditionError& fault) {
        throw ImpossibleCase(std::string("scanner: its fields do not go together; a narrower "
                                         "probe, a lower frequency or fewer looks may: ") +
                             fault.what());
    }
    return scanner;
}

std::optional<simulate::ScreenTruth> show_screen(Frame& frame, const Scanner& scanner,
                                                 const simulate::UltrasoundTruth& truth) {
    if (!scanner.screen) return std::nullopt;
    const auto ends = scanner.callipers ? thickness_of(truth.anatomy) : std::nullopt;
    return simulate::draw_screen(frame, *scanner.screen, scanner.settings, scanner.words, ends);
}

bool through_probe(const Scanner& scanner, const Eigen::Vector3d& tip,
                   const Eigen::Vector3d& direction) {
    constexpr double kStep = 0.1, kHigh = 60;  // mm
    if (direction.y() <= 1e-3) return false;
    const simulate::ProbeContact& face = scanner.contact;
    for (Eigen::Vector3d p = tip; p.y() > -kHigh; p -= kStep * direction) {
        if (std::abs(p.x()) < 0.5 * face.width_mm && std::abs(p.z()) < 0.5 * face.thickness_mm &&
            p.y() < -face.rise_mm(p.x()))
            return true;
    }
    return false;
}

}  // namespace guide::app
