// SPDX-License-Identifier: Apache-2.0
#include <guide/filters/gaussian.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

// Everything between here and HWY_AFTER_NAMESPACE is compiled once for each instruction set.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "gaussian.cpp"
#include "kernel.hpp"
#include "lanes-inl.hpp"

#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace guide::filters::HWY_NAMESPACE {

/// out[x] = k[0] in[x] + sum_i k[i] (in[x - i] + in[x + i]); `in` reaches `radius` pixels further
/// on both sides.
void blur_row(const float* in, float* out, int width, const float* kernel, int radius) {
    for_each_lanes(width, [&](auto d, int x) HWY_ATTR {
        auto sum = hn::Mul(hn::Set(d, kernel[0]), hn::LoadU(d, in + x));
        for (int i = 1; i <= radius; ++i) {
            const auto both = hn::Add(hn::LoadU(d, in + x - i), hn::LoadU(d, in + x + i));
            sum = hn::MulAdd(hn::Set(d, kernel[i]), both, sum);
        }
        hn::StoreU(sum, d, out + x);
    });
}

/// The same down the columns: `rows` has 2 radius + 1 rows, the middle one at [radius].
void blur_column(const float* const* rows, float* out, int width, const float* kernel, int radius) {
    for_each_lanes(width, [&](auto d, int x) HWY_ATTR {
        auto sum = hn::Mul(hn::Set(d, kernel[0]), hn::LoadU(d, rows[radius] + x));
        for (int i = 1; i <= radius; ++i) {
            const auto both = hn::Add(hn::LoadU(d, rows[radius - i] + x),  //
                                      hn::LoadU(d, rows[radius + i] + x));
            sum = hn::MulAdd(hn::Set(d, kernel[i]), both, sum);
        }
        hn::StoreU(sum, d, out + x);
    });
}

}  // namespace guide::filters::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace guide::filters {

HWY_EXPORT(blur_row);
HWY_EXPORT(blur_column);

namespace {

/// Weights for the offsets 0..radius of one side; the kernel is symmetric.
std::vector<float> half_kernel(double sigma) {
    const int radius = static_cast<int>(std::ceil(4 * sigma));
    std::vector<double> weights(static_cast<std::size_t>(radius) + 1, 1.0);
    double sum = 1;
    for (std::size_t i = 1; i < weights.size(); ++i) {
        const double t = static_cast<double>(i) / sigma;
        weights[i] = std::exp(-0.5 * t * t);
        sum += 2 * weights[i];
    }
    std::vector<float> kernel;
    for (const double w : weights)
        kernel.push_back(static_cast<float>(w / sum));
    return kernel;
}

}  // namespace

void GaussianOptions::validate() const {
    require(sigma_x >= 0 && sigma_x <= 1000, "GaussianOptions", "sigma_x is 0 to 1000 px");
    require(sigma_y >= 0 && sigma_y <= 1000, "GaussianOptions", "sigma_y is 0 to 1000 px");
}

void gaussian_blur(ImageView<const float> in, ImageView<float> out, const GaussianOptions& options,
                   const Execution& execution) {
    options.validate();
    require(in.width == out.width && in.height == out.height, "gaussian_blur",
            "in and out are of one size");
    if (in.empty()) return;
    const auto across = half_kernel(options.sigma_x), down = half_kernel(options.sigma_y);
    const int rx = static_cast<int>(across.size()) - 1, ry = static_cast<int>(down.size()) - 1;
    const auto width = static_cast<std::size_t>(in.width);
    const auto row_kernel = GUIDE_KERNEL(blur_row);
    const auto column_kernel = GUIDE_KERNEL(blur_column);

    for_each_band(execution, in.height, [&](int begin, int end) {
        // Rows already smoothed along x, in a ring: row y stands at y modulo its length.
        const int length = std::min(2 * ry + 1, in.height);
        std::vector<float> ring(static_cast<std::size_t>(length) * width);
        std::vector<float> padded(width + 2 * across.size());
        std::vector<const float*> rows(2 * down.size() - 1);
        const auto smoothed = [&](int y) {
            const int inside = std::clamp(y, 0, in.height - 1);
            return ring.data() + static_cast<std::size_t>(inside % length) * width;
        };
        int next = std::max(0, begin - ry);
        for (int y = begin; y < end; ++y) {
            for (; next <= std::min(in.height - 1, y + ry); ++next) {
                const float* row = in.row(next);
                std::fill_n(padded.begin(), rx, row[0]);
                std::copy_n(row, in.width, padded.begin() + rx);
                std::fill_n(padded.begin() + rx + in.width, rx, row[in.width - 1]);
                row_kernel(padded.data() + rx, smoothed(next), in.width, across.data(), rx);
            }
            for (int i = -ry; i <= ry; ++i)
                rows[static_cast<std::size_t>(ry + i)] = smoothed(y + i);
            column_kernel(rows.data(), out.row(y), in.width, down.data(), ry);
        }
    });
}

}  // namespace guide::filters
#endif
