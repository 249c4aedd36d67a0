// SPDX-License-Identifier: Apache-2.0
// Base-2 exponential and logarithm; read once for each instruction set.
#if defined(GUIDE_FILTERS_LOG_EXP_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef GUIDE_FILTERS_LOG_EXP_INL
#undef GUIDE_FILTERS_LOG_EXP_INL
#else
#define GUIDE_FILTERS_LOG_EXP_INL
#endif

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace guide::filters::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// 2^x for -126 <= x < 127, to 2e-7 of itself.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V power_of_two(D d, V x) {
    const hn::RebindToSigned<D> di;
    const V whole = hn::Round(x), f = hn::Sub(x, whole);
    V p = hn::MulAdd(f, hn::Set(d, 1.53458110e-4F), hn::Set(d, 1.33999309e-3F));
    p = hn::MulAdd(f, p, hn::Set(d, 9.61848907e-3F));
    p = hn::MulAdd(f, p, hn::Set(d, 5.55032864e-2F));
    p = hn::MulAdd(f, p, hn::Set(d, 0.240226462F));
    p = hn::MulAdd(f, p, hn::Set(d, 0.693147182F));
    p = hn::MulAdd(f, p, hn::Set(d, 1.0F));
    const auto exponent = hn::Add(hn::ConvertTo(di, whole), hn::Set(di, 127));
    return hn::Mul(p, hn::BitCast(d, hn::ShiftLeft<23>(exponent)));
}

/// log2(x) for normal x > 0, to 2e-7 or, where the result is larger than 1, that share of it.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V log_two(D d, V x) {
    const hn::RebindToSigned<D> di;
    // x = 2^exponent m with m between the roots of 1/2 and 2; the series of s = (m - 1) / (m + 1).
    const auto bits = hn::BitCast(di, x);
    const auto exponent = hn::ShiftRight<23>(hn::Sub(bits, hn::Set(di, 0x3F3504F3)));
    const V m = hn::BitCast(d, hn::Sub(bits, hn::ShiftLeft<23>(exponent)));
    const V one = hn::Set(d, 1.0F), s = hn::Div(hn::Sub(m, one), hn::Add(m, one));
    const V z = hn::Mul(s, s);
    V p = hn::MulAdd(z, hn::Set(d, 0.431737810F), hn::Set(d, 0.576714337F));
    p = hn::MulAdd(z, p, hn::Set(d, 0.961798847F));
    p = hn::MulAdd(z, p, hn::Set(d, 2.88539004F));
    return hn::MulAdd(s, p, hn::ConvertTo(d, exponent));
}

}  // namespace guide::filters::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
