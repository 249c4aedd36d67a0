// SPDX-License-Identifier: Apache-2.0
#include "radiograph_metal.hpp"

#include "radiograph_field.hpp"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace guide::segment {
namespace {

float quantile(std::vector<float>& values, double share) {
    const auto at = values.begin() +
                    static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), at, values.end());
    return *at;
}

// The part of the patches' outlines where the picture drops sharply; the greatest over all patches.
double sharpest_outline(const cv::Mat1f& level, const cv::Mat1f& drop, const cv::Mat1b& outside) {
    const auto least_area = static_cast<int>(0.008 * level.cols * level.cols);
    const cv::Mat1b square = cv::Mat1b::ones(3, 3);
    double sharpest = 0;
    for (const double brightness : {0.95, 0.9, 0.8, 0.7}) {
        cv::Mat1b bright = mask_of(level > brightness);
        bright.setTo(0, outside);
        cv::morphologyEx(bright, bright, cv::MORPH_OPEN, square);
        cv::Mat1i labels, statistics;
        cv::Mat1d centres;
        const int count = cv::connectedComponentsWithStats(bright, labels, statistics, centres);
        for (int i = 1; i < count; ++i) {
            if (statistics(i, cv::CC_STAT_AREA) < least_area) continue;
            const cv::Mat1b patch = mask_of(labels == i);
            cv::Mat1b core;
            cv::erode(patch, core, square);
            const cv::Mat1b outline = mask_of(patch & mask_of(~core));
            const int length = cv::countNonZero(outline);
            if (length < 10) continue;
            const cv::Mat1b sharp = mask_of(mask_of(drop > 0.35) & outline);
            sharpest = std::max(sharpest, static_cast<double>(cv::countNonZero(sharp)) / length);
        }
    }
    return sharpest;
}

// The part of the joint where the femur ends like metal: white to its depth, then dark at once.
double white_steep_share(const cv::Mat1f& level, const std::vector<int>& upper, int first_column) {
    if (upper.empty()) return 0;
    int metal = 0;
    for (std::size_t i = 0; i < upper.size(); ++i) {
        const int x = first_column + static_cast<int>(i);
        const auto at = [&](int y) { return level(std::clamp(y, 0, level.rows - 1), x); };
        const int u = upper[i];
        const float edge = std::max({at(u - 2), at(u - 3), at(u - 4)});
        const float gap = std::min({at(u + 1), at(u + 2), at(u + 3)});
        std::array<float, 10> bone{};
        for (int k = 0; k < 10; ++k)
            bone[static_cast<std::size_t>(k)] = at(u - 3 - k);
        std::nth_element(bone.begin(), bone.begin() + 5, bone.end());
        if (edge - gap > 0.5f && bone[5] > 0.9f) ++metal;
    }
    return static_cast<double>(metal) / static_cast<double>(upper.size());
}

}  // namespace

MetalSigns metal_signs(const cv::Mat1f& grey, const cv::Mat1b& outside,
                       const std::vector<int>& upper, int first_column) {
    MetalSigns signs;
    cv::Mat1f level;
    cv::GaussianBlur(grey, level, {5, 5}, 0.7, 0.7, cv::BORDER_REFLECT);
    std::vector<float> inside;
    for (int y = 0; y < grey.rows; ++y)
        for (int x = 0; x < grey.cols; ++x)
            if (outside(y, x) == 0) inside.push_back(level(y, x));
    if (inside.size() < 100) return signs;
    const float low = quantile(inside, 0.01), high = quantile(inside, 0.997);
    if (!(high > low)) return signs;
    const auto brightest = std::count_if(inside.begin(), inside.end(),
                                         [&](float v) { return v >= high - 0.01f * (high - low); });
    signs.saturated = static_cast<double>(brightest) / static_cast<double>(inside.size());
    level = grey_of((level - low) / (high - low));
    cv::Mat1f least, most;
    cv::erode(level, least, cv::Mat1b::ones(5, 5));
    cv::dilate(level, most, cv::Mat1b::ones(5, 5));
    signs.sharp_outline = sharpest_outline(level, grey_of(most - least), outside);
    signs.white_steep_joint = white_steep_share(level, upper, first_column);
    return signs;
}

}  // namespace guide::segment
