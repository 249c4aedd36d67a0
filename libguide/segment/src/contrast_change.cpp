// SPDX-License-Identifier: Apache-2.0
#include "contrast_change.hpp"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace guide::segment {
namespace {

constexpr int kLongSide = 320;       // px of the grid, about 0.5 mm each on a knee
constexpr double kAlignSigma = 2;    // px that both frames are smoothed by to be aligned
constexpr double kSigma = 2.5;       // px that noise is smoothed away over
constexpr double kMostShift = 0.03;  // of the long side
constexpr int kBorder = 10;          // px at the field's border that a shift brings in
constexpr double kSeen = 6;          // standard deviations of noise
constexpr int kLeastSeen = 20;       // px of the grid that changed by that
/// Of the change in one direction, what may have changed in the other: agent goes one way, edges of
/// a leg that moved go both.
constexpr double kOtherWay = 0.5;

cv::Mat1f reduced(ImageView<const float> view, double scale) {
    const cv::Mat whole(view.height, view.width, CV_32F, const_cast<float*>(view.data),
                        static_cast<std::size_t>(view.stride) * sizeof(float));
    cv::Mat1f grey;
    if (scale < 1) {
        const cv::Size size(std::max(1, static_cast<int>(std::lround(view.width * scale))),
                            std::max(1, static_cast<int>(std::lround(view.height * scale))));
        cv::resize(whole, grey, size, 0, 0, cv::INTER_AREA);
    } else {
        whole.copyTo(grey);
    }
    cv::patchNaNs(grey, 0);
    return grey;
}

cv::Mat1f smoothed(const cv::Mat1f& image, double sigma) {
    cv::Mat1f smooth;
    cv::GaussianBlur(image, smooth, {}, sigma, sigma, cv::BORDER_REFLECT);
    return smooth;
}

/// Where both frames are exposed: off the field's border and off what is clipped in `before`.
cv::Mat1b exposed_in(const cv::Mat1f& before) {
    double low = 0, high = 0;
    cv::minMaxLoc(before, &low, &high);
    cv::Mat1b exposed(before.size(), static_cast<unsigned char>(0));
    for (int y = kBorder; y < before.rows - kBorder; ++y) {
        for (int x = kBorder; x < before.cols - kBorder; ++x)
            exposed(y, x) = before(y, x) > low && before(y, x) < high ? 255 : 0;
    }
    // One pixel at either end of the range is no clipped part: only areas of them are left out.
    cv::morphologyEx(exposed, exposed, cv::MORPH_CLOSE, cv::Mat1b::ones(3, 3));
    cv::erode(exposed, exposed, cv::Mat1b::ones(5, 5));
    return exposed;
}

/// Median of `image` (or of its size) where it is exposed.
double median_in(const cv::Mat1f& image, const cv::Mat1b& exposed, bool of_size) {
    std::vector<float> values;
    for (int y = 0; y < image.rows; ++y) {
        for (int x = 0; x < image.cols; ++x) {
            if (exposed(y, x) != 0) values.push_back(of_size ? std::abs(image(y, x)) : image(y, x));
        }
    }
    if (values.empty()) return 0;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return static_cast<double>(*middle);
}

constexpr double kDeviations = 1.4826;  // standard deviation over median size, of normal numbers

cv::Mat1f moved_by(const cv::Mat1f& image, const cv::Point2d& shift) {
    const cv::Mat1d move = (cv::Mat1d(2, 3) << 1, 0, shift.x, 0, 1, shift.y);
    cv::Mat1f moved;
    cv::warpAffine(image, moved, move, image.size(), cv::INTER_LINEAR | cv::WARP_INVERSE_MAP,
                   cv::BORDER_REPLICATE);
    return moved;
}

/// How `after` has to be read to look like `before`, but for what is new in it.
struct Alignment {
    cv::Point2d shift;
    double gain = 0, offset = 0;  ///< after - before = offset + gain * (before - mean)
};

/// Gauss-Newton steps on shift, gain and offset, weights of Cauchy's, so that agent has no say.
Alignment align(const cv::Mat1f& before, const cv::Mat1f& after, const cv::Mat1b& exposed) {
    Alignment a;
    const cv::Mat1f first = smoothed(before, kAlignSigma);
    const double mean = cv::mean(first, exposed)[0];
    for (int step = 0; step < 12; ++step) {
        const cv::Mat1f second = smoothed(moved_by(after, a.shift), kAlignSigma);
        cv::Mat1f dx, dy, rest;
        cv::Sobel(second, dx, CV_32F, 1, 0, 3, 1.0 / 8);
        cv::Sobel(second, dy, CV_32F, 0, 1, 3, 1.0 / 8);
        cv::subtract(second, first, rest);
        const double middle = median_in(rest, exposed, false);
        cv::subtract(rest, cv::Scalar(middle), rest);
        const double limit = 2 * kDeviations * median_in(rest, exposed, true) + 1e-6;
        cv::Matx44d normal = cv::Matx44d::zeros();
        cv::Vec4d right(0, 0, 0, 0);
        for (int y = 0; y < rest.rows; ++y) {
            for (int x = 0; x < rest.cols; ++x) {
                if (exposed(y, x) == 0) continue;
                const double r = rest(y, x);
                const double weight = 1 / (1 + r * r / (limit * limit));
                const cv::Vec4d j(dx(y, x), dy(y, x), 1, first(y, x) - mean);
                for (int i = 0; i < 4; ++i) {
                    right[i] -= weight * j[i] * r;
                    for (int k = 0; k < 4; ++k)
                        normal(i, k) += weight * j[i] * j[k];
                }
            }
        }
        cv::Vec4d way;
        if (!cv::solve(normal, right, way, cv::DECOMP_CHOLESKY)) break;
        a.shift += cv::Point2d(way[0], way[1]);
        a.offset = middle - way[2];
        a.gain = -way[3];
        if (std::hypot(way[0], way[1]) < 0.01) break;
    }
    return a;
}

}  // namespace

