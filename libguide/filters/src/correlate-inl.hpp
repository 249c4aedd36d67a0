// SPDX-License-Identifier: Apache-2.0
// Correlation with symmetric and antisymmetric kernels, along rows (step 1) or down columns (step =
// distance of rows); read once for each instruction set.
#if defined(GUIDE_FILTERS_CORRELATE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef GUIDE_FILTERS_CORRELATE_INL
#undef GUIDE_FILTERS_CORRELATE_INL
#else
#define GUIDE_FILTERS_CORRELATE_INL
#endif

#include <hwy/highway.h>

#include <cstddef>
#include <type_traits>

HWY_BEFORE_NAMESPACE();
namespace guide::filters::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// A few vectors side by side: enough sums at once to keep the adders busy.
template <int kVectors, class D>
struct Block {
    hn::Vec<D> v[kVectors];
};

/// w[0] in[0] + sum_i w[i] (in[-i step] + in[i step]) for each of the pixels from `in` on.
template <int kVectors, class D>
HWY_INLINE Block<kVectors, D> even_sum(D d, const float* in, std::ptrdiff_t step, const float* w,
                                       int radius) {
    const auto lanes = static_cast<std::ptrdiff_t>(hn::Lanes(d));
    Block<kVectors, D> sum;
    for (int k = 0; k < kVectors; ++k)
        sum.v[k] = hn::Mul(hn::Set(d, w[0]), hn::LoadU(d, in + k * lanes));
    const float *before = in, *after = in;
    for (int i = 1; i <= radius; ++i) {
        before -= step;
        after += step;
        const auto weight = hn::Set(d, w[i]);
        for (int k = 0; k < kVectors; ++k) {
            const auto both =
                hn::Add(hn::LoadU(d, after + k * lanes), hn::LoadU(d, before + k * lanes));
            sum.v[k] = hn::MulAdd(weight, both, sum.v[k]);
        }
    }
    return sum;
}

/// sum_i w[i] (in[i step] - in[-i step]).
template <int kVectors, class D>
HWY_INLINE Block<kVectors, D> odd_sum(D d, const float* in, std::ptrdiff_t step, const float* w,
                                      int radius) {
    const auto lanes = static_cast<std::ptrdiff_t>(hn::Lanes(d));
    Block<kVectors, D> sum;
    for (int k = 0; k < kVectors; ++k)
        sum.v[k] = hn::Zero(d);
    const float *before = in, *after = in;
    for (int i = 1; i <= radius; ++i) {
        before -= step;
        after += step;
        const auto weight = hn::Set(d, w[i]);
        for (int k = 0; k < kVectors; ++k) {
            const auto apart =
                hn::Sub(hn::LoadU(d, after + k * lanes), hn::LoadU(d, before + k * lanes));
            sum.v[k] = hn::MulAdd(weight, apart, sum.v[k]);
        }
    }
    return sum;
}

/// sum_i w[i] (in[(1 - i) step] + in[i step]) for i from 1 on: a symmetric kernel half a pixel
/// further.
template <int kVectors, class D>
HWY_INLINE Block<kVectors, D> half_sum(D d, const float* in, std::ptrdiff_t step, const float* w,
                                       int radius) {
    const auto lanes = static_cast<std::ptrdiff_t>(hn::Lanes(d));
    Block<kVectors, D> sum;
    for (int k = 0; k < kVectors; ++k)
        sum.v[k] = hn::Zero(d);
    const float *before = in + step, *after = in;
    for (int i = 1; i <= radius; ++i) {
        before -= step;
        after += step;
        const auto weight = hn::Set(d, w[i]);
        for (int k = 0; k < kVectors; ++k) {
            const auto both =
                hn::Add(hn::LoadU(d, after + k * lanes), hn::LoadU(d, before + k * lanes));
            sum.v[k] = hn::MulAdd(weight, both, sum.v[k]);
        }
    }
    return sum;
}

/// Calls work(vectors, x) for the columns 0..columns in steps of whole vectors, several at once.
template <class Work>
HWY_INLINE void over_columns(int columns, const Work& work) {
    const int lanes = static_cast<int>(hn::Lanes(hn::ScalableTag<float>()));
    int x = 0;
    for (; x + 4 * lanes <= columns; x += 4 * lanes)
        work(std::integral_constant<int, 4>(), x);
    for (; x < columns; x += lanes)
        work(std::integral_constant<int, 1>(), x);
}

/// Stores a block side by side.
template <class B>
HWY_INLINE void store(const B& block, float* to) {
    const hn::ScalableTag<float> d;
    for (const auto& v : block.v) {
        hn::StoreU(v, d, to);
        to += hn::Lanes(d);
    }
}

/// Pixels count as 0 from here on: squares of what is left stay finite.
constexpr float kTooLarge = 1e15F;

/// Copies the pixels [from, from + count) of a row of `width` pixels. Beyond the border stands the
/// border pixel; what is not finite, or above 1e15 in size, becomes 0. May write up to a vector
/// further.
HWY_INLINE void copy_padded(const float* row, int width, int from, int count, float* out) {
    const hn::ScalableTag<float> d;
    const int lanes = static_cast<int>(hn::Lanes(d)), to = from + count;
    const auto finite = [&](const float* v, float* target) HWY_ATTR {
        const auto value = hn::LoadU(d, v);
        const auto fits = hn::Lt(hn::Abs(value), hn::Set(d, kTooLarge));
        hn::StoreU(hn::IfThenElseZero(fits, value), d, target);
    };
    if (from >= 0 && from + (count + lanes - 1) / lanes * lanes <= width) {
        for (int i = 0; i < count; i += lanes)
            finite(row + from + i, out + i);
        return;
    }
    for (int x = from; x < to; ++x)
        out[x - from] = row[x < 0 ? 0 : x < width ? x : width - 1];
    for (int i = 0; i < count; i += lanes)
        finite(out + i, out + i);
}

}  // namespace guide::filters::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
