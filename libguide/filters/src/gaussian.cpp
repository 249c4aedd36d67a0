// SPDX-License-Identifier: Apache-2.0
#include "gaussian_weights.hpp"
#include "tiles.hpp"

#include <guide/filters/gaussian.hpp>

#include <cstddef>

// Everything between here and HWY_AFTER_NAMESPACE is compiled once for each instruction set.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "gaussian.cpp"
#include "kernel.hpp"
// After that one, whatever the alphabet says.
#include "correlate-inl.hpp"

#ifndef GUIDE_FILTERS_GAUSSIAN_TILE
#define GUIDE_FILTERS_GAUSSIAN_TILE
namespace guide::filters {

/// Columns worked at together: the rows under a kernel fit the first-level cache.
constexpr int kBlurWidth = 128;
/// Floats of the widest vector: how far past the end of scratch rows a kernel may write.
constexpr int kBlurSlack = 64;

/// A part of the frame.
struct BlurTile {
    ImageView<const float> in;
    ImageView<float> out;
    int x, columns, y, rows;
    const float *across, *down;  ///< GaussianWeights::smooth
    int radius_x, radius_y;
    float* line;      ///< one row of input with what lies around it
    float* smoothed;  ///< rows + 2 radius_y rows of kBlurWidth, smoothed along x
};

}  // namespace guide::filters
#endif

HWY_BEFORE_NAMESPACE();
namespace guide::filters::HWY_NAMESPACE {

void blur_tile(const BlurTile& t) {
    const hn::ScalableTag<float> d;
    const int lanes = static_cast<int>(hn::Lanes(d)), last = t.in.height - 1;
    // Away from the left and right border rows are read where they are.
    const bool inside = t.x >= t.radius_x && t.x + t.columns + t.radius_x + lanes <= t.in.width;
    for (int row = 0; row < t.rows + 2 * t.radius_y; ++row) {
        const int wanted = t.y + row - t.radius_y;
        const float* line = t.in.row(wanted < 0 ? 0 : wanted > last ? last : wanted) + t.x;
        if (!inside) {
            for (int i = -t.radius_x; i < t.columns + t.radius_x; ++i) {
                const int x = t.x + i, right = t.in.width - 1;
                t.line[i + t.radius_x] = line[(x < 0 ? 0 : x > right ? right : x) - t.x];
            }
            line = t.line + t.radius_x;
        }
        over_columns(t.columns, [&](auto vectors, int x) HWY_ATTR {
            constexpr int n = decltype(vectors)::value;
            store(even_sum<n>(d, line + x, 1, t.across, t.radius_x),
                  t.smoothed + row * kBlurWidth + x);
        });
    }
    for (int row = 0; row < t.rows; ++row) {
        const float* from = t.smoothed + (row + t.radius_y) * kBlurWidth;
        float* to = t.out.row(t.y + row) + t.x;
        over_columns(t.columns, [&](auto vectors, int x) HWY_ATTR {
            constexpr int n = decltype(vectors)::value;
            const auto sum = even_sum<n>(d, from + x, kBlurWidth, t.down, t.radius_y);
            if (x + n * lanes <= t.columns) {
                store(sum, to + x);
            } else {
                store(sum, t.line);
                for (int i = x; i < t.columns; ++i)
                    to[i] = t.line[i - x];
            }
        });
    }
}

}  // namespace guide::filters::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace guide::filters {

HWY_EXPORT(blur_tile);

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
    const GaussianWeights across(options.sigma_x), down(options.sigma_y);
    const auto kernel = GUIDE_KERNEL(blur_tile);

    // Tiles smooth 2 radius rows more than they give.
    const TileCut cut(in.width, in.height, kBlurWidth, 8 * down.radius);
    for_each_tile(execution, cut, [&](const Tile& part, Workspace& scratch) {
        BlurTile tile{};
        tile.in = in;
        tile.out = out;
        tile.x = part.x;
        tile.columns = part.columns;
        tile.y = part.y;
        tile.rows = part.rows;
        tile.across = across.smooth.data();
        tile.down = down.smooth.data();
        tile.radius_x = across.radius;
        tile.radius_y = down.radius;
        const auto line = kBlurWidth + 2 * across.radius + kBlurSlack;
        const auto area = (tile.rows + 2 * down.radius) * kBlurWidth + kBlurSlack;
        tile.line = scratch.take<float>(static_cast<std::size_t>(line));
        tile.smoothed = scratch.take<float>(static_cast<std::size_t>(area));
        kernel(tile);
    });
}

}  // namespace guide::filters
#endif
