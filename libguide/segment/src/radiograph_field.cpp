// SPDX-License-Identifier: Apache-2.0
#include "radiograph_field.hpp"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace guide::segment {
namespace {

constexpr int kFirstReduction = 2 * kFieldWidth;  // wide enough to find the exposed part on

cv::Mat1f gaussian(const cv::Mat1f& image, double sigma) {
    cv::Mat1f smooth;
    const int radius = std::max(1, static_cast<int>(std::lround(4 * sigma)));
    cv::GaussianBlur(image, smooth, {2 * radius + 1, 2 * radius + 1}, sigma, sigma,
                     cv::BORDER_REFLECT);
    return smooth;
}

cv::Mat1f resized(const cv::Mat1f& image, int width) {
    if (image.cols == width) return image;
    const double scale = static_cast<double>(width) / image.cols;
    const int height = std::max(8, static_cast<int>(std::lround(image.rows * scale)));
    cv::Mat1f small;
    cv::resize(image, small, {width, height}, 0, 0, scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
    return small;
}

// Standard deviation of white noise from a mask that cancels planes and edges' first orders
// (Immerkaer 1996).
double noise_of(const cv::Mat1f& grey) {
    const cv::Mat1f kernel = (cv::Mat1f(3, 3) << 1, -2, 1, -2, 4, -2, 1, -2, 1);
    cv::Mat1f response;
    cv::filter2D(grey, response, CV_32F, kernel, {-1, -1}, 0, cv::BORDER_REFLECT_101);
    return std::sqrt(CV_PI / 2) / 6 * cv::mean(cv::abs(response))[0];
}

cv::Mat1f without_noise(const cv::Mat1f& grey, const cv::Mat1b& outside) {
    const double sigma = 20.0 * grey.cols / kFieldWidth;
    const cv::Mat1f detail = grey_of(grey - gaussian(grey, sigma));
    const cv::Mat1f variance = gaussian(grey_of(detail.mul(detail)), sigma);
    std::vector<float> inside;
    for (int y = 0; y < grey.rows; ++y)
        for (int x = 0; x < grey.cols; ++x)
            if (outside(y, x) == 0) inside.push_back(variance(y, x));
    const double contrast = std::sqrt(std::max(0.0f, median_of(std::move(inside))));
    if (!(contrast > 0)) return grey;
    // Trabeculae make up to a tenth of the contrast: only what exceeds that is noise worth losing
    // sharpness for.
    const double blur = std::min(1.5, 2 * (noise_of(grey) / contrast - 0.15));
    return blur > 0.3 ? gaussian(grey, blur) : grey;
}

/// Whether the border of `field` is a shutter's: there is picture next to it on most of its length.
/// Where exposure clips the soft tissue to black, the hull of what is left spans black as well.
bool ends_picture(const cv::Mat1b& field, const cv::Mat1b& extreme) {
    constexpr int kDeep = 3, kSide = kDeep + 1;
    cv::Mat1b inner;
    cv::erode(field, inner, cv::Mat1b::ones(2 * kDeep + 1, 2 * kDeep + 1));
    int rim = 0, blank = 0;
    for (int y = kSide; y < field.rows - kSide; ++y) {
        for (int x = kSide; x < field.cols - kSide; ++x) {
            if (field(y, x) == 0 || inner(y, x) != 0) continue;
            ++rim;
            if (extreme(y, x) != 0) ++blank;
        }
    }
    return 2 * blank <= rim;
}

}  // namespace

cv::Mat1b outside_exposed_part(const cv::Mat1f& grey) {
    cv::Mat1b outside(grey.size(), static_cast<unsigned char>(0));
    double low = 0, high = 0;
    cv::minMaxLoc(grey, &low, &high);
    if (!(high > low)) return outside;
    const double tolerance = 0.006 * (high - low);
    const int right = grey.cols - 1, bottom = grey.rows - 1;
    for (const cv::Mat1b& extreme :
         {mask_of(grey <= low + tolerance), mask_of(grey >= high - tolerance)}) {
        cv::Mat1i labels;
        cv::connectedComponents(extreme, labels, 4, CV_32S);
        for (const int label :
             {labels(0, 0), labels(0, right), labels(bottom, 0), labels(bottom, right)}) {
            if (label > 0) outside.setTo(255, labels == label);
        }
    }
    if (cv::countNonZero(outside) == 0) return outside;
    cv::Mat1b exposed = mask_of(255 - outside);
    cv::morphologyEx(exposed, exposed, cv::MORPH_OPEN, cv::Mat1b::ones(3, 3));
    std::vector<std::vector<cv::Point>> parts;
    cv::findContours(exposed, parts, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_NONE);
    // Specks (letters, dust) are no part of the field; a knee saturated to black may fall into
    // several parts.
    std::vector<cv::Point> points;
    const double speck = 0.002 * static_cast<double>(grey.total());
    for (const auto& part : parts) {
        if (cv::contourArea(part) >= speck) points.insert(points.end(), part.begin(), part.end());
    }
    if (points.size() < 3) return cv::Mat1b(grey.size(), static_cast<unsigned char>(0));
    std::vector<cv::Point> hull;
    cv::convexHull(points, hull);
    cv::Mat1b field(grey.size(), static_cast<unsigned char>(0));
    cv::fillConvexPoly(field, hull, cv::Scalar(255));
    if (!ends_picture(field, outside)) return cv::Mat1b(grey.size(), static_cast<unsigned char>(0));
    outside = mask_of(~field);
    // The border itself is a mixture of both sides.
    cv::dilate(outside, outside, cv::Mat1b::ones(5, 5));
    return outside;
}

RadiographField make_radiograph_field(ImageView<const float> frame) {
    cv::Mat1f grey(frame.height, frame.width);
    for (int y = 0; y < frame.height; ++y) {
        const float* from = frame.row(y);
        float* to = grey[y];
        for (int x = 0; x < frame.width; ++x)
            to[x] = std::isfinite(from[x]) ? from[x] : 0.0f;
    }
    RadiographField field;
    const double width = grey.cols, height = grey.rows;
    if (grey.cols > kFirstReduction) grey = resized(grey, kFirstReduction);
    const cv::Mat1b outside = outside_exposed_part(grey);
    // Rows and columns of which a twentieth is exposed.
    cv::Mat1d row_share, column_share;
    const cv::Mat1b exposed = mask_of(outside == 0);
    cv::reduce(exposed, row_share, 1, cv::REDUCE_AVG, CV_64F);
    cv::reduce(exposed, column_share, 0, cv::REDUCE_AVG, CV_64F);
    int top = 0, bottom = grey.rows, left = 0, right = grey.cols;
    constexpr double kShare = 0.05 * 255;
    while (top < bottom && row_share(top, 0) <= kShare)
        ++top;
    while (bottom > top && row_share(bottom - 1, 0) <= kShare)
        --bottom;
    while (left < right && column_share(0, left) <= kShare)
        ++left;
    while (right > left && column_share(0, right - 1) <= kShare)
        --right;
    if (bottom - top < 16 || right - left < 16) {
        top = left = 0;
        bottom = grey.rows;
        right = grey.cols;
    }
    const double to_frame_x = width / grey.cols, to_frame_y = height / grey.rows;
    field.x0 = left * to_frame_x;
    field.y0 = top * to_frame_y;
    const cv::Mat1f part = grey(cv::Rect(left, top, right - left, bottom - top));
    if (part.rows > kLongestField * part.cols || part.cols > kLongestField * part.rows) {
        return field;
    }
    field.grey = resized(part, kFieldWidth);
    field.scale = field.grey.cols / (part.cols * to_frame_x);
    field.scale_y = field.grey.rows / (part.rows * to_frame_y);
    field.outside = outside_exposed_part(field.grey);
    field.grey = without_noise(field.grey, field.outside);
    return field;
}

cv::Mat1f lift_shadows(const cv::Mat1f& grey, const cv::Mat1b& outside) {
    constexpr float kMedian = 0.4f;
    std::vector<float> inside;
    for (int y = 0; y < grey.rows; ++y)
        for (int x = 0; x < grey.cols; ++x)
            if (outside(y, x) == 0) inside.push_back(grey(y, x));
    if (inside.empty()) return grey;
    const auto quantile = [&](double share) {
        const auto at = inside.begin() +
                        static_cast<std::ptrdiff_t>(share * static_cast<double>(inside.size() - 1));
        std::nth_element(inside.begin(), at, inside.end());
        return *at;
    };
    const float low = quantile(0.005), high = quantile(0.995);
    if (!(high > low)) return grey;
    const float median = std::max(0.05f, (quantile(0.5) - low) / (high - low));
    if (median >= kMedian) return grey;
    // The hyperbola through (0, 0), (median, kMedian) and (1, 1).
    const float lift = kMedian * (1 - median) / (median * (1 - kMedian));
    cv::Mat1f lifted(grey.size());
    for (int y = 0; y < grey.rows; ++y) {
        for (int x = 0; x < grey.cols; ++x) {
            const float r = std::clamp((grey(y, x) - low) / (high - low), -0.02f, 1.2f);
            lifted(y, x) = lift * r / (1 - r + lift * r);
        }
    }
    return lifted;
}

cv::Mat1f normalise_locally(const cv::Mat1f& grey, const cv::Mat1b& outside, double sigma) {
    cv::Mat1f inside(grey.size());
    for (int y = 0; y < grey.rows; ++y)
        for (int x = 0; x < grey.cols; ++x)
            inside(y, x) = outside(y, x) == 0 ? 1.0f : 0.0f;
    const cv::Mat1f weight = grey_of(gaussian(inside, sigma) + 1e-3);
    const cv::Mat1f mean = grey_of(gaussian(grey_of(grey.mul(inside)), sigma) / weight);
    const cv::Mat1f detail = grey_of((grey - mean).mul(inside));
    cv::Mat1f deviation = grey_of(gaussian(grey_of(detail.mul(detail)), sigma) / weight);
    std::vector<float> values;
    for (int y = 0; y < grey.rows; ++y) {
        for (int x = 0; x < grey.cols; ++x) {
            deviation(y, x) = std::sqrt(std::max(0.0f, deviation(y, x)));
            if (outside(y, x) == 0) values.push_back(deviation(y, x));
        }
    }
    const float typical = median_of(std::move(values));
    if (!(typical > 0)) return cv::Mat1f(grey.size(), 0.0f);
    return grey_of(detail / (deviation + 0.25f * typical));
}

Gradients gradients_of(const cv::Mat1f& grey, const cv::Mat1b& outside, double sigma) {
    const int radius = static_cast<int>(std::lround(4 * sigma));
    cv::Mat1f smooth(2 * radius + 1, 1), slope(2 * radius + 1, 1);
    double sum = 0;
    for (int i = -radius; i <= radius; ++i)
        sum += std::exp(-0.5 * i * i / (sigma * sigma));
    for (int i = -radius; i <= radius; ++i) {
        const double weight = std::exp(-0.5 * i * i / (sigma * sigma)) / sum;
        smooth(i + radius, 0) = static_cast<float>(weight);
        slope(i + radius, 0) = static_cast<float>(weight * i / (sigma * sigma));
    }
    Gradients gradients;
    cv::sepFilter2D(grey, gradients.x, CV_32F, slope, smooth, {-1, -1}, 0, cv::BORDER_REFLECT);
    cv::sepFilter2D(grey, gradients.y, CV_32F, smooth, slope, {-1, -1}, 0, cv::BORDER_REFLECT);
    const int reach = 2 * static_cast<int>(2 * sigma) + 1;
    cv::Mat1b near;
    cv::dilate(outside, near, cv::Mat1b::ones(reach, reach));
    gradients.x.setTo(0, near);
    gradients.y.setTo(0, near);
    return gradients;
}

}  // namespace guide::segment
