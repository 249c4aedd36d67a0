// SPDX-License-Identifier: Apache-2.0
// Cosine transforms of 32 lines at once and back (blocks-inl.hpp), read once for each instruction
// set.
#if defined(GUIDE_FILTERS_COSINE_TRANSFORM_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef GUIDE_FILTERS_COSINE_TRANSFORM_INL
#undef GUIDE_FILTERS_COSINE_TRANSFORM_INL
#else
#define GUIDE_FILTERS_COSINE_TRANSFORM_INL
#endif

#include "blocks-inl.hpp"
#include "cosine_transform.hpp"

#include <hwy/highway.h>

#include <cstddef>

HWY_BEFORE_NAMESPACE();
namespace guide::filters::HWY_NAMESPACE {

constexpr std::size_t kLargestRadix = 13;

/// X_k = 2 sum_x value_x cos(pi k (2 x + 1) / 2 n). `load(place, block)` fetches the pixels of a
/// place, `blocks` has room for n blocks. X_k and X_(n-k) of pair i, with X_n = 0, go to `out` by
/// `slot(i, k)` and `slot(i, n - k)`.
template <class Load, class Slot>
HWY_INLINE void cosine_transform(const CosinePlan& plan, const FourierKernels& fourier,
                                 const Load& load, float* blocks, float* out, const Slot& slot) {
    const auto n = static_cast<std::size_t>(plan.size);
    const std::size_t parts = plan.parts(), radix = n / parts;
    HWY_ALIGN float near[kLargestRadix * kBlock];
    for (std::size_t p = 0; p < parts; ++p) {
        for (std::size_t j = 0; j < radix; ++j)
            load(p + j * parts, near + j * kBlock);
        fourier.first_stage(plan, p, near, blocks);
    }
    for (std::size_t run = 0; run < radix; ++run)
        fourier.later_stages(plan, run, blocks, nullptr);

    const auto result = [&](std::size_t k) {
        return blocks + static_cast<std::size_t>(plan.result_at[k]) * kBlock;
    };
    for (std::size_t i = 0; i < plan.pairs(); ++i) {
        const std::size_t k = plan.frequency_of(i);
        const Vector c = hn::Set(Lines(), plan.turns[2 * k]);
        const Vector s = hn::Set(Lines(), plan.turns[2 * k + 1]);
        const float *zk = result(k), *zm = result(k == 0 ? 0 : n - k);
        float *xk = out + slot(2 * i, k) * kBlock, *xm = out + slot(2 * i + 1, n - k) * kBlock;
        for_each_vector([&](std::size_t l) HWY_ATTR {
            const Lines d;
            const Vector a_re = hn::Load(d, zk + l), a_im = hn::Load(d, zk + kHalf + l);
            const Vector b_re = hn::Load(d, zm + l), b_im = hn::Load(d, zm + kHalf + l);
            // The transforms of the first and of the last 16 lines, each Hermitian.
            const Vector re1 = hn::Add(a_re, b_re), im1 = hn::Sub(a_im, b_im);
            const Vector re2 = hn::Add(a_im, b_im), im2 = hn::Sub(b_re, a_re);
            hn::Store(hn::MulSub(s, re1, hn::Mul(c, im1)), d, xm + l);
            hn::Store(hn::MulSub(s, re2, hn::Mul(c, im2)), d, xm + kHalf + l);
            hn::Store(hn::MulAdd(c, re1, hn::Mul(s, im1)), d, xk + l);
            hn::Store(hn::MulAdd(c, re2, hn::Mul(s, im2)), d, xk + kHalf + l);
        });
    }
}

/// The beginning of the way back to value_x = X_0 + 2 sum_k X_k cos(pi k (2 x + 1) / 2 n): the
/// first stage of the Fourier transform; FourierKernels::later_stages of every run leave the pixels
/// at plan.pixel_at. `load(slot, k, l)` is the vector of X_k from line l, k to n (where it is 0);
/// slots are counted up, two for each pair.
template <class Load>
HWY_INLINE void begin_cosine_transform_back(const CosinePlan& plan, const FourierKernels& fourier,
                                            const Load& load, float* blocks) {
    const auto n = static_cast<std::size_t>(plan.size);
    const std::size_t parts = plan.parts(), radix = n / parts;
    // A pair of coefficients makes elements k and n - k, so that two butterflies are fed together:
    // the second has its elements in reverse.
    HWY_ALIGN float near[kLargestRadix * kBlock];
    HWY_ALIGN float far[(kLargestRadix + 1) * kBlock];
    std::size_t slot = 0;
    for (std::size_t p = 0; 2 * p <= parts; ++p) {
        const std::size_t mirrored = p == 0 ? 0 : parts - p;
        for (std::size_t j = 0; j < radix; ++j, slot += 2) {
            const std::size_t k = p + j * parts;
            const Lines d;
            const Vector c = hn::Set(d, plan.turns[2 * k]), s = hn::Set(d, plan.turns[2 * k + 1]);
            float *at_k = near + j * kBlock, *at_m = far + (radix - j - (p == 0 ? 0 : 1)) * kBlock;
            for_each_vector([&](std::size_t l) HWY_ATTR {
                const Vector k1 = load(slot, k, l), k2 = load(slot, k, l + kHalf);
                const Vector m1 = load(slot + 1, n - k, l), m2 = load(slot + 1, n - k, l + kHalf);
                const Vector re1 = hn::MulAdd(c, k1, hn::Mul(s, m1));
                const Vector im1 = hn::MulSub(s, k1, hn::Mul(c, m1));
                const Vector re2 = hn::MulAdd(c, k2, hn::Mul(s, m2));
                const Vector im2 = hn::MulSub(s, k2, hn::Mul(c, m2));
                hn::Store(hn::Add(re1, im2), d, at_k + l);
                hn::Store(hn::Sub(re2, im1), d, at_k + kHalf + l);
                hn::Store(hn::Sub(re1, im2), d, at_m + l);
                hn::Store(hn::Add(re2, im1), d, at_m + kHalf + l);
            });
        }
        fourier.first_stage(plan, p, near, blocks);
        if (mirrored != p) fourier.first_stage(plan, mirrored, far, blocks);
    }
}

}  // namespace guide::filters::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
