// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/segment/radiograph_network.hpp>

#include <opencv2/core.hpp>

namespace guide::segment {

/// Certainty that is believed: log-odds of more, one way or the other, count as this.
constexpr float kMostOdds = 4;

/// The log-odds of the joint space for each pixel of the field, as the network has them: the mean
/// over the picture and its mirror image, within +-kMostOdds; surely none further than 64 rows from
/// `middle_row`. `grey` is bone-bright, `brightness` the same in local standard deviations. Some
/// 20 ms, one thread.
[[nodiscard]] cv::Mat1f joint_space_odds(const RadiographNetwork& network, const cv::Mat1f& grey,
                                         const cv::Mat1f& brightness, const cv::Mat1b& outside,
                                         int middle_row);

}  // namespace guide::segment
