// SPDX-License-Identifier: Apache-2.0
#include "screen_detail.hpp"

#include <opencv2/imgproc.hpp>

#include <cmath>

namespace guide::segment {

cv::Mat1b grey_levels(ImageView<const float> screen) {
    cv::Mat1f grey(screen.height, screen.width);
    for (int y = 0; y < screen.height; ++y) {
        for (int x = 0; x < screen.width; ++x) {
            const float v = screen.at(x, y);
            grey(y, x) = std::isfinite(v) ? v : 0.0F;
        }
    }
    double low = 0, high = 0;
    cv::minMaxLoc(grey, &low, &high);
    const double scale = high > low ? 255 / (high - low) : 0;
    cv::Mat1b result;
    grey.convertTo(result, CV_8U, scale, -low * scale);
    return result;
}

cv::Mat1b small_and_bright(const cv::Mat1b& grey, int window) {
    cv::Mat1b around, detail;
    cv::medianBlur(grey, around, window);
    cv::subtract(grey, around, detail);
    return detail;
}

}  // namespace guide::segment
