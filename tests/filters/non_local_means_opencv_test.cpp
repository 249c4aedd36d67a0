// SPDX-License-Identifier: Apache-2.0
#include "speckle_discs.hpp"

#include <guide/filters/guided_filter.hpp>
#include <guide/filters/non_local_means.hpp>

#include <catch2/catch.hpp>
#include <opencv2/photo.hpp>

#include <iomanip>
#include <iostream>

using namespace guide;

namespace {

Image<float> by_guide(const Image<float>& in, double smoothing, double compare_sigma) {
    filters::NonLocalMeansOptions options;
    options.smoothing = smoothing;
    options.compare_sigma = compare_sigma;
    Image<float> out(in.width(), in.height());
    filters::non_local_means(in.view(), out.view(), options);
    return out;
}

/// Guided by itself: `deviation` is the contrast that is kept half.
Image<float> by_guided_filter(const Image<float>& in, double deviation) {
    Image<float> out(in.width(), in.height());
    filters::guided_filter(in.view(), in.view(), out.view(), {6, deviation * deviation});
    return out;
}

Image<float> by_opencv(const Image<float>& in, double h) {
    const cv::Mat1f floats(in.height(), in.width(), const_cast<float*>(in.data()));
    cv::Mat1b bytes, denoised;
    floats.convertTo(bytes, CV_8U);
    cv::fastNlMeansDenoising(bytes, denoised, static_cast<float>(h), 7, 21);
    Image<float> out(in.width(), in.height());
    cv::Mat1f target(in.height(), in.width(), out.data());
    denoised.convertTo(target, CV_32F);
    return out;
}

/// The unfiltered frame first, then each strength.
template <class Filter>
std::vector<test::Trade> sweep(const std::vector<test::SpeckleDiscs>& phantoms,
                               const std::vector<double>& strengths, const Filter& filter) {
    std::vector<test::Trade> trades{
        test::trade_of([](const Image<float>& in) { return in.clone(); }, phantoms)};
    for (const double strength : strengths) {
        trades.push_back(
            test::trade_of([&](const Image<float>& in) { return filter(in, strength); }, phantoms));
    }
    return trades;
}

std::vector<test::SpeckleDiscs> phantoms(std::uint64_t count) {
    std::vector<test::SpeckleDiscs> all;
    for (std::uint64_t seed = 1; seed <= count; ++seed)
        all.emplace_back(seed);
    return all;
}

const std::vector<double> kOpenCvStrengths{9, 12, 15, 18, 20, 22, 25};
const std::vector<double> kStrengths{0.4, 0.6, 0.8, 1.0, 1.25, 1.5};

}  // namespace

TEST_CASE("non-local means: more contrast than OpenCV's at equal shift of edges") {
    const auto frames = phantoms(2);
    const auto ours = sweep(frames, kStrengths, [](const Image<float>& in, double h) {
        return by_guide(in, h, filters::NonLocalMeansOptions{}.compare_sigma);
    });
    const auto theirs = sweep(frames, kOpenCvStrengths, by_opencv);
    const double before = ours.front().gcnr;
    for (const double shift : {0.25, 0.5, 1.0}) {
        INFO("shift " << shift << " px");
        const double gain = test::gcnr_at(shift, ours) - before;
        CHECK(gain > 1.15 * (test::gcnr_at(shift, theirs) - before));
    }
}

// The table of docs/benchmarks.md: guide_filters_opencv_tests "[.table]"
TEST_CASE("non-local means: print contrast against shift of edges", "[.table]") {
    const auto frames = phantoms(6);
    const auto print = [](const std::string& name, const std::vector<test::Trade>& trades) {
        std::cout << "| " << name << std::fixed << std::setprecision(3);
        for (const double shift : {0.25, 0.5, 1.0, 1.5})
            std::cout << " | " << test::gcnr_at(shift, trades);
        std::cout << " |\n";
    };
    std::cout << "unfiltered: " << sweep(frames, {}, by_opencv).front().gcnr << "\n";
    print("guided_filter, radius 6", sweep(frames, {8, 12, 16, 24, 32, 48, 64}, by_guided_filter));
    print("cv::fastNlMeansDenoising", sweep(frames, kOpenCvStrengths, by_opencv));
    for (const double sigma : {0.0, 1.0, 1.5, 2.0}) {
        std::vector<double> strengths;
        for (const double h : kStrengths)
            strengths.push_back(sigma < 0.5 ? 1.5 * h : sigma > 1.7 ? 0.8 * h : h);
        const auto trades = sweep(frames, strengths, [&](const Image<float>& in, double h) {
            return by_guide(in, h, sigma);
        });
        print("non_local_means, compare_sigma " + std::to_string(sigma).substr(0, 3), trades);
        if (sigma == 1.5) {
            for (std::size_t i = 1; i < trades.size(); ++i) {
                std::cout << "  smoothing " << strengths[i - 1] << ": gCNR " << trades[i].gcnr
                          << ", shift " << trades[i].shift << " px\n";
            }
        }
    }
}
