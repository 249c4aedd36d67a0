// SPDX-License-Identifier: Apache-2.0
// Sine and cosine of a carrier; read once for each instruction set.
#if defined(GUIDE_SIMULATE_US_CARRIER_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef GUIDE_SIMULATE_US_CARRIER_INL
#undef GUIDE_SIMULATE_US_CARRIER_INL
#else
#define GUIDE_SIMULATE_US_CARRIER_INL
#endif

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace guide::simulate::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// sin(2 pi t) for -1/4 <= t <= 1/4, to 4e-6.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V quarter_sine(D d, V t) {
    const V x = hn::Mul(t, hn::Set(d, 6.28318531F)), z = hn::Mul(x, x);
    V p = hn::MulAdd(z, hn::Set(d, 2.7557319e-6F), hn::Set(d, -1.9841270e-4F));
    p = hn::MulAdd(z, p, hn::Set(d, 8.3333333e-3F));
    p = hn::MulAdd(z, p, hn::Set(d, -0.16666667F));
    return hn::MulAdd(hn::Mul(x, z), p, x);
}

/// Of `turns` whole turns and a part, below 2^22 of them.
template <class D, class V = hn::Vec<D>>
HWY_INLINE void sine_and_cosine(D d, V turns, V& sine, V& cosine) {
    const V t = hn::Sub(turns, hn::Round(turns)), away = hn::Abs(t);
    const V quarter = hn::Set(d, 0.25F), half = hn::Set(d, 0.5F);
    sine = quarter_sine(d, hn::CopySign(hn::Min(away, hn::Sub(half, away)), t));
    cosine = quarter_sine(d, hn::Sub(quarter, away));
}

}  // namespace guide::simulate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
