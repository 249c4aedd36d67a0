// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/geometry/pixel_grid.hpp>

#include <opencv2/core.hpp>

#include <string>
#include <vector>

namespace guide::segment {

/// A word of a list that stands on a screen.
struct ScreenWord {
    std::string text;
    double likeness = 0;  ///< 0..1, mean over its letters
    PixelBox box;
};

/// The words of `list` (capital letters) that are written in capitals in `detail` (of
/// small_and_bright), from the top down and from left to right. A piece of text is compared with
/// each word as a whole, letter by letter along the best cuts between them, so that letters that
/// touch are no obstacle; what is like none of them clearly enough is passed over.
[[nodiscard]] std::vector<ScreenWord> find_words(const cv::Mat1b& detail,
                                                 const std::vector<std::string>& list);

}  // namespace guide::segment
