// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ultrasound_tissue.hpp"

namespace guide::segment {

/// The dark space around the surest part of `region` up to its walls, where its walls are sharp:
/// empty otherwise. `probability`: of fluid, as the region was chosen by. `hidden`: 255 where
/// nothing but echoes of what lies above is seen (beyond bone).
///
/// Dark is what lies below the middle between the echo of the surest cells and that of the tissue
/// within 4 mm of the region; necks of less than 1.6 mm are cut. Walls are sharp where nine tenths
/// of the space are clearly darker than four fifths of what is next to it, and where another choice
/// of the middle finds nearly the same space: fluid passes this, dark muscle and fat do not.
[[nodiscard]] cv::Mat1b clear_fluid(const TissueGrid& grid, const cv::Mat1f& probability,
                                    const cv::Mat1b& region, const cv::Mat1b& hidden);

}  // namespace guide::segment
