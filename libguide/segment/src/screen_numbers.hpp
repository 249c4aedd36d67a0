// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/geometry/pixel_grid.hpp>

#include <opencv2/core.hpp>

#include <vector>

namespace guide::segment {

/// A number written on a screen.
struct ScreenNumber {
    double value = 0;
    int digits = 0;
    PixelBox box;  ///< of its digits
};

/// The numbers in a part of `detail` (of small_and_bright): digits in a row, with a decimal point
/// or without, recognised by their shape. Strings in which anything else stands before the digits,
/// or a digit that could be another one, are left out.
[[nodiscard]] std::vector<ScreenNumber> read_numbers(const cv::Mat1b& detail, PixelBox region);

}  // namespace guide::segment
