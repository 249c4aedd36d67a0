// SPDX-License-Identifier: Apache-2.0
#include "picture_kind.hpp"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace guide::segment {
namespace {

constexpr int kLongSide = 256;        // px: the size at which both measures are taken
constexpr double kLayerSigma = 1.5;   // px: layers are wider than this, speckle is not
constexpr double kDetailSigma = 2.0;  // px: what vanishes under this blur is detail
constexpr int kSmallestSide = 16;     // px: below, neither speckle nor layers can be told
constexpr double kMiddle = 0.1;       // detail share / sideways share between the two kinds

constexpr int kColoured = 30;          // of 255, largest minus smallest channel
constexpr double kMostly = 0.5;        // share of coloured pixels
constexpr double kSeveralHues = 0.15;  // share of pixels with a hue away from the commonest
constexpr int kHueBins = 12, kNearBins = 1;

}  // namespace

double ultrasound_likeness(ImageView<const float> picture) {
    if (std::min(picture.width, picture.height) < kSmallestSide) return 0;
    const cv::Mat whole(picture.height, picture.width, CV_32F, const_cast<float*>(picture.data),
                        static_cast<std::size_t>(picture.stride) * sizeof(float));
    const double scale = static_cast<double>(kLongSide) / std::max(picture.width, picture.height);
    cv::Mat small;
    const cv::Size size(std::max(1, static_cast<int>(std::lround(picture.width * scale))),
                        std::max(1, static_cast<int>(std::lround(picture.height * scale))));
    cv::resize(whole, small, size, 0, 0, scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
    for (int y = 0; y < small.rows; ++y) {
        float* row = small.ptr<float>(y);
        for (int x = 0; x < small.cols; ++x)
            if (!std::isfinite(row[x])) row[x] = 0;
    }

    cv::Mat smooth, along_x, along_y, blurred, detail;
    cv::GaussianBlur(small, smooth, {}, kLayerSigma);
    cv::Sobel(smooth, along_x, CV_32F, 1, 0);
    cv::Sobel(smooth, along_y, CV_32F, 0, 1);
    cv::GaussianBlur(small, blurred, {}, kDetailSigma);
    cv::absdiff(small, blurred, detail);
    cv::Scalar mean, deviation;
    cv::meanStdDev(small, mean, deviation);

    const double sideways = cv::mean(cv::abs(along_x))[0];
    const double downwards = cv::mean(cv::abs(along_y))[0];
    const double detail_mean = cv::mean(detail)[0];
    if (!(deviation[0] > 0) || !(sideways > 0) || !(downwards > 0) || !(detail_mean > 0)) return 0;
    const double ratio = (detail_mean / deviation[0]) / (sideways / downwards);
    return std::isfinite(ratio) ? std::log(ratio / kMiddle) : 0;
}

bool is_many_coloured(ImageView<const Rgb8> picture) {
    const auto span = [](Rgb8 p) {
        return std::max(std::max(p.r, p.g), p.b) - std::min(std::min(p.r, p.g), p.b);
    };
    // Nearly all pictures end here, so it is kept simple enough for vectors.
    std::size_t coloured = 0;
    for (int y = 0; y < picture.height; ++y) {
        const Rgb8* row = picture.row(y);
        int in_row = 0;
        for (int x = 0; x < picture.width; ++x)
            in_row += span(row[x]) >= kColoured ? 1 : 0;
        coloured += static_cast<std::size_t>(in_row);
    }
    const auto all = static_cast<double>(picture.pixel_count());
    if (!(static_cast<double>(coloured) > kMostly * all)) return false;
    std::array<std::size_t, kHueBins> hues{};
    for (int y = 0; y < picture.height; ++y) {
        for (int x = 0; x < picture.width; ++x) {
            const auto [r, g, b] = picture.at(x, y);
            if (span(picture.at(x, y)) < kColoured) continue;
            const double hue =
                std::atan2(std::sqrt(3.0) * (g - b), 2.0 * r - g - b) / (2 * std::numbers::pi) + 1;
            ++hues[static_cast<std::size_t>(hue * kHueBins) % kHueBins];
        }
    }
    const auto commonest = static_cast<int>(std::ranges::max_element(hues) - hues.begin());
    std::size_t near = 0;
    for (int i = -kNearBins; i <= kNearBins; ++i) {
        near += hues[static_cast<std::size_t>((commonest + i + kHueBins) % kHueBins)];
    }
    return static_cast<double>(coloured - near) > kSeveralHues * all;
}

}  // namespace guide::segment
