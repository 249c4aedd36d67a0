// SPDX-License-Identifier: Apache-2.0
#include "gaussian_weights.hpp"
#include "tiles.hpp"

#include <guide/filters/structure_tensor.hpp>

#include <cstddef>

// Everything between here and HWY_AFTER_NAMESPACE is compiled once for each instruction set.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "structure_tensor.cpp"
#include "kernel.hpp"
// After that one, whatever the alphabet says.
#include "correlate-inl.hpp"
#include "elementary-inl.hpp"

#ifndef GUIDE_FILTERS_STRUCTURE_TENSOR_TILE
#define GUIDE_FILTERS_STRUCTURE_TENSOR_TILE
namespace guide::filters {

/// Columns worked at together: what is smoothed down them fits the first-level cache.
constexpr int kTensorWidth = 128;
/// Rows that go through a step before the next one reads them: a load across two fresh stores waits
/// for both.
constexpr int kTensorLines = 8;

/// A part of the frame.
struct TensorTile {
    ImageView<const float> in;
    int x, columns, y, rows;
    const float *smooth, *slope, *window;  ///< GaussianWeights; slope per pixel
    int radius, reach;                     ///< of the gradient, of the window
    std::ptrdiff_t pitch;  ///< floats of a row of lines, of the gradients and products
    float* lines;          ///< kTensorLines rows of input
    float* along_x[2];     ///< rows + 2 (radius + reach) rows: smoothed, derived
    float* products[3];    ///< kTensorLines rows of xx, xy, yy
    float* windowed[3];    ///< rows + 2 reach rows of them, smoothed along x
    ImageView<float> orientation, coherence, energy;
};

}  // namespace guide::filters
#endif

HWY_BEFORE_NAMESPACE();
namespace guide::filters::HWY_NAMESPACE {

/// Frame to smoothed and derived along x.
HWY_INLINE void tensor_along_x(const TensorTile& t, int first, int last) {
    const hn::ScalableTag<float> d;
    const int reach = t.radius + t.reach, columns = t.columns + 2 * t.reach;
    for (int row = first; row < last; ++row) {
        const int wanted = t.y + row - reach, bottom = t.in.height - 1;
        const int y = wanted < 0 ? 0 : wanted > bottom ? bottom : wanted;
        copy_padded(t.in.row(y), t.in.width, t.x - reach, t.columns + 2 * reach,
                    t.lines + (row - first) * t.pitch);
    }
    for (int row = first; row < last; ++row) {
        const float* line = t.lines + (row - first) * t.pitch + t.radius;
        const std::ptrdiff_t to = row * t.pitch;
        over_columns(columns, [&](auto vectors, int x) HWY_ATTR {
            constexpr int n = decltype(vectors)::value;
            store(even_sum<n>(d, line + x, 1, t.smooth, t.radius), t.along_x[0] + to + x);
            store(odd_sum<n>(d, line + x, 1, t.slope, t.radius), t.along_x[1] + to + x);
        });
    }
}

/// Those to products of the gradient, and these smoothed along x.
HWY_INLINE void tensor_products(const TensorTile& t, int first, int last) {
    const hn::ScalableTag<float> d;
    const auto lanes = static_cast<std::ptrdiff_t>(hn::Lanes(d));
    for (int row = first; row < last; ++row) {
        const std::ptrdiff_t from = (row + t.radius) * t.pitch, to = (row - first) * t.pitch;
        over_columns(t.columns + 2 * t.reach, [&](auto vectors, int x) HWY_ATTR {
            constexpr int n = decltype(vectors)::value;
            const auto gx = even_sum<n>(d, t.along_x[1] + from + x, t.pitch, t.smooth, t.radius);
            const auto gy = odd_sum<n>(d, t.along_x[0] + from + x, t.pitch, t.slope, t.radius);
            for (int k = 0; k < n; ++k) {
                const std::ptrdiff_t at = to + x + k * lanes;
                hn::StoreU(hn::Mul(gx.v[k], gx.v[k]), d, t.products[0] + at);
                hn::StoreU(hn::Mul(gx.v[k], gy.v[k]), d, t.products[1] + at);
                hn::StoreU(hn::Mul(gy.v[k], gy.v[k]), d, t.products[2] + at);
            }
        });
    }
    for (int row = first; row < last; ++row) {
        const std::ptrdiff_t from = (row - first) * t.pitch + t.reach;
        for (int i = 0; i < 3; ++i) {
            float* to = t.windowed[i] + row * kTensorWidth;
            over_columns(t.columns, [&](auto vectors, int x) HWY_ATTR {
                constexpr int n = decltype(vectors)::value;
                store(even_sum<n>(d, t.products[i] + from + x, 1, t.window, t.reach), to + x);
            });
        }
    }
}

/// `value` to the pixels of a row from x on that the tile has.
template <class V>
HWY_INLINE void give(const TensorTile& t, const ImageView<float>& view, int row, int x, V value) {
    if (view.empty()) return;
    const hn::ScalableTag<float> d;
    const int lanes = static_cast<int>(hn::Lanes(d)), left = t.columns - x;
    float* to = view.row(t.y + row) + t.x + x;
    if (left >= lanes) {
        hn::StoreU(value, d, to);
        return;
    }
    HWY_ALIGN float rest[hn::MaxLanes(d)];
    hn::Store(value, d, rest);
    for (int i = 0; i < left; ++i)
        to[i] = rest[i];
}

/// Those smoothed along y to the answers.
HWY_INLINE void tensor_answers(const TensorTile& t, int row) {
    const hn::ScalableTag<float> d;
    const int lanes = static_cast<int>(hn::Lanes(d));
    const std::ptrdiff_t from = (row + t.reach) * kTensorWidth;
    over_columns(t.columns, [&](auto vectors, int x) HWY_ATTR {
        constexpr int n = decltype(vectors)::value;
        const auto xx = even_sum<n>(d, t.windowed[0] + from + x, kTensorWidth, t.window, t.reach);
        const auto xy = even_sum<n>(d, t.windowed[1] + from + x, kTensorWidth, t.window, t.reach);
        const auto yy = even_sum<n>(d, t.windowed[2] + from + x, kTensorWidth, t.window, t.reach);
        for (int k = 0; k < n; ++k) {
            const auto energy = hn::Add(xx.v[k], yy.v[k]), apart = hn::Sub(xx.v[k], yy.v[k]);
            const auto cross = hn::Add(xy.v[k], xy.v[k]);
            const auto root = hn::Sqrt(hn::MulAdd(apart, apart, hn::Mul(cross, cross)));
            const auto coherence =
                hn::Min(hn::Set(d, 1.0F), hn::Div(root, hn::Max(energy, hn::Set(d, 1e-15F))));
            give(t, t.orientation, row, x + k * lanes, half_angle(d, cross, apart));
            give(t, t.coherence, row, x + k * lanes, coherence);
            give(t, t.energy, row, x + k * lanes, energy);
        }
    });
}

void tensor_tile(const TensorTile& t) {
    const auto in_groups = [](int rows, const auto& work) HWY_ATTR {
        for (int first = 0; first < rows; first += kTensorLines)
            work(first, first + kTensorLines < rows ? first + kTensorLines : rows);
    };
    in_groups(t.rows + 2 * (t.radius + t.reach),
              [&](int first, int last) HWY_ATTR { tensor_along_x(t, first, last); });
    in_groups(t.rows + 2 * t.reach,
              [&](int first, int last) HWY_ATTR { tensor_products(t, first, last); });
    for (int row = 0; row < t.rows; ++row)
        tensor_answers(t, row);
}

}  // namespace guide::filters::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace guide::filters {

