// SPDX-License-Identifier: Apache-2.0
// Smooths the speckle of a picture that the application holds as a cv::Mat, and finds its lines.
#include <guide/interop/opencv_filters.hpp>

#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include <exception>
#include <iostream>

int main(int argc, char** argv) {
    if (argc != 4) {
        std::cerr << "usage: filter_on_cv_mat PICTURE SMOOTH.png LINES.png\n";
        return 2;
    }
    try {
        const cv::Mat picture = cv::imread(argv[1], cv::IMREAD_GRAYSCALE);
        guide::filters::SradOptions options;
        options.compression = guide::filters::LogCompression{.dynamic_range_db = 60};
        const guide::Execution two_threads{2, {}};

        const cv::Mat smooth = guide::interop::srad(picture, options, two_threads);
        const auto lines = guide::interop::sheetness(smooth, {}, two_threads);

        cv::Mat shown;
        cv::normalize(lines.measure, shown, 0, 255, cv::NORM_MINMAX, CV_8U);
        return cv::imwrite(argv[2], smooth) && cv::imwrite(argv[3], shown) ? 0 : 1;
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
