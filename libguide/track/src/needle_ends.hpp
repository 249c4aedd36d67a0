// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "line_candidates.hpp"

namespace guide::track {

/// Where a shaft begins and ends by the grey levels along it, which the line filter has smeared
/// over its length.
struct ShaftEnds {
    PixelPoint begin, end;  ///< px
    double contrast = 0;    ///< grey levels against what is beside it, median along the shaft
    double sigma = 0;       ///< px, of either end
};

/// `width`: of the shaft's echo, `gap`: the longest dark stretch within it, px.
[[nodiscard]] ShaftEnds find_ends(ImageView<const float> picture, const LineCandidate& line,
                                  double width, double gap);

}  // namespace guide::track
