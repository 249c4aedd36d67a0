// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

namespace guide::segment {

/// Where an upright knee lies in a picture, pixels.
struct KneePlace {
    double middle = 0;   ///< column of the middle of the plateau
    double plateau = 0;  ///< row
    double line = 1;     ///< length of the joint line
};

/// How probably a pixel within a knee's silhouette, from in front or from the side, is denser than
/// one beside it: 1 for a knee, one half for anything. `shadow`: bones bright. 0 where the field
/// shows too little of either.
[[nodiscard]] double silhouette_agreement(const cv::Mat1f& shadow, const cv::Mat1b& outside,
                                          const KneePlace& place, bool from_in_front);

}  // namespace guide::segment
