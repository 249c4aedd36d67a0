// SPDX-License-Identifier: Apache-2.0
// The row kernel of diffusion.hpp; read once for each instruction set.
#if defined(GUIDE_FILTERS_ROW_DIFFUSION_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef GUIDE_FILTERS_ROW_DIFFUSION_INL
#undef GUIDE_FILTERS_ROW_DIFFUSION_INL
#else
#define GUIDE_FILTERS_ROW_DIFFUSION_INL
#endif

#include "diffusion.hpp"

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace guide::filters::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// The last lane of `before`, then all of `now` but its last.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V from_left(D d, V before, V now) {
#if HWY_TARGET == HWY_SCALAR
    (void)d, (void)now;
    return before;
#elif HWY_TARGET <= HWY_AVX3
    const hn::RebindToUnsigned<D> du;
    const auto bits = hn::Vec<decltype(du)>{
        _mm512_alignr_epi32(hn::BitCast(du, now).raw, hn::BitCast(du, before).raw, 15)};
    return hn::BitCast(d, bits);
#elif HWY_TARGET == HWY_AVX2
    return hn::CombineShiftRightBytes<12>(d, now, hn::ConcatLowerUpper(d, now, before));
#else
    return hn::CombineShiftRightBytes<12>(d, now, before);
#endif
}

/// All of `now` but its first lane, then the first of `after`.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V from_right(D d, V now, V after) {
#if HWY_TARGET == HWY_SCALAR
    (void)d, (void)now;
    return after;
#elif HWY_TARGET <= HWY_AVX3
    const hn::RebindToUnsigned<D> du;
    const auto bits = hn::Vec<decltype(du)>{
        _mm512_alignr_epi32(hn::BitCast(du, after).raw, hn::BitCast(du, now).raw, 1)};
    return hn::BitCast(d, bits);
#elif HWY_TARGET == HWY_AVX2
    return hn::CombineShiftRightBytes<4>(d, hn::ConcatLowerUpper(d, after, now), now);
#else
    return hn::CombineShiftRightBytes<4>(d, after, now);
#endif
}

/// Goes along a row. `coefficient(d, x, left, middle, right)` gives the coefficients of a vector of
/// pixels, which it gets with their neighbours, up to a factor; `rate_of_flow` is step / 8 times
/// that factor.
template <int kReach, class Coefficient>
HWY_INLINE void diffuse_row(const DiffusionRow& row, float rate_of_flow,
                            const Coefficient& coefficient) {
    const hn::ScalableTag<float> d;
    const int lanes = static_cast<int>(hn::Lanes(d)), width = row.width;
    const float *above = row.rows[kReach - 1], *centre = row.rows[kReach];
    float *coefficients = row.coefficients, *unfinished = row.unfinished, *out = row.out;
    const auto rate = hn::Set(d, rate_of_flow);
    // What is at x now was at x + lanes before. Neighbours are loaded: to shift registers would
    // make a long chain of slow instructions. What has just been worked out is shifted.
    auto now = hn::Load(d, centre), right = hn::LoadU(d, centre + 1);
    auto c = coefficient(d, 0, hn::LoadU(d, centre - 1), now, right);
    auto eastward_before = hn::Zero(d);  // nothing flows through the border
    for (int x = 0; x < width; x += lanes) {
        const float* next = centre + x + lanes;
        const auto after = hn::Load(d, next), right_after = hn::LoadU(d, next + 1);
        const auto c_after = coefficient(d, x + lanes, hn::LoadU(d, next - 1), after, right_after);
        const auto eastward = hn::Mul(hn::Add(c, from_right(d, c, c_after)), hn::Sub(right, now));
        const auto westward = from_left(d, eastward_before, eastward);
        const auto from_above = hn::Mul(hn::Add(hn::Load(d, coefficients + x), c),
                                        hn::Sub(now, hn::Load(d, above + x)));
        const auto finished = hn::MulAdd(rate, from_above, hn::Load(d, unfinished + x));
        const auto flow = hn::Sub(hn::Sub(eastward, westward), from_above);
        hn::Store(hn::MulAdd(rate, flow, now), d, unfinished + x);
        hn::Store(c, d, coefficients + x);
        hn::Store(finished, d, out + x);
        eastward_before = eastward;
        c = c_after;
        now = after;
        right = right_after;
    }
    for (int i = 1; i <= kReach; ++i) {
        out[-i] = out[0];
        out[width - 1 + i] = out[width - 1];
    }
}

}  // namespace guide::filters::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
