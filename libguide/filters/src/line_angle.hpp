// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "smoothed_frames.hpp"

#include <guide/filters/oriented_lines.hpp>

#include <cstddef>
#include <vector>

namespace guide::filters {

/// A Gaussian's sigma over its full width at half height.
inline constexpr double kSigmaOfWidth = 0.42466;
/// From the line to its flanks.
inline constexpr double kFlankWidths = 1.5;

/// How one angle is gathered.
struct LineAngle {
    std::vector<std::ptrdiff_t> samples;  ///< offsets into the smoothed frames
    bool along_x;                         ///< nearer to the x axis than to the y axis
    int flank_along;                      ///< to one flank, grid steps along the nearer axis
    int flank_across;                     ///< and across it
    float flank_part;                     ///< and the rest of that, 0..1
};

/// `angle` in rad from the x axis towards y.
LineAngle line_angle(double angle, const OrientedLinesOptions& options,
                     const SmoothedFrames& frames);

}  // namespace guide::filters
