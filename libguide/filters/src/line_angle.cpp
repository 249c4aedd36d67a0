// SPDX-License-Identifier: Apache-2.0
#include "line_angle.hpp"

#include "line_samples.hpp"

#include <algorithm>
#include <cmath>

namespace guide::filters {

LineAngle line_angle(double angle, const OrientedLinesOptions& options,
                     const SmoothedFrames& frames) {
    constexpr double kSamplesApart = 1.5;  // sigmas; the smoothed frame has nothing finer
    LineAngle line{};
    line.along_x = std::abs(std::cos(angle)) >= std::abs(std::sin(angle));
    const double main = line.along_x ? std::cos(angle) : std::sin(angle);
    const double slope = (line.along_x ? std::sin(angle) : std::cos(angle)) / main;
    const double apart = std::max(1.0, kSamplesApart * kSigmaOfWidth * options.width_px);
    const int unit = frames.grid == 1 ? 1 : 2;
    for (const LineSample& sample : line_samples(slope, options.length_px, apart, unit)) {
        line.samples.push_back(line.along_x ? frames.offset(2 * sample.along, sample.across)
                                            : frames.offset(sample.across, 2 * sample.along));
    }
    // Flanks lie straight beside the place: ones further along the line would draw the angle to 45
    // degrees.
    const double cosine = std::abs(main), sine = slope * cosine;
    const double flank = kFlankWidths * options.width_px / frames.grid;
    line.flank_along = -static_cast<int>(std::lround(flank * sine));
    const double across = (flank + line.flank_along * sine) / cosine;
    line.flank_across = static_cast<int>(std::floor(across));
    line.flank_part = static_cast<float>(across - line.flank_across);
    return line;
}

}  // namespace guide::filters
