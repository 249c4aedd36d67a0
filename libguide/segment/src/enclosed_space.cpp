// SPDX-License-Identifier: Apache-2.0
#include "enclosed_space.hpp"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace guide::segment {
namespace {

constexpr double kGrain = 0.3;          // mm: finer differences are speckle
constexpr double kBlurredWall = 0.4;    // mm on the outside, left out
constexpr double kNeighbourhood = 1.4;  // mm
constexpr double kMostShadow = 0.15;    // of the neighbourhood: more is the margin of a shadow
constexpr double kInside = 0.9, kAround = 0.2;  // quantiles
constexpr double kDarker = 0.9;                 // of the surroundings

cv::Mat1b grown(const cv::Mat1b& mask, double mm, double step_mm) {
    const int reach = std::max(1, static_cast<int>(std::lround(mm / step_mm)));
    cv::Mat1b out;
    cv::dilate(mask, out,
               cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * reach + 1, 2 * reach + 1}));
    return out;
}

/// None (-1) where the mask is empty.
float quantile(const cv::Mat1f& image, const cv::Mat1b& mask, double share) {
    std::vector<float> values;
    for (int y = 0; y < image.rows; ++y) {
        for (int x = 0; x < image.cols; ++x)
            if (mask(y, x)) values.push_back(image(y, x));
    }
    if (values.empty()) return -1;
    const auto at = values.begin() +
                    static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), at, values.end());
    return *at;
}

}  // namespace

cv::Mat1b enclosed_parts(const TissueGrid& grid, const cv::Mat1b& mask) {
    cv::Mat1f smooth;
    cv::GaussianBlur(grid.echo, smooth, {0, 0}, kGrain / grid.step_mm);
    cv::Mat1i label;
    const int count = cv::connectedComponents(mask, label, 4, CV_32S);
    cv::Mat1b kept = cv::Mat1b::zeros(mask.size());
    for (int i = 1; i < count; ++i) {
        const cv::Mat1b part = label == i;
        cv::Mat1b core;
        cv::erode(part, core, cv::getStructuringElement(cv::MORPH_RECT, {3, 3}));
        const cv::Mat1b ring =
            grown(part, kNeighbourhood, grid.step_mm) & ~grown(part, kBlurredWall, grid.step_mm);
        const cv::Mat1b around = ring & ~grid.shadow;
        if (cv::countNonZero(around) < (1 - kMostShadow) * cv::countNonZero(ring)) continue;
        const float inside = quantile(smooth, cv::countNonZero(core) > 0 ? core : part, kInside);
        if (inside < static_cast<float>(kDarker) * quantile(smooth, around, kAround)) kept |= part;
    }
    return kept;
}

}  // namespace guide::segment
