// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/geometry/pixel_grid.hpp>

#include <opencv2/core.hpp>

#include <vector>

namespace guide::segment {

/// A place where a series of marks has one, or should.
struct MarkPlace {
    double x = 0, y = 0;  ///< px, its middle; as expected where there is none
    double size = 0;      ///< sum of what it is brighter, in whole pixels; 0 where there is none
    int left = 0, right = 0;  ///< px, its columns, from first to last
};

/// Marks in a column at equal steps.
struct MarkSeries {
    double first_y = 0, pitch = 0;  ///< px
    double pitch_sigma = 0;         ///< px, standard deviation
    int count = 0;                  ///< of the marks that are there
    std::vector<MarkPlace> places;  ///< from the top down
};

/// All series of `detail` (of small_and_bright) beside a picture or at its border, the one with
/// the most marks first.
[[nodiscard]] std::vector<MarkSeries> find_mark_series(const cv::Mat1b& detail, PixelBox picture);

}  // namespace guide::segment
