// SPDX-License-Identifier: Apache-2.0
#include "picture_kind.hpp"

#include <algorithm>
#include <cmath>

#include <opencv2/imgproc.hpp>

namespace guide::segment {
namespace {

constexpr int kLongSide = 256;        // px: the size at which both measures are taken
constexpr double kLayerSigma = 1.5;   // px: layers are wider than this, speckle is not
constexpr double kDetailSigma = 2.0;  // px: what vanishes under this blur is detail
constexpr double kMiddle = 0.1;       // detail share / sideways share between the two kinds

}  // namespace

double ultrasound_likeness(ImageView<const float> picture) {
    if (picture.empty()) return 0;
    const cv::Mat whole(picture.height, picture.width, CV_32F, const_cast<float*>(picture.data),
                        static_cast<std::size_t>(picture.stride) * sizeof(float));
    const double scale = static_cast<double>(kLongSide) / std::max(picture.width, picture.height);
    cv::Mat small;
    cv::resize(whole, small, {}, scale, scale, scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
    cv::patchNaNs(small, 0);

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

}  // namespace guide::segment
