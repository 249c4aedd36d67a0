// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

#include <vector>

namespace guide::segment {

/// A connected part of a mask.
struct ConnectedPart {
    cv::Rect box;
    cv::Mat1b mask;  ///< 255 inside, of the size of `box`
    int area = 0;    ///< cells
};

/// The connected parts of `mask` (255 or 0) that `touched` meets, in the order of their first
/// touched cells. `neighbours`: 4 or 8.
[[nodiscard]] std::vector<ConnectedPart> connected_parts(const cv::Mat1b& mask,
                                                         const cv::Mat1b& touched,
                                                         int neighbours = 4);

/// The connected parts (4 neighbours) of `dark`, opened by `element`, of those spaces that
/// `touched` meets before they are opened: the others are not looked at, which is most of the work
/// saved. The picture's border neither opens nor closes a space.
[[nodiscard]] std::vector<ConnectedPart> opened_parts(const cv::Mat1b& dark,
                                                      const cv::Mat1b& touched,
                                                      const cv::Mat& element);

}  // namespace guide::segment