Expected<ContrastChange> change_between(ImageView<const float> before,
                                        ImageView<const float> after) {
    ContrastChange result;
    const double long_side = std::max(before.width, before.height);
    result.scale = std::min(1.0, kLongSide / long_side);
    const cv::Mat1f first = reduced(before, result.scale), second = reduced(after, result.scale);
    const cv::Mat1b exposed = exposed_in(first);
    if (cv::countNonZero(exposed) < 1000)
        return no_answer("blank", "The first frame shows nothing to compare with.");
    const Alignment a = align(first, second, exposed);
    const auto moved = [] {
        return no_answer(
            "moved", "The leg or the C-arm moved between the frames: take both from one place.");
    };
    const double length = std::hypot(a.shift.x, a.shift.y);
    if (!(length <= kMostShift * std::max(first.cols, first.rows))) return moved();
    result.shift = a.shift / result.scale;

    cv::Mat1f change = moved_by(second, a.shift) - first;
    const double mean = cv::mean(first, exposed)[0];
    change -= a.offset + a.gain * (first - mean);
    change = smoothed(change, kSigma);
    cv::subtract(change, cv::Scalar(median_in(change, exposed, false)), change);
    change.setTo(0, exposed == 0);
    result.noise = kDeviations * median_in(change, exposed, true);
    double lighter = 0, darker = 0;
    int seen_lighter = 0, seen_darker = 0;
    const double limit = std::max(kSeen * result.noise, 1e-6);
    for (const float value : change) {
        if (value > limit) {
            lighter += value - limit;
            ++seen_lighter;
        } else if (value < -limit) {
            darker -= value + limit;
            ++seen_darker;
        }
    }
    // Agent darkens where bone is dark and brightens where it is bright.
    if (darker > lighter) change = -change;
    if (std::max(seen_lighter, seen_darker) < kLeastSeen)
        return no_answer("no-contrast", "No contrast agent is seen: the frames do not differ.");
    if (std::min(darker, lighter) > kOtherWay * std::max(darker, lighter)) return moved();
    result.change = change;
    return result;
}

}  // namespace guide::segment
