// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "recess_region.hpp"

#include <optional>

namespace guide::segment {

/// A recess that is thin along its course.
struct RecessRibbon {
    RecessRegion region;
    double gain = 0;         ///< sum over its columns by which it stands out; longer counts more
    double gain_per_mm = 0;  ///< of its length
    double unevenness = 0;   ///< of its thickness: standard deviation over mean
};

/// The dark ribbon above the femur that stands out most from its two walls: a recess that holds
/// little fluid, in suprapatellar views. A globally optimal path through the columns of the picture
/// (dynamic programming [92]) whose state is depth and
/// thickness (0.4 to 5.2 mm); it begins and ends where it gains nothing more. What counts is how
/// much brighter the tissue next to it is, above and below, within 1 to 2 mm; the `probability` of
/// fluid as the model has it; how steady it runs. Its lower wall lies 2.5 to 14 mm above the
/// femur. `beyond`: 255 at and below the femur. None: no femur, or nothing stands out.
[[nodiscard]] std::optional<RecessRibbon> recess_ribbon(const TissueGrid& grid,
                                                        const cv::Mat1f& probability,
                                                        const cv::Mat1b& beyond);

}  // namespace guide::segment
