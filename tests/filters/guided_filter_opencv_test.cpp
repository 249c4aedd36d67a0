// SPDX-License-Identifier: Apache-2.0
#include "images.hpp"

#include <guide/filters/guided_filter.hpp>

#include <catch2/catch.hpp>
#include <opencv2/ximgproc.hpp>

using namespace guide;

TEST_CASE("guided filter: equals OpenCV's, border included") {
    auto in = test::random_image(93, 71), guidance = test::random_image(93, 71, 2);
    const auto shared = [](Image<float>& image) {
        return cv::Mat1f(image.height(), image.width(), image.data());
    };
    for (const int radius : {1, 4, 9}) {
        Image<float> out(93, 71);
        filters::guided_filter(in.view(), guidance.view(), out.view(), {radius, 300});
        cv::Mat1f expected;
        cv::ximgproc::guidedFilter(shared(guidance), shared(in), expected, radius, 300);
        CHECK(cv::norm(shared(out), expected, cv::NORM_INF) < 0.02);
    }
}
