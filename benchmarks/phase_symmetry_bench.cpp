// SPDX-License-Identifier: Apache-2.0
#include "bandwidth.hpp"
#include "frames.hpp"

#include <guide/filters/phase_symmetry.hpp>

#include <benchmark/benchmark.h>
#include <opencv2/imgproc.hpp>

#include <cmath>
#include <vector>

namespace {

using namespace guide;

const filters::PhaseSymmetryOptions kOptions{10, 2, 2, 0.55, 2, filters::Polarity::bright};

/// The energy of the same bands by cv::dft, without the borders mirrored.
cv::Mat1f opencv_energy(const cv::Mat1f& in) {
    const int rows = cv::getOptimalDFTSize(in.rows), columns = cv::getOptimalDFTSize(in.cols);
    cv::Mat1f padded;
    cv::copyMakeBorder(in, padded, 0, rows - in.rows, 0, columns - in.cols, cv::BORDER_REFLECT_101);
    cv::Mat2f spectrum;
    cv::dft(padded, spectrum, cv::DFT_COMPLEX_OUTPUT);
    cv::Mat1f energy(in.size(), 0.0F);
    cv::Mat2f band(spectrum.size()), riesz(spectrum.size());
    for (int s = 0; s < kOptions.scales; ++s) {
        const double wavelength = kOptions.min_wavelength_px * std::pow(kOptions.factor, s);
        for (int y = 0; y < rows; ++y) {
            const double v = (y <= rows / 2 ? y : y - rows) / static_cast<double>(rows);
            for (int x = 0; x < columns; ++x) {
                const double u =
                    (x <= columns / 2 ? x : x - columns) / static_cast<double>(columns);
                const double radius = std::hypot(u, v);
                const double l =
                    std::log(std::max(radius, 1e-9) * wavelength) / std::log(kOptions.sigma_on_f);
                const double gain = radius > 0 ? std::exp(-0.5 * l * l) : 0;
                const double a = radius > 0 ? -gain * v / radius : 0,
                             b = radius > 0 ? gain * u / radius : 0;
                const cv::Vec2f f = spectrum(y, x);
                band(y, x) = {static_cast<float>(gain * f[0]), static_cast<float>(gain * f[1])};
                riesz(y, x) = {static_cast<float>(a * f[0] - b * f[1]),
                               static_cast<float>(a * f[1] + b * f[0])};
            }
        }
        cv::Mat2f even, odd;
        cv::dft(band, even, cv::DFT_INVERSE | cv::DFT_SCALE);
        cv::dft(riesz, odd, cv::DFT_INVERSE | cv::DFT_SCALE);
        for (int y = 0; y < in.rows; ++y) {
            for (int x = 0; x < in.cols; ++x) {
                energy(y, x) += even(y, x)[0] - std::hypot(odd(y, x)[0], odd(y, x)[1]);
            }
        }
    }
    return energy;
}

void phase_symmetry_guide(benchmark::State& state) {
    const int width = static_cast<int>(state.range(0)), height = static_cast<int>(state.range(1));
    const Image<float> in = bench::speckle_frame(width, height);
    const Execution execution{static_cast<int>(state.range(2))};
    const auto once = filters::phase_symmetry(in.view(), kOptions, execution);
    const cv::Mat1f expected =
        opencv_energy(cv::Mat1f(height, width, const_cast<float*>(in.data())));
    if (std::abs(once.energy.at(width / 2, height / 2) - expected(height / 2, width / 2)) > 0.5F) {
        state.SkipWithError("differs from OpenCV");
        return;
    }
    for (auto _ : state) {
        benchmark::DoNotOptimize(
            filters::phase_symmetry(in.view(), kOptions, execution).energy.data());
    }
    bench::report_traffic(state, 4 * in.size() * sizeof(float));
}
BENCHMARK(phase_symmetry_guide)->Name("phase_symmetry/guide")->Apply(bench::frame_sizes);

void phase_symmetry_opencv(benchmark::State& state) {
    const int width = static_cast<int>(state.range(0)), height = static_cast<int>(state.range(1));
    const Image<float> in = bench::speckle_frame(width, height);
    const cv::Mat1f source(height, width, const_cast<float*>(in.data()));
    cv::setNumThreads(static_cast<int>(state.range(2)));
    for (auto _ : state)
        benchmark::DoNotOptimize(opencv_energy(source).data);
    bench::report_traffic(state, 2 * in.size() * sizeof(float));
}
BENCHMARK(phase_symmetry_opencv)->Name("phase_symmetry/opencv")->Apply(bench::frame_sizes);

}  // namespace
