// SPDX-License-Identifier: Apache-2.0
#include "scan_geometry.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace guide::filters {

void ProbeGeometry::validate() const {
    constexpr const char* name = "ProbeGeometry";
    require(kind == ProbeKind::linear || kind == ProbeKind::curvilinear, name,
            "kind is linear or curvilinear");
    if (kind == ProbeKind::linear) {
        require(width_mm > 0 && width_mm <= 1000, name, "width_mm is above 0, to 1000");
    } else {
        require(radius_mm >= 0 && radius_mm <= 1000, name, "radius_mm is 0 to 1000");
        require(opening_rad > 0 && opening_rad <= std::numbers::pi, name,
                "opening_rad is above 0, to pi");
    }
    require(steering_rad >= -1 && steering_rad <= 1, name, "steering_rad is -1 to 1");
    require(start_mm >= 0 && start_mm <= 1000, name, "start_mm is 0 to 1000");
    require(end_mm > start_mm && end_mm <= 1000, name, "end_mm is above start_mm, to 1000");
}

void BeamGrid::validate() const {
    probe.validate();
    require(lines >= 2 && lines <= kMostPixels, "BeamGrid", "lines is 2 to 65535");
    require(samples >= 2 && samples <= kMostPixels, "BeamGrid", "samples is 2 to 65535");
}

void PictureGrid::validate() const {
    constexpr const char* name = "PictureGrid";
    require(width >= 2 && width <= kMostPixels, name, "width is 2 to 65535");
    require(height >= 2 && height <= kMostPixels, name, "height is 2 to 65535");
    require(std::isfinite(spacing.x_mm) && spacing.x_mm > 0 && std::isfinite(spacing.y_mm) &&
                spacing.y_mm > 0,
            name, "spacing is above 0 mm");
    require(std::isfinite(origin.x) && std::isfinite(origin.y), name, "origin is finite");
}

ScanPoint BeamMap::scan_from_beam(BeamPoint p) const {
    const double depth = start_ + p.sample / samples_per_mm_;
    const double across = (p.line - middle_) / lines_per_unit_;
    if (kind_ == ProbeKind::linear) return {across + depth * sin_, depth * cos_};
    const double s = std::sin(across), c = std::cos(across);
    // The line leaves the face steered against the normal (s, c). Height over the face's middle as
    // -2 R sin^2(a / 2), since R c - R would lose digits.
    const double half = std::sin(across / 2);
    return {radius_ * s + depth * (s * cos_ + c * sin_),
            depth * (c * cos_ - s * sin_) - 2 * radius_ * half * half};
}

BeamPoint BeamMap::beam_from_scan(ScanPoint p) const {
    if (kind_ == ProbeKind::linear) {
        const double depth = p.y / cos_;
        return {(p.x - depth * sin_) * lines_per_unit_ + middle_,
                (depth - start_) * samples_per_mm_};
    }
    // Seen from the centre of the arc, a line passes at the distance R sin(steering): with it and
    // the distance of the point, Pythagoras gives the depth, and the depth the turn since the face.
    const double x = p.x, y = p.y + radius_;
    const double aside = radius_ * sin_;
    const double depth = std::sqrt(x * x + y * y - aside * aside) - radius_ * cos_;
    double angle = std::atan2(x, y);
    if (sin_ != 0) angle -= std::atan2(depth * sin_, radius_ + depth * cos_);
    if (std::isnan(depth)) angle = depth;
    return {angle * lines_per_unit_ + middle_, (depth - start_) * samples_per_mm_};
}

BeamMap::BeamMap(const BeamGrid& beam)
    : kind_(beam.probe.kind),
      radius_(beam.probe.radius_mm),
      sin_(std::sin(beam.probe.steering_rad)),
      cos_(std::cos(beam.probe.steering_rad)),
      start_(beam.probe.start_mm),
      middle_(0.5 * (beam.lines - 1)),
      lines_per_unit_((beam.lines - 1) /
                      (kind_ == ProbeKind::linear ? beam.probe.width_mm : beam.probe.opening_rad)),
      samples_per_mm_((beam.samples - 1) / (beam.probe.end_mm - beam.probe.start_mm)) {}

ScanPoint scan_from_beam(const BeamGrid& beam, BeamPoint p) {
    beam.validate();
    return BeamMap(beam).scan_from_beam(p);
}

BeamPoint beam_from_scan(const BeamGrid& beam, ScanPoint p) {
    beam.validate();
    return BeamMap(beam).beam_from_scan(p);
}

PictureGrid picture_over(const ProbeGeometry& probe, Spacing spacing) {
    probe.validate();
    require(std::isfinite(spacing.x_mm) && spacing.x_mm > 0 && std::isfinite(spacing.y_mm) &&
                spacing.y_mm > 0,
            "picture_over", "spacing is above 0 mm");
    // Extremes lie at the four corners or where an arc turns back: straight down or to a side.
    const BeamMap map(BeamGrid{probe, 2, 2});
    ScanPoint low{INFINITY, INFINITY}, high{-INFINITY, -INFINITY};
    const auto include = [&](ScanPoint p) {
        low = {std::min(low.x, p.x), std::min(low.y, p.y)};
        high = {std::max(high.x, p.x), std::max(high.y, p.y)};
    };
    for (const double line : {0.0, 1.0}) {
        for (const double sample : {0.0, 1.0})
            include(map.scan_from_beam({line, sample}));
    }
    if (probe.kind == ProbeKind::curvilinear) {
        for (const double sample : {0.0, 1.0}) {
            const ScanPoint corner = map.scan_from_beam({0, sample});
            const double radius = std::hypot(corner.x, corner.y + probe.radius_mm);
            for (const double side : {-1.0, 0.0, 1.0}) {
                const ScanPoint turn{side * radius, (side == 0 ? radius : 0.0) - probe.radius_mm};
                const double line = map.beam_from_scan(turn).line;
                if (line >= 0 && line <= 1) include(turn);
            }
        }
    }
    // A border that falls on a pixel centre up to rounding needs no further pixel.
    constexpr double little = 1e-9;
    const double left = std::floor(low.x / spacing.x_mm + little);
    const double right = std::ceil(high.x / spacing.x_mm - little);
    const double top = std::floor(low.y / spacing.y_mm + little);
    const double bottom = std::ceil(high.y / spacing.y_mm - little);
    require(right - left < kMostPixels && bottom - top < kMostPixels, "picture_over",
            "no side has more than 65535 pixels");
    return {std::max(2, static_cast<int>(right - left) + 1),
            std::max(2, static_cast<int>(bottom - top) + 1),
            spacing,
            {left * spacing.x_mm, top * spacing.y_mm}};
}

}  // namespace guide::filters
