// SPDX-License-Identifier: Apache-2.0
#include "radiograph_clipping.hpp"

#include <algorithm>
#include <cstddef>

namespace guide::segment {

std::vector<char> hidden_columns(const KneeBand& knee) {
    constexpr double kSameGrey = 0.006;  // of the range
    constexpr int kStrip = 8;            // rows of either bone
    constexpr double kNearlyAll = 0.9;
    std::vector<char> hidden(knee.band.upper.size(), 0);
    const cv::Mat1f& grey = knee.bone_bright;
    double low = 0, high = 0;
    cv::minMaxLoc(grey, &low, &high);
    const cv::Mat1b white(cv::Mat(grey >= high - kSameGrey * (high - low)));
    if (30 * static_cast<std::size_t>(cv::countNonZero(white)) < grey.total()) return hidden;
    for (std::size_t i = 0; i < hidden.size(); ++i) {
        const int from = std::max(0, knee.band.upper[i] - kStrip),
                  to = std::min(grey.rows, knee.band.lower[i] + kStrip + 1);
        const cv::Mat1b column =
            white(cv::Rect(knee.first_column + static_cast<int>(i), from, 1, to - from));
        hidden[i] = cv::countNonZero(column) >= kNearlyAll * (to - from) ? 1 : 0;
    }
    return hidden;
}

}  // namespace guide::segment
