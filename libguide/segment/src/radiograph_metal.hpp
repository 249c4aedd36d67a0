// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

#include <vector>

namespace guide::segment {

/// Signs of metal in a bone-bright picture, as shares 0..1.
struct MetalSigns {
    /// Of the outline of the sharpest large patch of the brightest grey: the part with a drop of
    /// more than a third of the grey range within two pixels. Bone fades over its rounded surface,
    /// metal ends.
    double sharp_outline = 0;
    /// Of the joint's length: the part where the femur is of the brightest tenth of the grey range
    /// some 5 mm deep and its edge drops by more than half that range.
    double white_steep_joint = 0;
    /// Of the picture: pixels within a hundredth of the greatest grey. A picture stretched until
    /// bone saturates has metal-like edges everywhere, so the signs mean nothing in it.
    double saturated = 0;
};

/// `grey`: bone-bright, some 224 pixels across; `outside` marks what is no picture; `upper` is the
/// femoral edge of the joint, rows for the columns from `first_column` on (may be empty).
[[nodiscard]] MetalSigns metal_signs(const cv::Mat1f& grey, const cv::Mat1b& outside,
                                     const std::vector<int>& upper, int first_column);

}  // namespace guide::segment
