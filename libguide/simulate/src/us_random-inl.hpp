// SPDX-License-Identifier: Apache-2.0
// The hash of us_random.hpp in vectors; read once for each instruction set.
#if defined(GUIDE_SIMULATE_US_RANDOM_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef GUIDE_SIMULATE_US_RANDOM_INL
#undef GUIDE_SIMULATE_US_RANDOM_INL
#else
#define GUIDE_SIMULATE_US_RANDOM_INL
#endif

#include "us_random.hpp"

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace guide::simulate::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::ScalableTag<float>;
using Ints = hn::RebindToSigned<Floats>;
using Bits = hn::RebindToUnsigned<Floats>;
using Float = hn::Vec<Floats>;

HWY_INLINE hn::Vec<Bits> mixed(hn::Vec<Bits> h) {
    const Bits d;
    h = hn::Mul(hn::Xor(h, hn::ShiftRight<16>(h)), hn::Set(d, CellHash::kMix1));
    h = hn::Mul(hn::Xor(h, hn::ShiftRight<13>(h)), hn::Set(d, CellHash::kMix2));
    return hn::Xor(h, hn::ShiftRight<16>(h));
}

/// Some bits of `h` as a number from 0 to below 1.
template <int kShift, std::uint32_t kMask>
HWY_INLINE Float share(hn::Vec<Bits> h) {
    const Bits d;
    const auto bits = hn::And(hn::ShiftRight<kShift>(h), hn::Set(d, kMask));
    return hn::Mul(hn::ConvertTo(Floats(), hn::BitCast(Ints(), bits)),
                   hn::Set(Floats(), 1.0F / (kMask + 1)));
}

/// Close to a normal deviate: four bytes added up, mean 0, variance 1.
HWY_INLINE Float normal(hn::Vec<Bits> h) {
    const Bits d;
    const auto even = hn::Set(d, 0x00FF00FFU);
    const auto pairs = hn::Add(hn::And(h, even), hn::And(hn::ShiftRight<8>(h), even));
    const auto sum = hn::And(hn::Add(pairs, hn::ShiftRight<16>(pairs)), hn::Set(d, 0xFFFFU));
    const auto value = hn::ConvertTo(Floats(), hn::BitCast(Ints(), sum));
    return hn::Mul(hn::Sub(value, hn::Set(Floats(), 510.0F)),
                   hn::Set(Floats(), 0.0067659F));  // 1 / sqrt(4 (256^2 - 1) / 12)
}

}  // namespace guide::simulate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
