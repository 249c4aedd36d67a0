// SPDX-License-Identifier: Apache-2.0
#include "cosine_transform.hpp"

#include <guide/core/error.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace guide::filters {
namespace {

constexpr int kPrimes[] = {2, 3, 5, 7, 11, 13};
constexpr int kRadices[] = {2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13};

/// Radices that multiply to n: the fewest there are, as each is a pass over the memory, and of
/// these the set of smallest sum.
std::vector<int> factors(int n) {
    const auto cost = [](const std::vector<int>& radices) {
        return std::accumulate(radices.begin(), radices.end(),
                               1000 * static_cast<int>(radices.size()));
    };
    std::vector<int> best;
    for (const int r : kRadices) {
        if (n % r != 0) continue;
        auto radices = factors(n / r);
        radices.push_back(r);
        if (best.empty() || cost(radices) < cost(best)) best = std::move(radices);
    }
    return best;
}

/// Position `i` on the line of `n` pixels that is mirrored at both ends, border pixels doubled.
int mirror(int i, int n) {
    const int j = ((i % (2 * n)) + 2 * n) % (2 * n);
    return std::min(j, 2 * n - 1 - j);
}

}  // namespace

int good_transform_size(int n) {
    for (int m = n;; m += 2) {
        int rest = m;
        for (const int prime : kPrimes) {
            while (rest % prime == 0)
                rest /= prime;
        }
        if (rest == 1) return m;
    }
}

CosinePlan::CosinePlan(int line_pixels)
    : pixels(line_pixels), size(good_transform_size(line_pixels)) {
    require(pixels >= 1, "CosinePlan", "a line has pixels");
    using std::numbers::pi;
    auto radices = factors(size);
    if (radices.empty()) radices = {1};
    std::sort(radices.begin(), radices.end());  // the last, without twiddles, has the most to hold
    int length = size;
    for (const int radix : radices) {
        Stage stage{radix, {}};
        for (int p = 0; p < length / radix; ++p) {
            for (int j = 0; j < radix; ++j) {
                const double angle = -2 * pi * p * j / length;
                stage.twiddles.push_back(static_cast<float>(std::cos(angle)));
                stage.twiddles.push_back(static_cast<float>(std::sin(angle)));
            }
        }
        stages.push_back(std::move(stage));
        length /= radix;
    }
    for (int k = 0; k < size; ++k) {
        const double angle = pi * k / (2.0 * size);
        turns.push_back(static_cast<float>(std::cos(angle)));
        turns.push_back(static_cast<float>(std::sin(angle)));
    }
    for (int k = 0; k < size; ++k) {
        int run = size, at = 0, rest = k;
        for (const int radix : radices) {
            run /= radix;
            at += rest % radix * run;
            rest /= radix;
        }
        result_at.push_back(at);
    }
    const int before = (size - pixels) / 2;
    pixel_of.resize(static_cast<std::size_t>(size));
    pixel_at.resize(static_cast<std::size_t>(pixels));
    odd.resize(static_cast<std::size_t>(pixels));
    for (int i = 0; i < size; ++i) {
        const auto place = static_cast<std::size_t>(i % 2 == 0 ? i / 2 : size - 1 - i / 2);
        const int pixel = i - before;
        pixel_of[place] = mirror(pixel, pixels);
        if (pixel < 0 || pixel >= pixels) continue;
        pixel_at[static_cast<std::size_t>(pixel)] = result_at[place];
        odd[static_cast<std::size_t>(pixel)] = i % 2 != 0;
    }
}

}  // namespace guide::filters
