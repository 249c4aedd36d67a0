// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/expected.hpp>
#include <guide/core/image.hpp>

#include <opencv2/core.hpp>

namespace guide::segment {

/// What changed between two frames of one view, on a grid of at most 320 pixels a side.
struct ContrastChange {
    cv::Mat1f change;   ///< smoothed; agent is above 0, whatever the polarity
    double noise = 0;   ///< standard deviation of it
    double scale = 1;   ///< grid pixels per frame pixel
    cv::Point2d shift;  ///< of `after` against `before`, frame pixels
};

/// No answer: "blank", "moved", "no-contrast", see check_contrast. Views of one size.
[[nodiscard]] Expected<ContrastChange> change_between(ImageView<const float> before,
                                                      ImageView<const float> after);

}  // namespace guide::segment
