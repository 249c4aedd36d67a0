// SPDX-License-Identifier: Apache-2.0
#include "bandwidth.hpp"
#include "frames.hpp"

#include <guide/filters/gaussian.hpp>

#include <benchmark/benchmark.h>
#include <opencv2/imgproc.hpp>

#include <cmath>

namespace {

using namespace guide;

constexpr double kSigma = 2;

void gaussian_guide(benchmark::State& state) {
    const int width = static_cast<int>(state.range(0)), height = static_cast<int>(state.range(1));
    const Image<float> in = bench::speckle_frame(width, height);
    Image<float> out(width, height);
    const Execution execution{static_cast<int>(state.range(2))};
    filters::gaussian_blur(in.view(), out.view(), {kSigma, kSigma}, execution);
    cv::Mat1f expected;
    const cv::Mat1f source(height, width, const_cast<float*>(in.data()));
    cv::GaussianBlur(source, expected, {17, 17}, kSigma, kSigma, cv::BORDER_REPLICATE);
    if (std::abs(out.at(width / 2, height / 2) - expected(height / 2, width / 2)) > 0.01F) {
        state.SkipWithError("differs from OpenCV");
        return;
    }
    for (auto _ : state) {
        filters::gaussian_blur(in.view(), out.view(), {kSigma, kSigma}, execution);
        benchmark::DoNotOptimize(out.data());
    }
    bench::report_traffic(state, 2 * in.size() * sizeof(float));
}
BENCHMARK(gaussian_guide)->Name("gaussian/guide")->Apply(bench::frame_sizes);

void gaussian_opencv(benchmark::State& state) {
    const int width = static_cast<int>(state.range(0)), height = static_cast<int>(state.range(1));
    const Image<float> in = bench::speckle_frame(width, height);
    const cv::Mat1f source(height, width, const_cast<float*>(in.data()));
    cv::Mat1f out;
    cv::setNumThreads(static_cast<int>(state.range(2)));
    for (auto _ : state) {
        cv::GaussianBlur(source, out, {17, 17}, kSigma, kSigma, cv::BORDER_REPLICATE);
        benchmark::DoNotOptimize(out.data);
    }
    bench::report_traffic(state, 2 * in.size() * sizeof(float));
}
BENCHMARK(gaussian_opencv)->Name("gaussian/opencv")->Apply(bench::frame_sizes);

}  // namespace