HWY_EXPORT(tensor_tile);

void StructureTensorOptions::validate() const {
    require(gradient_sigma >= 0.5 && gradient_sigma <= 100, "StructureTensorOptions",
            "gradient_sigma is 0.5 to 100 px");
    require(window_sigma >= 0.5 && window_sigma <= 100, "StructureTensorOptions",
            "window_sigma is 0.5 to 100 px");
}

void structure_tensor(ImageView<const float> in, const StructureTensorViews& out,
                      const StructureTensorOptions& options, const Execution& execution) {
    options.validate();
    for (const auto& view : {out.orientation, out.coherence, out.energy}) {
        require(view.empty() || (view.width == in.width && view.height == in.height),
                "structure_tensor", "in and out are of one size");
    }
    if (in.empty()) return;
    GaussianWeights gradient(options.gradient_sigma);
    const GaussianWeights window(options.window_sigma);
    for (float& w : gradient.slope)
        w /= static_cast<float>(options.gradient_sigma);
    const auto kernel = GUIDE_KERNEL(tensor_tile);

    // Tiles lose the rows around them.
    const int around = gradient.radius + window.radius;
    const TileCut cut(in.width, in.height, kTensorWidth, 8 * around);
    for_each_tile(execution, cut, [&](const Tile& part, Workspace& scratch) {
        TensorTile tile{};
        tile.in = in;
        tile.x = part.x;
        tile.columns = part.columns;
        tile.y = part.y;
        tile.rows = part.rows;
        tile.smooth = gradient.smooth.data();
        tile.slope = gradient.slope.data();
        tile.window = window.smooth.data();
        tile.radius = gradient.radius;
        tile.reach = window.radius;
        // Whole cache lines, and a vector.
        tile.pitch = (kTensorWidth + 2 * around + 127) / 64 * 64;
        const auto area = [&](int rows, std::ptrdiff_t pitch) {
            return scratch.take<float>(static_cast<std::size_t>(rows * pitch));
        };
        tile.lines = area(kTensorLines, tile.pitch);
        for (float*& plane : tile.along_x)
            plane = area(tile.rows + 2 * around, tile.pitch);
        for (float*& plane : tile.products)
            plane = area(kTensorLines, tile.pitch);
        for (float*& plane : tile.windowed)
            plane = area(tile.rows + 2 * window.radius, kTensorWidth);
        tile.orientation = out.orientation;
        tile.coherence = out.coherence;
        tile.energy = out.energy;
        kernel(tile);
    });
}

}  // namespace guide::filters
#endif
