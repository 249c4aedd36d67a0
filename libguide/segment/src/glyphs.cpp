// SPDX-License-Identifier: Apache-2.0
#include "glyphs.hpp"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <utility>

namespace guide::segment {
namespace {

constexpr int kWidth = 12, kHeight = 18;

/// Any size of a character becomes one size and one row, its mean 0 and its norm 1.
cv::Mat1f normalised(const cv::Mat1b& shape) {
    cv::Mat1f picture;
    shape.convertTo(picture, CV_32F);
    cv::resize(picture, picture, cv::Size(kWidth, kHeight), 0, 0, cv::INTER_AREA);
    cv::GaussianBlur(picture, picture, cv::Size(3, 3), 0.8);
    picture -= cv::mean(picture)[0];
    const double norm = cv::norm(picture);
    if (norm > 0) picture /= norm;
    return picture.reshape(1, 1);
}

struct Face {
    int font;
    double scale;
    std::vector<int> thicknesses;
};

}  // namespace

Glyphs::Glyphs(std::string signs) : signs_(std::move(signs)) {
    const Face faces[] = {{cv::FONT_HERSHEY_SIMPLEX, 3, {5, 10}},
                          {cv::FONT_HERSHEY_DUPLEX, 3, {5, 10}},
                          {cv::FONT_HERSHEY_PLAIN, 6, {6}},
                          {cv::FONT_HERSHEY_COMPLEX, 3, {4, 8}},
                          {cv::FONT_HERSHEY_TRIPLEX, 3, {6}}};
    for (const Face& face : faces) {
        for (const int thickness : face.thicknesses) {
            for (std::size_t i = 0; i < signs_.size(); ++i) {
                cv::Mat1b canvas(140, 160, std::uint8_t{0});
                cv::putText(canvas, std::string(1, signs_[i]), cv::Point(30, 110), face.font,
                            face.scale, 255, thickness, cv::LINE_AA);
                pictures_.push_back(normalised(canvas(cv::boundingRect(canvas))));
                sign_of_.push_back(static_cast<int>(i));
            }
        }
    }
    pictures_ = pictures_.t();
}

std::vector<float> Glyphs::likenesses(const cv::Mat1b& shape) const {
    // Row by row of all pictures: products that follow each other in memory.
    const cv::Mat1f picture = normalised(shape);
    std::vector<float> alike(sign_of_.size(), 0.0F);
    for (int pixel = 0; pixel < picture.cols; ++pixel) {
        const float level = picture(0, pixel);
        const float* row = pictures_[pixel];
        for (std::size_t i = 0; i < alike.size(); ++i)
            alike[i] += level * row[i];
    }
    std::vector<float> best(signs_.size(), -1.0F);
    for (std::size_t i = 0; i < sign_of_.size(); ++i) {
        float& at = best[static_cast<std::size_t>(sign_of_[i])];
        at = std::max(at, alike[i]);
    }
    return best;
}

}  // namespace guide::segment
