// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/image.hpp>

#include <opencv2/core.hpp>

namespace guide::segment {

/// A screen in 256 levels, its darkest pixel 0 and its brightest 255; what is not finite counts as
/// 0 before that.
[[nodiscard]] cv::Mat1b grey_levels(ImageView<const float> screen);

/// How much brighter a pixel is than the median in a window (odd, px) around it; text, marks and
/// other small things stay.
[[nodiscard]] cv::Mat1b small_and_bright(const cv::Mat1b& grey, int window);

}  // namespace guide::segment
