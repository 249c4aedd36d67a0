// SPDX-License-Identifier: Apache-2.0
#include "bandwidth.hpp"
#include "frames.hpp"

#include <guide/filters/column_mean.hpp>

#include <benchmark/benchmark.h>
#include <opencv2/imgproc.hpp>

#include <cmath>

namespace {

using namespace guide;

constexpr int kRows = 33;

void column_mean_guide(benchmark::State& state) {
    const int width = static_cast<int>(state.range(0)), height = static_cast<int>(state.range(1));
    const Image<float> in = bench::speckle_frame(width, height);
    Image<float> out(width, height);
    const Execution execution{static_cast<int>(state.range(2))};
    const filters::ColumnWindow window{-kRows / 2, kRows / 2 + 1};
    filters::column_mean(in.view(), out.view(), window, execution);
    double sum = 0;
    for (int y = height / 2 - kRows / 2; y <= height / 2 + kRows / 2; ++y)
        sum += in.at(7, y);
    if (std::abs(out.at(7, height / 2) - sum / kRows) > 1e-3) {
        state.SkipWithError("differs from the mean");
        return;
    }
    for (auto _ : state) {
        filters::column_mean(in.view(), out.view(), window, execution);
        benchmark::DoNotOptimize(out.data());
    }
    bench::report_traffic(state, 2 * in.size() * sizeof(float));
}
BENCHMARK(column_mean_guide)->Name("column_mean/guide")->Apply(bench::frame_sizes);

/// The nearest thing there: a box filter one column wide (it takes no windows off the pixel).
void column_mean_opencv(benchmark::State& state) {
    const int width = static_cast<int>(state.range(0)), height = static_cast<int>(state.range(1));
    const Image<float> in = bench::speckle_frame(width, height);
    const cv::Mat1f source(height, width, const_cast<float*>(in.data()));
    cv::Mat1f out;
    cv::setNumThreads(static_cast<int>(state.range(2)));
    for (auto _ : state) {
        cv::boxFilter(source, out, -1, {1, kRows});
        benchmark::DoNotOptimize(out.data);
    }
    bench::report_traffic(state, 2 * in.size() * sizeof(float));
}
BENCHMARK(column_mean_opencv)->Name("column_mean/opencv")->Apply(bench::frame_sizes);

}  // namespace
