// SPDX-License-Identifier: Apache-2.0
#include "wall_contrast.hpp"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace guide::segment {
namespace {

constexpr double kBlurredWall = 0.4;            // mm on the outside, left out
constexpr double kNeighbourhood = 1.4;          // mm
constexpr double kInside = 0.9, kAround = 0.2;  // quantiles

}  // namespace

cv::Mat disc(double radius_mm, double step_mm) {
    const int reach = std::max(1, static_cast<int>(std::lround(radius_mm / step_mm)));
    return cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * reach + 1, 2 * reach + 1});
}

cv::Mat1b grown(const cv::Mat1b& mask, double mm, double step_mm) {
    const cv::Mat element = disc(mm, step_mm);
    const int reach = element.rows / 2;
    cv::Mat1b out = cv::Mat1b::zeros(mask.size());
    cv::Rect box = cv::boundingRect(mask);
    if (box.empty()) return out;
    box = cv::Rect(box.x - reach, box.y - reach, box.width + 2 * reach, box.height + 2 * reach) &
          cv::Rect({}, mask.size());
    cv::dilate(mask(box), out(box), element);
    return out;
}

float quantile_of(const cv::Mat1f& image, const cv::Mat1b& mask, double share) {
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

WallContrast wall_contrast(const TissueGrid& grid, const cv::Mat1f& whole,
                           const cv::Mat1b& everywhere) {
    const int reach = static_cast<int>(std::lround(kNeighbourhood / grid.step_mm)) + 2;
    cv::Rect near = cv::boundingRect(everywhere);
    near =
        cv::Rect(near.x - reach, near.y - reach, near.width + 2 * reach, near.height + 2 * reach) &
        cv::Rect({}, everywhere.size());
    const cv::Mat1f echo = whole(near);
    // Not a view: what is dilated or eroded looks beyond the border of a view.
    const cv::Mat1b space = everywhere(near).clone();
    cv::Mat1b core;
    cv::erode(space, core, cv::getStructuringElement(cv::MORPH_RECT, {3, 3}));
    const cv::Mat1b ring =
        grown(space, kNeighbourhood, grid.step_mm) & ~grown(space, kBlurredWall, grid.step_mm);
    const cv::Mat1b lit = ring & ~grid.shadow(near);
    const float inside = quantile_of(echo, cv::countNonZero(core) > 0 ? core : space, kInside);
    const float around = quantile_of(echo, lit, kAround);
    WallContrast contrast;
    if (inside >= 0 && around > 0) contrast.echo = inside / around;
    contrast.shadow = 1 - cv::countNonZero(lit) / std::max(1.0, 1.0 * cv::countNonZero(ring));
    return contrast;
}

}  // namespace guide::segment
