// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ultrasound_tissue.hpp"

namespace guide::segment {

/// A round structuring element of so many mm, at least one cell.
[[nodiscard]] cv::Mat disc(double radius_mm, double step_mm);

/// `mask` (255 or 0) with all that is within `mm` of it.
[[nodiscard]] cv::Mat1b grown(const cv::Mat1b& mask, double mm, double step_mm);

/// Of the cells of `mask`; -1 where it is empty.
[[nodiscard]] float quantile_of(const cv::Mat1f& image, const cv::Mat1b& mask, double share);

/// How a dark space stands out from the tissue next to it.
struct WallContrast {
    double echo = 1;    ///< that nine tenths of the inside stay below, per that which four fifths
                        ///< of the tissue next to it pass; 1 where nothing is lit
    double shadow = 0;  ///< 0..1: share of shadow next to it
};

/// `echo`: smoothed. A ring of 0.4 to 1.4 mm counts as next to it.
[[nodiscard]] WallContrast wall_contrast(const TissueGrid& grid, const cv::Mat1f& echo,
                                         const cv::Mat1b& space);

}  // namespace guide::segment
