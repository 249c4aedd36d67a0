// SPDX-License-Identifier: Apache-2.0
#include "connected_parts.hpp"

#include <guide/core/random.hpp>

#include <catch2/catch.hpp>
#include <opencv2/imgproc.hpp>

#include <cstdint>

namespace {

using namespace guide;

cv::Mat1b spots(std::uint64_t seed, cv::Size size, double share, double sigma) {
    Random random(seed, 1);
    cv::Mat1f noise(size);
    for (float& v : noise)
        v = static_cast<float>(random.normal());
    cv::GaussianBlur(noise, noise, {0, 0}, sigma);
    cv::Scalar mean, spread;
    cv::meanStdDev(noise, mean, spread);
    return noise < mean[0] + share * spread[0];
}

/// All of `dark` opened, and of that the parts of spaces that `touched` meets.
cv::Mat1b opened_wholly(const cv::Mat1b& dark, const cv::Mat1b& touched, const cv::Mat& element) {
    cv::Mat1i label;
    const int count = cv::connectedComponents(dark, label, 4, CV_32S);
    cv::Mat1b opened, met = cv::Mat1b::zeros(dark.size());
    cv::morphologyEx(dark, opened, cv::MORPH_OPEN, element);
    for (int i = 1; i < count; ++i) {
        const cv::Mat1b space = label == i;
        if (cv::countNonZero(space & touched) > 0) met |= space;
    }
    return opened & met;
}

}  // namespace

TEST_CASE("connected parts: what is opened piece by piece is what is opened in one") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        const cv::Mat1b dark = spots(seed, {90, 70}, 0.3, 2.5);
        const cv::Mat1b touched = spots(seed + 100, {90, 70}, -1.5, 4);
        const cv::Mat disc = cv::getStructuringElement(cv::MORPH_ELLIPSE, {9, 9});
        cv::Mat1b found = cv::Mat1b::zeros(dark.size());
        for (const auto& part : segment::opened_parts(dark, touched, disc)) {
            CHECK(part.area == cv::countNonZero(part.mask));
            CHECK(cv::boundingRect(part.mask) == cv::Rect({}, part.box.size()));
            CHECK(cv::countNonZero(found(part.box) & part.mask) == 0);
            found(part.box) |= part.mask;
        }
        CHECK(cv::countNonZero(found != opened_wholly(dark, touched, disc)) == 0);
    }
}

TEST_CASE("connected parts: nothing touched, nothing found") {
    const cv::Mat1b dark(40, 50, std::uint8_t{255}), none = cv::Mat1b::zeros(40, 50);
    const cv::Mat disc = cv::getStructuringElement(cv::MORPH_ELLIPSE, {5, 5});
    CHECK(segment::opened_parts(dark, none, disc).empty());
    const auto all = segment::opened_parts(dark, dark, disc);
    REQUIRE(all.size() == 1);
    CHECK(all.front().area == 40 * 50);
}
