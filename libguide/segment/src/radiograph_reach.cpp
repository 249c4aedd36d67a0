// SPDX-License-Identifier: Apache-2.0
#include "radiograph_reach.hpp"

#include <algorithm>
#include <cstddef>

namespace guide::segment {

std::optional<Reach> reach_of(const Band& band, ImageView<const float> gradient_y) {
    constexpr double kStrong = 0.75;    // quantile of all columns
    constexpr float kThere = 1.0f / 8;  // of the strong ones
    constexpr int kHalf = 2;            // columns to either side that a strength is the mean of
    const int columns = static_cast<int>(band.upper.size());
    std::vector<float> raw, strength;
    for (int x = 0; x < columns; ++x) {
        const auto i = static_cast<std::size_t>(x);
        raw.push_back(std::max(0.0f, -gradient_y.at(x, band.upper[i])) +
                      std::max(0.0f, gradient_y.at(x, band.lower[i])));
    }
    for (int x = 0; x < columns; ++x) {
        const int from = std::max(0, x - kHalf), to = std::min(columns - 1, x + kHalf);
        float sum = 0;
        for (int i = from; i <= to; ++i)
            sum += raw[static_cast<std::size_t>(i)];
        strength.push_back(sum / static_cast<float>(to - from + 1));
    }
    std::vector<float> sorted = strength;
    const auto strong = sorted.begin() + static_cast<std::ptrdiff_t>(
                                             kStrong * static_cast<double>(sorted.size() - 1));
    std::nth_element(sorted.begin(), strong, sorted.end());
    const auto there = [least = kThere * *strong](float s) { return s > least; };
    const auto first = std::find_if(strength.begin(), strength.end(), there);
    const auto last = std::find_if(strength.rbegin(), strength.rend(), there);
    if (first == strength.end()) return std::nullopt;
    return Reach{static_cast<int>(first - strength.begin()),
                 static_cast<int>(strength.rend() - last) - 1};
}

}  // namespace guide::segment
