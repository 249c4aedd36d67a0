// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "radiograph_band.hpp"

#include <vector>

namespace guide::segment {

/// A straight line through rows, one a column.
struct Line {
    double middle = 0, slope = 0;
};

[[nodiscard]] Line line_through(const std::vector<int>& rows);

/// The median distance of rows from the straight line that most of them lie near, of their number.
[[nodiscard]] double bend_of(const std::vector<int>& rows);

/// How far a bone's edge recedes in the middle third from the line through what is beside, of its
/// length; `towards` the other bone: 1 for the upper, -1 for the lower.
[[nodiscard]] double notch_of(const std::vector<int>& rows, int towards);

/// Whether the band is thicker somewhere in the middle third than it is beside it.
[[nodiscard]] bool opens_in_the_middle(const Band& band);

}  // namespace guide::segment
