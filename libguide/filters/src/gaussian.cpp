// SPDX-License-Identifier: Apache-2.0
#include <guide/filters/gaussian.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace guide::filters {
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

/// One row, by way of a copy with the border pixels repeated on both sides.
void blur_row(const float* in, float* out, int width, const std::vector<float>& kernel,
              std::vector<float>& padded) {
    const int radius = static_cast<int>(kernel.size()) - 1;
    std::fill_n(padded.begin(), radius, in[0]);
    std::copy_n(in, width, padded.begin() + radius);
    std::fill_n(padded.begin() + radius + width, radius, in[width - 1]);
    const float* centre = padded.data() + radius;
    for (int x = 0; x < width; ++x)
        out[x] = kernel[0] * centre[x];
    for (int i = 1; i <= radius; ++i) {
        const float weight = kernel[static_cast<std::size_t>(i)];
        for (int x = 0; x < width; ++x)
            out[x] += weight * (centre[x - i] + centre[x + i]);
    }
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
    const int radius = static_cast<int>(down.size()) - 1;
    const auto width = static_cast<std::size_t>(in.width);

    for_each_band(execution, in.height, [&](int begin, int end) {
        // Rows already smoothed along x, in a ring: row y stands at y modulo its length.
        const int length = std::min(2 * radius + 1, in.height);
        std::vector<float> ring(static_cast<std::size_t>(length) * width);
        std::vector<float> padded(width + 2 * across.size());
        const auto smoothed = [&](int y) {
            const int inside = std::clamp(y, 0, in.height - 1);
            return ring.data() + static_cast<std::size_t>(inside % length) * width;
        };
        int next = std::max(0, begin - radius);
        for (int y = begin; y < end; ++y) {
            for (; next <= std::min(in.height - 1, y + radius); ++next) {
                blur_row(in.row(next), smoothed(next), in.width, across, padded);
            }
            float* row = out.row(y);
            const float* centre = smoothed(y);
            for (int x = 0; x < in.width; ++x)
                row[x] = down[0] * centre[x];
            for (int i = 1; i <= radius; ++i) {
                const float weight = down[static_cast<std::size_t>(i)];
                const float *above = smoothed(y - i), *below = smoothed(y + i);
                for (int x = 0; x < in.width; ++x)
                    row[x] += weight * (above[x] + below[x]);
            }
        }
    });
}

}  // namespace guide::filters
