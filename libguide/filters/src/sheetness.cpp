// SPDX-License-Identifier: Apache-2.0
#include "gaussian_weights.hpp"

#include <guide/filters/sheetness.hpp>
#include <guide/filters/workspace.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

// Everything between here and HWY_AFTER_NAMESPACE is compiled once for each instruction set.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "sheetness.cpp"
#include "kernel.hpp"
// After that one, whatever the alphabet says.
#include "correlate-inl.hpp"
#include "elementary-inl.hpp"

#ifndef GUIDE_FILTERS_SHEETNESS_TILE
#define GUIDE_FILTERS_SHEETNESS_TILE
namespace guide::filters {

/// Columns worked at together: three derivatives of 33 rows of them fit the first-level cache.
constexpr int kTileWidth = 64;
constexpr int kTilePitch = kTileWidth;
constexpr int kLines = 8;
/// Sigmas where the Gaussians end: second derivatives are then right to 0.1 % at all frequencies
/// that sampling leaves alone, three times nearer than recursive fits of fourth order.
constexpr double kReach = 4.5;
/// Floats of the widest vector: how far past the last column a kernel may write.
constexpr int kSlack = 64;

/// One scale of one tile: a band of rows by some columns.
struct SheetnessTile {
    ImageView<const float> in;
    int x, columns, y, rows;
    const float *smooth, *slope, *curve;  ///< GaussianWeights
    int radius;
    float sigma;
    Polarity polarity;
    float ratio_factor, norm_factor;  ///< of exponents of 2: -1 / (2 beta^2), -1 / (4 gamma^2)
    bool all_norms, times_curvature;
    float* lines;  ///< kLines rows of input with what lies around them
    std::ptrdiff_t line_pitch;
    float *across2, *across1, *across0;    ///< rows + 2 radius rows: derivatives along x
    float *measure, *orientation, *scale;  ///< best so far; the last two may be null
};

}  // namespace guide::filters
#endif

