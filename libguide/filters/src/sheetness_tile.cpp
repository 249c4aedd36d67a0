// SPDX-License-Identifier: Apache-2.0
#include "sheetness_tile.hpp"

#include <cstddef>

// Everything between here and HWY_AFTER_NAMESPACE is compiled once for each instruction set.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "sheetness_tile.cpp"
#include "kernel.hpp"
// After that one, whatever the alphabet says.
#include "correlate-inl.hpp"
#include "elementary-inl.hpp"

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
    const auto a = even_sum<kVectors>(d, t.across2 + from, kSheetnessWidth, t.smooth, t.radius);
    const auto b = odd_sum<kVectors>(d, t.across1 + from, kSheetnessWidth, t.slope, t.radius);
    const auto c = even_sum<kVectors>(d, t.across0 + from, kSheetnessWidth, t.curve, t.radius);
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
    for (int group = 0; group < all; group += kSheetnessLines) {
        const int end = group + kSheetnessLines < all ? group + kSheetnessLines : all;
        for (int row = group; row < end; ++row) {
            const int wanted = t.y + row - t.radius, last = t.in.height - 1;
            const int y = wanted < 0 ? 0 : wanted > last ? last : wanted;
            copy_padded(t.in.row(y), t.in.width, t.x - t.radius, t.columns + 2 * t.radius,
                        t.lines + (row - group) * t.line_pitch);
        }
        for (int row = group; row < end; ++row) {
            const float* line = t.lines + (row - group) * t.line_pitch + t.radius;
            const std::size_t start = static_cast<std::size_t>(row) * kSheetnessWidth;
            int x = 0;
            for (; x + kRow * lanes <= t.columns; x += kRow * lanes)
                derive_row<kRow>(d, t, line + x, start + static_cast<std::size_t>(x));
            for (; x < t.columns; x += lanes)
                derive_row<1>(d, t, line + x, start + static_cast<std::size_t>(x));
        }
    }
    for (int row = 0; row < t.rows; ++row) {
        const std::size_t start = static_cast<std::size_t>(row) * kSheetnessWidth;
        const std::size_t middle = start + static_cast<std::size_t>(t.radius) * kSheetnessWidth;
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

void add_sheetness_scale(const SheetnessTile& tile) {
    GUIDE_KERNEL(sheetness_tile)(tile);
}

}  // namespace guide::filters
#endif
