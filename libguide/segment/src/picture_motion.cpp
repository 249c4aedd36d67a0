// SPDX-License-Identifier: Apache-2.0
#include "picture_motion.hpp"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace guide::segment {
namespace {

constexpr int kLongSide = 160;           // cells
constexpr double kSpeckle = 1.0;         // cells: what is finer does not move with the tissue
constexpr double kFarthest = 1.0 / 6;    // of the picture, from one frame to the next
constexpr double kLeastAlike = 0.3;      // correlation of two frames of one scene
constexpr double kStill = 0.05;          // cells: rounding
constexpr double kNothingToTell = 1e-3;  // grey levels of spread: a flat picture

/// Correlation of `now` with `before` moved by `shift`, where both are seen.
double likeness(const cv::Mat1f& before, const cv::Mat1f& now, cv::Point2d shift) {
    const cv::Matx23d move(1, 0, shift.x, 0, 1, shift.y);
    cv::Mat1f moved;
    cv::warpAffine(before, moved, move, before.size(), cv::INTER_LINEAR, cv::BORDER_REPLICATE);
    const int dx = static_cast<int>(std::ceil(std::abs(shift.x))),
              dy = static_cast<int>(std::ceil(std::abs(shift.y)));
    const cv::Rect shared(shift.x > 0 ? dx : 0, shift.y > 0 ? dy : 0, now.cols - dx, now.rows - dy);
    cv::Scalar mean_a, mean_b, spread_a, spread_b;
    cv::meanStdDev(moved(shared), mean_a, spread_a);
    cv::meanStdDev(now(shared), mean_b, spread_b);
    if (!(spread_a[0] > kNothingToTell) || !(spread_b[0] > kNothingToTell)) return 0;
    const double product = moved(shared).dot(now(shared)) / shared.area();
    return (product - mean_a[0] * mean_b[0]) / (spread_a[0] * spread_b[0]);
}

}  // namespace

SmallPicture small_picture(ImageView<const float> picture) {
    const cv::Mat whole(picture.height, picture.width, CV_32F, const_cast<float*>(picture.data),
                        static_cast<std::size_t>(picture.stride) * sizeof(float));
    SmallPicture small;
    small.px_per_cell =
        std::max(1.0, std::max(picture.width, picture.height) / static_cast<double>(kLongSide));
    const auto cells = [&](int px) {
        return std::max(1, static_cast<int>(std::lround(px / small.px_per_cell)));
    };
    cv::resize(whole, small.grey, {cells(picture.width), cells(picture.height)}, 0, 0,
               cv::INTER_AREA);
    cv::patchNaNs(small.grey, 0);
    cv::GaussianBlur(small.grey, small.grey, {0, 0}, kSpeckle);
    return small;
}

std::optional<PixelPoint> motion_between(const SmallPicture& before, const SmallPicture& now) {
    if (before.grey.size() != now.grey.size() || before.grey.empty()) return std::nullopt;
    const double still = likeness(before.grey, now.grey, {0, 0});
    cv::Mat1f window;
    cv::createHanningWindow(window, now.grey.size(), CV_32F);
    const cv::Point2d shift = cv::phaseCorrelate(before.grey, now.grey, window);
    const bool near = std::abs(shift.x) < kFarthest * now.grey.cols &&
                      std::abs(shift.y) < kFarthest * now.grey.rows;
    const double moved = near ? likeness(before.grey, now.grey, shift) : -1;
    if (std::max(still, moved) < kLeastAlike) return std::nullopt;
    if (still >= moved || std::hypot(shift.x, shift.y) < kStill) return PixelPoint{0, 0};
    return PixelPoint{shift.x * now.px_per_cell, shift.y * now.px_per_cell};
}

}  // namespace guide::segment
