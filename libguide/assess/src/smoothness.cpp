// SPDX-License-Identifier: Apache-2.0
#include "smoothness.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <numeric>

namespace guide::assess {
namespace {

constexpr double kThreshold = 0.05;  // of the amplitude at 0 Hz: less is noise
constexpr double kShortest = 0.25;   // s
constexpr double kFinest = 16;       // steps of frequency for one over the duration

double amplitude(const std::vector<double>& speed, double angle) {
    const std::complex<double> turn = std::polar(1.0, -angle);
    std::complex<double> sum = 0;
    // Horner's scheme: the sum of speed[i] turn^i.
    for (auto v = speed.rbegin(); v != speed.rend(); ++v)
        sum = sum * turn + *v;
    return std::abs(sum);
}

}  // namespace

std::optional<double> spectral_arc_length(const std::vector<double>& speed, double rate_hz,
                                          double cutoff_hz) {
    const double total = std::accumulate(speed.begin(), speed.end(), 0.0);
    const double duration = static_cast<double>(speed.size()) / rate_hz;
    if (!(total > 0) || duration < kShortest) return std::nullopt;
    const double step = 1 / (kFinest * duration);
    std::vector<double> spectrum;
    for (int k = 0; k * step <= cutoff_hz; ++k) {
        spectrum.push_back(amplitude(speed, 2 * std::numbers::pi * k * step / rate_hz) / total);
    }
    const auto last =
        std::find_if(spectrum.rbegin(), spectrum.rend(), [](double a) { return a >= kThreshold; });
    const auto count = static_cast<std::size_t>(spectrum.rend() - last);
    double length = 0;
    for (std::size_t i = 1; i < count; ++i) {
        const double along = 1 / static_cast<double>(count - 1);
        length += std::hypot(along, spectrum[i] - spectrum[i - 1]);
    }
    return -length;
}

}  // namespace guide::assess