HWY_BEFORE_NAMESPACE();
namespace guide::filters::HWY_NAMESPACE {

/// What the Hessian (a b; b c) at `at` says; keeps it where it is more than what stands there.
template <class D, class V = hn::Vec<D>>
HWY_INLINE void keep_best(D d, const SheetnessTile& t, V a, V b, V c, std::size_t at) {
    const V zero = hn::Zero(d);
    // Eigenvalues (sum -+ root) / 2; the one of the sign of the sum is the larger in size.
    const V sum = hn::Add(a, c), apart = hn::Sub(a, c), b2 = hn::Add(b, b);
    const V square = hn::MulAdd(apart, apart, hn::Mul(b2, b2));
    const V root = hn::Sqrt(square);
    const V strength = t.polarity == Polarity::bright ? hn::Neg(sum)
                       : t.polarity == Polarity::dark ? sum
                                                      : hn::Abs(sum);
    const V twice_larger = hn::Max(hn::Add(strength, root), hn::Set(d, 1e-15F));
    const V ratio = hn::Div(hn::Sub(strength, root), twice_larger);
    V measure = exp2_of_negative(d, hn::Mul(hn::Mul(ratio, ratio), hn::Set(d, t.ratio_factor)));
    if (!t.all_norms) {
        const V norm = hn::MulAdd(sum, sum, square);
        const V noise = exp2_of_negative(d, hn::Mul(norm, hn::Set(d, t.norm_factor)));
        measure = hn::NegMulAdd(measure, noise, measure);
    }
    if (t.times_curvature) measure = hn::Mul(measure, hn::Mul(twice_larger, hn::Set(d, 0.5F)));

    const V before = hn::LoadU(d, t.measure + at);
    const auto better = hn::And(hn::Gt(strength, zero), hn::Gt(measure, before));
    hn::StoreU(hn::IfThenElse(better, measure, before), d, t.measure + at);
    if (t.scale != nullptr) {
        const V scale = hn::IfThenElse(better, hn::Set(d, t.sigma), hn::LoadU(d, t.scale + at));
        hn::StoreU(scale, d, t.scale + at);
    }
    if (t.orientation != nullptr) {
        // The eigenvector of the larger eigenvalue; that is the lower one on bright lines.
        const auto flip = hn::Lt(sum, zero);
        const V angle = half_angle(d, hn::IfThenElse(flip, hn::Neg(b2), b2),
                                   hn::IfThenElse(flip, hn::Neg(apart), apart));
        hn::StoreU(hn::IfThenElse(better, angle, hn::LoadU(d, t.orientation + at)), d,
                   t.orientation + at);
    }
}

/// Derivatives along x of orders 0, 1, 2 at once, from one row that reaches `radius` pixels further
/// on both sides.
template <int kVectors, class D>
HWY_INLINE void derive_row(D d, const SheetnessTile& t, const float* in, std::size_t at) {
    const auto lanes = static_cast<std::ptrdiff_t>(hn::Lanes(d));
    Block<kVectors, D> order0, order1, order2;
    for (int k = 0; k < kVectors; ++k) {
        const auto v = hn::LoadU(d, in + k * lanes);
        order0.v[k] = hn::Mul(hn::Set(d, t.smooth[0]), v);
        order1.v[k] = hn::Zero(d);
        order2.v[k] = hn::Mul(hn::Set(d, t.curve[0]), v);
    }
    for (int i = 1; i <= t.radius; ++i) {
        const auto smooth = hn::Set(d, t.smooth[i]), slope = hn::Set(d, t.slope[i]),
                   curve = hn::Set(d, t.curve[i]);
        for (int k = 0; k < kVectors; ++k) {
            const auto after = hn::LoadU(d, in + k * lanes + i);
            const auto before = hn::LoadU(d, in + k * lanes - i);
            const auto both = hn::Add(after, before);
            order0.v[k] = hn::MulAdd(smooth, both, order0.v[k]);
            order1.v[k] = hn::MulAdd(slope, hn::Sub(after, before), order1.v[k]);
            order2.v[k] = hn::MulAdd(curve, both, order2.v[k]);
        }
    }
    for (int k = 0; k < kVectors; ++k) {
        const std::size_t to = at + static_cast<std::size_t>(k * lanes);
        hn::StoreU(order0.v[k], d, t.across0 + to);
        hn::StoreU(order1.v[k], d, t.across1 + to);
        hn::StoreU(order2.v[k], d, t.across2 + to);
    }
}

/// Derivatives along y of those along x make the Hessian.
template <int kVectors, class D>
HWY_INLINE void derive_column(D d, const SheetnessTile& t, std::size_t from, std::size_t at) {
    const std::size_t lanes = hn::Lanes(d);
    const auto a = even_sum<kVectors>(d, t.across2 + from, kTilePitch, t.smooth, t.radius);
    const auto b = odd_sum<kVectors>(d, t.across1 + from, kTilePitch, t.slope, t.radius);
    const auto c = even_sum<kVectors>(d, t.across0 + from, kTilePitch, t.curve, t.radius);
    for (int k = 0; k < kVectors; ++k)
        keep_best(d, t, a.v[k], b.v[k], c.v[k], at + static_cast<std::size_t>(k) * lanes);
}

void sheetness_tile(const SheetnessTile& t) {
    const hn::ScalableTag<float> d;
    constexpr int kWide = 4, kRow = hn::MaxLanes(d) >= 16 ? 4 : 2;  // as many sums as registers
    const int lanes = static_cast<int>(hn::Lanes(d));
    // Lines are copied some time before they are read: a load across two fresh stores waits for
    // both.
    const int all = t.rows + 2 * t.radius;
    for (int group = 0; group < all; group += kLines) {
        const int end = group + kLines < all ? group + kLines : all;
        for (int row = group; row < end; ++row) {
            const int wanted = t.y + row - t.radius, last = t.in.height - 1;
            const int y = wanted < 0 ? 0 : wanted > last ? last : wanted;
            copy_padded(t.in.row(y), t.in.width, t.x - t.radius, t.columns + 2 * t.radius,
                        t.lines + (row - group) * t.line_pitch);
        }
        for (int row = group; row < end; ++row) {
            const float* line = t.lines + (row - group) * t.line_pitch + t.radius;
            const std::size_t start = static_cast<std::size_t>(row) * kTilePitch;
            int x = 0;
            for (; x + kRow * lanes <= t.columns; x += kRow * lanes)
                derive_row<kRow>(d, t, line + x, start + static_cast<std::size_t>(x));
            for (; x < t.columns; x += lanes)
                derive_row<1>(d, t, line + x, start + static_cast<std::size_t>(x));
        }
    }
    for (int row = 0; row < t.rows; ++row) {
        const std::size_t start = static_cast<std::size_t>(row) * kTilePitch;
        const std::size_t middle = start + static_cast<std::size_t>(t.radius) * kTilePitch;
        int x = 0;
        for (; x + kWide * lanes <= t.columns; x += kWide * lanes) {
            const auto i = static_cast<std::size_t>(x);
            derive_column<kWide>(d, t, middle + i, start + i);
        }
        for (; x < t.columns; x += lanes) {
            const auto i = static_cast<std::size_t>(x);
            derive_column<1>(d, t, middle + i, start + i);
        }
    }
}

}  // namespace guide::filters::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace guide::filters {

