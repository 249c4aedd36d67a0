// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/image.hpp>
#include <guide/geometry/point.hpp>

#include <vector>

namespace guide::track {

/// A straight bright line: where it was seen, and how bright.
struct LineCandidate {
    PixelPoint begin, end;  ///< px, left to right
    double angle = 0;       ///< rad, -pi/2 to pi/2
    double response = 0;    ///< mean along it
    double strength = 0;    ///< sum along it
};

/// Responses and angles of filters::oriented_lines over a picture; grid points are `grid` px apart.
struct LineMaps {
    ImageView<const float> response, angle;
    int grid = 1;
};

struct LineLimits {
    double width = 4, gap = 20;  ///< px
    int count = 8;               ///< of candidates, at most
};

/// The strongest lines, best first; none lies along another.
[[nodiscard]] std::vector<LineCandidate> find_lines(const LineMaps& maps, const LineLimits& limits);

}  // namespace guide::track
