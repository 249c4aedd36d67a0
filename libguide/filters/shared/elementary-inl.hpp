// SPDX-License-Identifier: Apache-2.0
// Elementary functions by polynomial (minimax fits) or iteration; read once for each instruction
// set.
#if defined(GUIDE_FILTERS_ELEMENTARY_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef GUIDE_FILTERS_ELEMENTARY_INL
#undef GUIDE_FILTERS_ELEMENTARY_INL
#else
#define GUIDE_FILTERS_ELEMENTARY_INL
#endif

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace guide::filters::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// 2^x for x <= 0, to 1.5e-7 of itself; below -60 it stays at 2^-60, so that no product of it gets
/// near the denormal numbers, which are slow.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V exp2_of_negative(D d, V x) {
    const hn::RebindToSigned<D> di;
    // Adding 1.5 * 2^23 rounds to whole numbers, which then stand in the lowest bits.
    const V round = hn::Set(d, 12582912.0F);
    const V t = hn::Max(x, hn::Set(d, -60.0F)), shifted = hn::Add(t, round);
    const V f = hn::Sub(t, hn::Sub(shifted, round));
    V p = hn::MulAdd(f, hn::Set(d, 0.00132647274F), hn::Set(d, 0.00967151292F));
    p = hn::MulAdd(f, p, hn::Set(d, 0.0555073375F));
    p = hn::MulAdd(f, p, hn::Set(d, 0.240222421F));
    p = hn::MulAdd(f, p, hn::Set(d, 0.693146978F));
    p = hn::MulAdd(f, p, hn::Set(d, 1.0F));
    const auto exponent = hn::ShiftLeft<23>(hn::BitCast(di, shifted));
    return hn::BitCast(d, hn::Add(hn::BitCast(di, p), exponent));
}

/// Square root, to 3e-7 of itself: two multiplications instead of a slow instruction where the
/// processor has a good first guess.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V root(D d, V v) {
#if HWY_ARCH_X86
    const V guess = hn::ApproximateReciprocalSqrt(hn::Max(v, hn::Set(d, 1e-30F)));
    const V rough = hn::Mul(v, guess), half = hn::Mul(guess, hn::Set(d, 0.5F));
    return hn::MulAdd(hn::NegMulAdd(rough, guess, hn::Set(d, 1.0F)), hn::Mul(v, half), rough);
#else
    return hn::Sqrt(v);
#endif
}

/// Half the angle of (x, y): -pi/2 to pi/2 from the x axis towards y, to 1e-6; (0, 0) gives 0.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V half_angle(D d, V y, V x) {
    const V ay = hn::Abs(y), ax = hn::Abs(x), larger = hn::Max(ax, ay);
    const V t = hn::Div(hn::Min(ax, ay), hn::Max(larger, hn::Set(d, 1e-37F))), s = hn::Mul(t, t);
    V p = hn::MulAdd(s, hn::Set(d, -0.0117191056F), hn::Set(d, 0.0526472774F));
    p = hn::MulAdd(s, p, hn::Set(d, -0.116426417F));
    p = hn::MulAdd(s, p, hn::Set(d, 0.193540352F));
    p = hn::MulAdd(s, p, hn::Set(d, -0.332622824F));
    p = hn::MulAdd(s, p, hn::Set(d, 0.999977219F));
    const V half = hn::Mul(hn::Mul(t, p), hn::Set(d, 0.5F));
    const V quarter = hn::Set(d, 0.785398163F), right = hn::Set(d, 1.57079633F);
    V angle = hn::IfThenElse(hn::Gt(ay, ax), hn::Sub(quarter, half), half);
    angle = hn::IfThenElse(hn::Lt(x, hn::Zero(d)), hn::Sub(right, angle), angle);
    return hn::IfThenElse(hn::Lt(y, hn::Zero(d)), hn::Neg(angle), angle);
}

}  // namespace guide::filters::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