HWY_EXPORT(sheetness_tile);

void SheetnessOptions::validate() const {
    require(sigma_min >= 0.5 && sigma_min <= 100, "SheetnessOptions", "sigma_min is 0.5 to 100 px");
    require(sigma_max >= sigma_min && sigma_max <= 100, "SheetnessOptions",
            "sigma_max is sigma_min to 100 px");
    require(scales >= 1 && scales <= 32, "SheetnessOptions", "scales is 1 to 32");
    require(beta > 0 && beta <= 1e6, "SheetnessOptions", "beta is above 0, to 10^6");
    require(gamma >= 0 && gamma <= 1e6, "SheetnessOptions", "gamma is 0 to 10^6");
}

std::vector<double> SheetnessOptions::sigmas() const {
    std::vector<double> all;
    for (int i = 0; i < scales; ++i) {
        const double part = scales == 1 ? 0 : static_cast<double>(i) / (scales - 1);
        all.push_back(steps == SigmaSteps::equispaced
                          ? sigma_min + part * (sigma_max - sigma_min)
                          : sigma_min * std::pow(sigma_max / sigma_min, part));
    }
    return all;
}

void sheetness(ImageView<const float> in, const SheetnessViews& out,
               const SheetnessOptions& options, const Execution& execution) {
    options.validate();
    for (const auto& view : {out.measure, out.orientation, out.scale}) {
        require(view.empty() || (view.width == in.width && view.height == in.height), "sheetness",
                "in and out are of one size");
    }
    if (in.empty()) return;
    const auto sigmas = options.sigmas();
    std::vector<GaussianWeights> scales;
    for (const double sigma : sigmas)
        scales.emplace_back(sigma, kReach);
    const int radius = scales.back().radius;
    const auto kernel = GUIDE_KERNEL(sheetness_tile);

    // Bands lose 2 radius rows of work each; bands of equal height share out well.
    const int bands = std::max(1, in.height / std::max(64, 9 * radius));
    const int band_rows = (in.height + bands - 1) / bands;
    for_each_band(execution, in.height, band_rows, [&](int begin, int end) {
        const int rows = end - begin;
        const auto area = [](int height) { return static_cast<std::size_t>(height) * kTilePitch; };
        Workspace memory;  // for its alignment
        auto* across = memory.take<float>(3 * area(rows + 2 * radius));
        auto* best = memory.take<float>(3 * area(rows));
        SheetnessTile tile{};
        tile.in = in;
        tile.y = begin;
        tile.rows = rows;
        tile.polarity = options.polarity;
        tile.ratio_factor =
            static_cast<float>(-std::numbers::log2e / (2 * options.beta * options.beta));
        tile.all_norms = options.gamma == 0;
        tile.norm_factor =
            static_cast<float>(-std::numbers::log2e / (4 * options.gamma * options.gamma));
        tile.times_curvature = options.times_curvature;
        tile.line_pitch = kTileWidth + 2 * radius + kSlack;
        tile.lines = memory.take<float>(static_cast<std::size_t>(kLines * tile.line_pitch));
        tile.measure = best;
        if (!out.orientation.empty()) tile.orientation = best + area(rows);
        if (!out.scale.empty()) tile.scale = best + 2 * area(rows);
        for (int x = 0; x < in.width; x += kTileWidth) {
            std::fill_n(best, 3 * area(rows), 0.0F);
            tile.x = x;
            tile.columns = std::min(kTileWidth, in.width - x);
            for (std::size_t s = 0; s < scales.size(); ++s) {
                const GaussianWeights& weights = scales[s];
                tile.smooth = weights.smooth.data();
                tile.slope = weights.slope.data();
                tile.curve = weights.curve.data();
                tile.radius = weights.radius;
                tile.sigma = static_cast<float>(sigmas[s]);
                tile.across0 = across;
                tile.across1 = tile.across0 + area(rows + 2 * weights.radius);
                tile.across2 = tile.across1 + area(rows + 2 * weights.radius);
                kernel(tile);
            }
            const auto give = [&](const float* from, ImageView<float> to) {
                for (int y = 0; y < rows && !to.empty(); ++y)
                    std::copy_n(from + area(y), tile.columns, to.row(begin + y) + x);
            };
            give(tile.measure, out.measure);
            give(tile.orientation, out.orientation);
            give(tile.scale, out.scale);
        }
    });
}

}  // namespace guide::filters
#endif
