// SPDX-License-Identifier: Apache-2.0
#include "line_candidates.hpp"
#include "needle_ends.hpp"

#include <guide/core/error.hpp>
#include <guide/filters/oriented_lines.hpp>
#include <guide/track/needle.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>
#include <vector>

namespace guide::track {
namespace {

constexpr int kGrid = 2;           // px, of the line filter
constexpr double kThinnest = 4;    // px
constexpr double kGathered = 0.1;  // of the diagonal: how much of a line the filter sees at once
constexpr int kLines = 10;         // that are looked at
constexpr double kBorder = 0.03;   // of the picture's sides: as near is at the border
constexpr double kAcross = 0.85;   // of the picture's width: what is as long crosses it
constexpr double kParallel = 15;   // degrees
constexpr double kFascia = 0.08;   // of the diagonal: beside a line that crosses the picture
constexpr double kLevel = 2;       // degrees: as level lies along the face
constexpr double kDegrees = 180 / std::numbers::pi;

double turned_deg(double a, double b) {
    return kDegrees * std::abs(std::remainder(a - b, std::numbers::pi));
}

double length_of(const LineCandidate& l) {
    return std::hypot(l.end.x - l.begin.x, l.end.y - l.begin.y);
}

bool at_border(PixelPoint p, PixelBox picture) {
    const double x = kBorder * picture.width(), y = kBorder * picture.height();
    return p.x <= x || p.y <= y || p.x >= picture.width() - 1 - x ||
           p.y >= picture.height() - 1 - y;
}

bool crosses(const LineCandidate& l, PixelBox picture) {
    return (at_border(l.begin, picture) && at_border(l.end, picture)) ||
           std::abs(l.end.x - l.begin.x) >= kAcross * picture.width();
}

double distance_between(const LineCandidate& a, const LineCandidate& b) {
    const double x = 0.5 * (a.begin.x + a.end.x) - b.begin.x,
                 y = 0.5 * (a.begin.y + a.end.y) - b.begin.y;
    return std::abs(y * std::cos(b.angle) - x * std::sin(b.angle));
}

/// Whether a line is part of a layer that crosses the picture.
bool belongs_to_layer(const LineCandidate& line, const std::vector<LineCandidate>& lines,
                      PixelBox picture, double diagonal) {
    return std::any_of(lines.begin(), lines.end(), [&](const LineCandidate& other) {
        return crosses(other, picture) && turned_deg(line.angle, other.angle) < kParallel / 2 &&
               distance_between(line, other) < kFascia * diagonal;
    });
}

/// Strength of the lines about parallel to one, against its own; an echo of the shaft counts too.
double rivalry(const LineCandidate& line, const std::vector<LineCandidate>& lines,
               PixelBox picture) {
    double sum = 0;
    for (const LineCandidate& other : lines) {
        if (&other == &line || crosses(other, picture)) continue;
        if (turned_deg(line.angle, other.angle) < kParallel) sum += other.strength;
    }
    return sum / line.strength;
}

std::vector<LineCandidate> lines_in(ImageView<const float> picture, double diagonal,
                                    const NeedleOptions& options, const Execution& execution) {
    const int width = (picture.width + kGrid - 1) / kGrid,
              height = (picture.height + kGrid - 1) / kGrid;
    Image<float> response(width, height), angle(width, height);
    filters::OrientedLinesOptions o;
    o.width_px = std::max(kThinnest, options.width * diagonal);
    o.length_px = std::max(2 * o.width_px, kGathered * diagonal);
    o.grid_px = kGrid;
    o.last_angle = options.steepest_deg / kDegrees;
    o.first_angle = -o.last_angle;
    filters::oriented_lines(picture, {response.view(), angle.view()}, o, execution);
    return find_lines({std::as_const(response).view(), std::as_const(angle).view(), kGrid},
                      {o.width_px, options.gap * diagonal, kLines});
}

}  // namespace

Expected<void> NeedleOptions::validate() const {
    const auto within = [](double v, double low, double high) { return v >= low && v <= high; };
    const char* bad = !within(width, 0.002, 0.05)     ? "width"
                      : !within(shortest, 0.05, 1)    ? "shortest"
                      : !within(gap, 0, 0.3)          ? "gap"
                      : !within(steepest_deg, 20, 89) ? "steepest_deg"
                      : !within(rival, 0.1, 1)        ? "rival"
                                                      : nullptr;
    if (bad != nullptr) return no_answer("bad-options", std::string(bad) + " is out of range.");
    return {};
}

Expected<Needle> find_needle(const Frame& frame, PixelBox box, const NeedleOptions& options,
                             const Execution& execution) {
    if (const auto good = options.validate(); !good)
        throw PreconditionError("find_needle", good.error().text);
    const PixelBox picture = intersection(box, frame.grid().bounds());
    if (picture.width() < 32 || picture.height() < 32)
        return no_answer("empty-picture", "The picture is too small to show a needle.");
    const auto view =
        frame.intensity.view().cropped(picture.x0, picture.y0, picture.width(), picture.height());
    const double diagonal = std::hypot(picture.width(), picture.height());
    const double width = std::max(kThinnest, options.width * diagonal);
    const auto lines = lines_in(view, diagonal, options, execution);
    if (lines.empty())
        return no_answer("no-line", "No straight bright line stands out from the tissue.");

    Reason why{"crosses-picture", "The bright lines run through the whole picture, as layers do."};
    for (const LineCandidate& line : lines) {
        if (crosses(line, picture) || belongs_to_layer(line, lines, picture, diagonal)) continue;
        if (turned_deg(line.angle, 0) < kLevel) continue;
        if (length_of(line) < options.shortest * diagonal) {
            why = {"too-short", "The brightest line is too short for a shaft."};
            break;
        }
        const double rivals = rivalry(line, lines, picture);
        if (rivals >= options.rival) {
            why = {"many-lines",
                   "Several bright lines run the same way, as fibres of muscle and tendon do."};
            break;
        }
        const ShaftEnds ends = find_ends(view, line, width, options.gap * diagonal);
        Needle needle;
        const bool down_right = ends.end.y >= ends.begin.y;
        const PixelPoint upper = down_right ? ends.begin : ends.end,
                         lower = down_right ? ends.end : ends.begin;
        needle.entry = {upper.x + picture.x0, upper.y + picture.y0};
        needle.tip = {lower.x + picture.x0, lower.y + picture.y0};
        needle.axis_deg = kDegrees * line.angle;
        needle.contrast = ends.contrast;
        needle.tip_sigma_px = ends.sigma;
        needle.confidence = 1 - rivals / options.rival;
        return needle;
    }
    return tl::unexpected(why);
}

}  // namespace guide::track
