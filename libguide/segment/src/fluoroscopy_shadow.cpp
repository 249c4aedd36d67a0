// SPDX-License-Identifier: Apache-2.0
#include "fluoroscopy_shadow.hpp"

#include "radiograph_field.hpp"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>
#include <vector>

namespace guide::segment {
namespace {

constexpr int kLongSide = 448;              // px of the reduced picture
constexpr float kFloor = 0.03f;             // of the range: what comes through bone of a thick leg
constexpr float kSpecks = 0.005f;           // share of pixels beyond either end of the range
constexpr double kWireContrast = 0.035;     // shadow: a twentieth of what a bone casts
constexpr std::size_t kLeastInside = 1000;  // px
constexpr int kLongWire = 8;                // of its thickness

/// Quantiles of the inside; alike where there is none.
std::pair<float, float> grey_range(const cv::Mat1f& grey, const cv::Mat1b& outside) {
    std::vector<float> inside;
    for (int y = 0; y < grey.rows; ++y)
        for (int x = 0; x < grey.cols; ++x)
            if (outside(y, x) == 0) inside.push_back(grey(y, x));
    if (inside.size() < kLeastInside) return {0.0f, 0.0f};
    const auto quantile = [&](float share) {
        const auto at = inside.begin() +
                        static_cast<std::ptrdiff_t>(share * static_cast<float>(inside.size() - 1));
        std::nth_element(inside.begin(), at, inside.end());
        return *at;
    };
    return {quantile(kSpecks), quantile(1 - kSpecks)};
}

/// As outside_exposed_part, for fields whose surroundings are not quite black.
cv::Mat1b outside_of(const cv::Mat1f& grey) {
    constexpr double kBlack = 0.025;  // of the range
    double low = 0, high = 0;
    cv::minMaxLoc(grey, &low, &high);
    return outside_exposed_part(grey_of(cv::max(grey, low + kBlack * (high - low))));
}

}  // namespace

cv::Mat1f shadow_of(const cv::Mat1f& grey, float none, float all) {
    cv::Mat1f shadow(grey.size());
    for (int y = 0; y < grey.rows; ++y) {
        for (int x = 0; x < grey.cols; ++x) {
            const float through = std::clamp((grey(y, x) - none) / (all - none), 0.0f, 1.0f);
            shadow(y, x) = -std::log((through + kFloor) / (1 + kFloor));
        }
    }
    return shadow;
}

ShadowPicture make_shadow_picture(ImageView<const float> frame) {
    ShadowPicture picture;
    cv::Mat1f grey(frame.height, frame.width);
    for (int y = 0; y < frame.height; ++y)
        for (int x = 0; x < frame.width; ++x)
            grey(y, x) = std::isfinite(frame.at(x, y)) ? frame.at(x, y) : 0.0f;
    picture.scale = std::min(1.0, static_cast<double>(kLongSide) / std::max(grey.cols, grey.rows));
    if (picture.scale < 1) {
        const cv::Size size(std::max(1, static_cast<int>(std::lround(grey.cols * picture.scale))),
                            std::max(1, static_cast<int>(std::lround(grey.rows * picture.scale))));
        cv::Mat1f small;
        cv::resize(grey, small, size, 0, 0, cv::INTER_AREA);
        grey = small;
    }
    picture.outside = outside_of(grey);
    std::tie(picture.none, picture.all) = grey_range(grey, picture.outside);
    if (!(picture.all > picture.none)) return picture;
    picture.shadow = shadow_of(grey, picture.none, picture.all);
    const double inside = static_cast<double>(cv::countNonZero(picture.outside == 0));
    picture.field = 2 * std::sqrt(inside / CV_PI) / picture.scale;
    return picture;
}

cv::Mat1b take_out_wires(cv::Mat1f& shadow, const cv::Mat1b& outside, int thickness) {
    const int size = 2 * (thickness / 2) + 1;
    const cv::Mat1b disc = cv::getStructuringElement(cv::MORPH_ELLIPSE, {size, size});
    cv::Mat1f without;
    cv::morphologyEx(shadow, without, cv::MORPH_OPEN, disc, {-1, -1}, 1, cv::BORDER_REFLECT);
    cv::Mat1b thin = mask_of(shadow - without > kWireContrast);
    thin.setTo(0, outside);
    cv::Mat1i labels, numbers;
    cv::Mat1d centres;
    const int parts = cv::connectedComponentsWithStats(thin, labels, numbers, centres, 8, CV_32S);
    cv::Mat1b wires(shadow.size(), static_cast<unsigned char>(0));
    for (int i = 1; i < parts; ++i) {
        const int longest = std::max(numbers(i, cv::CC_STAT_WIDTH), numbers(i, cv::CC_STAT_HEIGHT));
        if (longest >= kLongWire * thickness) wires.setTo(255, labels == i);
    }
    cv::dilate(wires, wires, cv::Mat1b::ones(3, 3));
    without.copyTo(shadow, wires);
    return wires;
}

}  // namespace guide::segment
