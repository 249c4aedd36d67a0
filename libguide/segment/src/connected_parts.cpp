// SPDX-License-Identifier: Apache-2.0
#include "connected_parts.hpp"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cstdint>

namespace guide::segment {

std::vector<ConnectedPart> connected_parts(const cv::Mat1b& mask, const cv::Mat1b& touched,
                                           int neighbours) {
    // Filled one by one from where they are touched: labels for all would cost more.
    constexpr std::uint8_t kOpen = 255, kFilled = 128, kDone = 64;
    cv::Mat1b work = mask.clone();
    std::vector<ConnectedPart> parts;
    for (int y = 0; y < work.rows; ++y) {
        const std::uint8_t *start = touched[y], *open = work[y];
        for (int x = 0; x < work.cols; ++x) {
            if (!start[x] || open[x] != kOpen) continue;
            ConnectedPart part;
            part.area = cv::floodFill(work, {x, y}, kFilled, &part.box, {}, {}, neighbours);
            cv::Mat1b about = work(part.box);
            part.mask = about == kFilled;
            about.setTo(kDone, part.mask);
            parts.push_back(part);
        }
    }
    return parts;
}

std::vector<ConnectedPart> opened_parts(const cv::Mat1b& dark, const cv::Mat1b& touched,
                                        const cv::Mat& element) {
    const int reach = std::max(element.rows, element.cols) / 2;
    std::vector<ConnectedPart> parts;
    for (const ConnectedPart& space : connected_parts(dark, touched)) {
        const cv::Rect box = cv::Rect(space.box.x - reach, space.box.y - reach,
                                      space.box.width + 2 * reach, space.box.height + 2 * reach) &
                             cv::Rect({}, dark.size());
        cv::Mat1b opened = cv::Mat1b::zeros(box.size());
        space.mask.copyTo(opened(space.box - box.tl()));
        cv::morphologyEx(opened, opened, cv::MORPH_OPEN, element);
        for (ConnectedPart& part : connected_parts(opened, opened)) {
            part.box += box.tl();
            parts.push_back(part);
        }
    }
    return parts;
}

}  // namespace guide::segment
