// SPDX-License-Identifier: Apache-2.0
#include "ultrasound_scanner.hpp"

#include "phantom.hpp"

#include <guide/core/error.hpp>
#include <guide/report/scanner.hpp>

#include <algorithm>
#include <cmath>

namespace guide::app {
namespace {

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
    scanner.settings = report::ultrasound_settings(c);
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

}  // namespace guide::app
