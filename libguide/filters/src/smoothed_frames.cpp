// SPDX-License-Identifier: Apache-2.0
#include "smoothed_frames.hpp"

#include "gaussian_weights.hpp"
#include "spares.hpp"

#include <cmath>
#include <cstddef>
#include <vector>

// Everything between here and HWY_AFTER_NAMESPACE is compiled once for each instruction set.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "smoothed_frames.cpp"
#include "kernel.hpp"
// After that one, whatever the alphabet says.
#include "correlate-inl.hpp"

#ifndef GUIDE_FILTERS_SMOOTHING_BAND
#define GUIDE_FILTERS_SMOOTHING_BAND
namespace guide::filters {

constexpr int kSmoothedTogether = 8;

/// Rows begin..end of the smoothed frames, margin included.
struct SmoothingBand {
    ImageView<const float> in;
    SmoothedFrames out;
    int begin, end;
    const float *whole, *half;  ///< weights of GaussianWeights::smooth and half a pixel further
    int radius;
    float *lines, *across[2];  ///< scratch: kSmoothedTogether rows; all rows smoothed along x
    float* down;               ///< one row smoothed along y too
    std::ptrdiff_t pitch;
};

}  // namespace guide::filters
#endif

HWY_BEFORE_NAMESPACE();
namespace guide::filters::HWY_NAMESPACE {

void smooth_frames(const SmoothingBand& b) {
    const hn::ScalableTag<float> d;
    const int margin = b.out.margin, bottom = b.in.height - 1;
    const int all = b.end - b.begin + 2 * b.radius + 1;
    for (int first = 0; first < all; first += kSmoothedTogether) {
        const int last = first + kSmoothedTogether < all ? first + kSmoothedTogether : all;
        for (int row = first; row < last; ++row) {
            const int wanted = b.begin + row - b.radius - margin;
            const int y = wanted < 0 ? 0 : wanted > bottom ? bottom : wanted;
            copy_padded(b.in.row(y), b.in.width, -margin - b.radius, b.out.width + 2 * b.radius + 1,
                        b.lines + (row - first) * b.pitch);
        }
        for (int row = first; row < last; ++row) {
            const float* line = b.lines + (row - first) * b.pitch + b.radius;
            over_columns(b.out.width, [&](auto vectors, int x) HWY_ATTR {
                constexpr int n = decltype(vectors)::value;
                const std::ptrdiff_t to = row * b.pitch + x;
                store(even_sum<n>(d, line + x, 1, b.whole, b.radius), b.across[0] + to);
                if (b.out.grid > 1) return;
                store(half_sum<n>(d, line + x, 1, b.half, b.radius), b.across[1] + to);
            });
        }
    }
    for (int y = b.begin; y < b.end; ++y) {
        const std::ptrdiff_t middle = (y - b.begin + b.radius) * b.pitch;
        float* whole = b.out.data + y * b.out.pitch;
        if (b.out.grid > 1) whole = b.down;
        over_columns(b.out.width, [&](auto vectors, int x) HWY_ATTR {
            constexpr int n = decltype(vectors)::value;
            const float *in = b.across[0] + middle + x, *right = b.across[1] + middle + x;
            store(even_sum<n>(d, in, b.pitch, b.whole, b.radius), whole + x);
            if (b.out.grid > 1) return;
            store(even_sum<n>(d, right, b.pitch, b.whole, b.radius), whole + x + b.out.size);
            store(half_sum<n>(d, in, b.pitch, b.half, b.radius), whole + x + 2 * b.out.size);
        });
        for (int right = 0; b.out.grid > 1 && right < b.out.grid; ++right) {
            const int grid = b.out.grid;
            float* to =
                b.out.data + (y % grid * grid + right) * b.out.size + y / grid * b.out.pitch;
            for (int x = 0; x < b.out.width / grid; ++x)
                to[x] = b.down[x * grid + right];
        }
    }
}

}  // namespace guide::filters::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace guide::filters {

HWY_EXPORT(smooth_frames);

namespace {

constexpr int kBandRows = 64;
/// Floats of the widest vector: how far past a row's end kernels may read and write.
constexpr int kSlack = 64;

/// Weights at 1/2, 3/2, ... of a Gaussian; [0] is not used.
std::vector<float> half_weights(double sigma, int radius) {
    std::vector<double> w{0};
    double sum = 0;
    for (int i = 1; i <= radius; ++i) {
        const double t = (i - 0.5) / sigma;
        w.push_back(std::exp(-0.5 * t * t));
        sum += 2 * w.back();
    }
    std::vector<float> out;
    for (const double v : w)
        out.push_back(static_cast<float>(v / sum));
    return out;
}

}  // namespace

SmoothedFrames smoothed_frames(ImageView<const float> in, int grid, int margin, double sigma,
                               Workspace& workspace, Workers& workers) {
    const auto steps = [grid](int px) { return (px + grid - 1) / grid * grid; };
    SmoothedFrames frames{};
    frames.grid = grid;
    frames.margin = steps(margin);
    frames.width = steps(in.width) + 2 * frames.margin;
    frames.height = steps(in.height) + 2 * frames.margin;
    frames.pitch = (frames.width / grid + kSlack + 15) / 16 * 16;
    frames.size = frames.pitch * (frames.height / grid);
    const std::ptrdiff_t count = grid == 1 ? 3 : grid * grid;
    frames.data = workspace.take<float>(static_cast<std::size_t>(count * frames.size + kSlack));

    const GaussianWeights weights(sigma);
    const auto half = half_weights(sigma, weights.radius);
    const auto kernel = GUIDE_KERNEL(smooth_frames);
    Spares<Workspace> spares;
    workers.for_each_band(frames.height, kBandRows, [&](int begin, int end) {
        SmoothingBand band{};
        band.in = in;
        band.out = frames;
        band.begin = begin;
        band.end = end;
        band.whole = weights.smooth.data();
        band.half = half.data();
        band.radius = weights.radius;
        band.pitch = (frames.width + 2 * weights.radius + kSlack + 15) / 16 * 16;
        const int rows = end - begin + 2 * weights.radius + 1;
        const auto memory = spares.take([] { return Workspace(); });
        memory->rewind();
        band.lines = memory->take<float>(static_cast<std::size_t>(kSmoothedTogether * band.pitch));
        band.down = memory->take<float>(static_cast<std::size_t>(band.pitch));
        for (float*& plane : band.across)
            plane = memory->take<float>(static_cast<std::size_t>(rows * band.pitch));
        kernel(band);
    });
    return frames;
}

}  // namespace guide::filters
#endif
