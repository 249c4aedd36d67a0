// SPDX-License-Identifier: Apache-2.0
#include "bandwidth.hpp"
#include "frames.hpp"

#include <guide/filters/resample.hpp>

#include <benchmark/benchmark.h>
#include <opencv2/imgproc.hpp>

#include <cmath>

namespace {

using namespace guide;

void resample_guide(benchmark::State& state) {
    const int width = static_cast<int>(state.range(0)), height = static_cast<int>(state.range(1));
    const Image<float> in = bench::speckle_frame(width, height);
    Image<float> out(2 * width / 3, 2 * height / 3);
    const Execution execution{static_cast<int>(state.range(2))};
    // A constant has to stay one.
    filters::resample(Image<float>(width, height, 9.0F).view(), out.view(), execution);
    if (std::abs(out.at(5, 5) - 9) > 1e-3F) {
        state.SkipWithError("a constant changed");
        return;
    }
    for (auto _ : state) {
        filters::resample(in.view(), out.view(), execution);
        benchmark::DoNotOptimize(out.data());
    }
    bench::report_traffic(state, (in.size() + out.size()) * sizeof(float));
}
BENCHMARK(resample_guide)->Name("resample/guide")->Apply(bench::frame_sizes);

void resample_opencv(benchmark::State& state) {
    const int width = static_cast<int>(state.range(0)), height = static_cast<int>(state.range(1));
    const Image<float> in = bench::speckle_frame(width, height);
    const cv::Mat1f source(height, width, const_cast<float*>(in.data()));
    cv::Mat1f out;
    cv::setNumThreads(static_cast<int>(state.range(2)));
    for (auto _ : state) {
        cv::resize(source, out, {2 * width / 3, 2 * height / 3}, 0, 0, cv::INTER_AREA);
        benchmark::DoNotOptimize(out.data);
    }
    bench::report_traffic(state, (in.size() + out.total()) * sizeof(float));
}
BENCHMARK(resample_opencv)->Name("resample/opencv")->Apply(bench::frame_sizes);

}  // namespace
