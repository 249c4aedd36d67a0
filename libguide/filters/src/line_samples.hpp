// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

namespace guide::filters {

/// A place on a line through the origin: `along` the axis it lies nearer to, `across` along the
/// other.
struct LineSample {
    int along;   ///< px
    int across;  ///< half pixels
};

/// Places about `apart` px from each other on a line of `length` px whose slope (across over along)
/// is between -1 and 1, the same to both sides of the origin. `along` is whole; `across` is a
/// multiple of `unit` half pixels, within one unit of the line, chosen so that the places have the
/// slope of the line in the mean: plain rounding turns a line of 60 px by up to 0.7 degrees.
std::vector<LineSample> line_samples(double slope, double length, double apart, int unit);

}  // namespace guide::filters
