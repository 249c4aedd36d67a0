// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/filters/export.hpp>
#include <guide/geometry/pixel_grid.hpp>

#include <optional>

namespace guide::filters {

/// How rough speckle is in tissue that is all alike, as standard deviation over mean of linear
/// amplitudes: the q0(t) of SRAD and the Cu of DPAD. Diffusion smooths what is no rougher than this
/// fully and holds what is rougher for structure. Levels below 0.001 count as 0.001.
struct SpeckleLevel {
    /// Before the first step, 0.01 to 10. Fully developed speckle has 0.52, less where the machine
    /// has averaged.
    double initial = 0.5;
    /// 1 / time, 0 to 100: the level at time t is initial exp(-decay t). Diffusion makes speckle
    /// smoother, so the level has to fall; where it falls too slowly, edges are taken for speckle.
    double decay = 1.0 / 6;
    /// When set, the level is measured here before each step instead: a box inside the frame, of
    /// four pixels or more, that shows nothing but speckle. px, x1 and y1 just outside.
    std::optional<PixelBox> uniform_region = std::nullopt;

    /// Throws PreconditionError naming the bad field.
    GUIDE_FILTERS_EXPORT void validate() const;
};

}  // namespace guide::filters
