// SPDX-License-Identifier: Apache-2.0
// What the kernels of the random walk share; read once for each instruction set.
#if defined(GUIDE_FILTERS_WALK_LANES_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef GUIDE_FILTERS_WALK_LANES_INL
#undef GUIDE_FILTERS_WALK_LANES_INL
#else
#define GUIDE_FILTERS_WALK_LANES_INL
#endif

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace guide::filters::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// Rows of all matrices are whole numbers of these.
using Lanes = hn::CappedTag<float, 16>;
using Ints = hn::RebindToSigned<Lanes>;
using Vec = hn::Vec<Lanes>;

// Denormal numbers are slow. Conductances are so much larger than they are called, and what has
// less than this share of a pixel's is nothing: then no product gets there.
constexpr float kUnit = 0x1p100F;
constexpr float kLeastShare = 1e-30F;

/// What the conductance `value` is of all that a pixel has.
HWY_INLINE void set_share(Vec one_by_sum, Vec value, float* before, float* share) {
    const Lanes d;
    const auto part = hn::Mul(value, one_by_sum);
    const auto counts = hn::Ge(part, hn::Set(d, kLeastShare));
    hn::Store(hn::IfThenElseZero(counts, value), d, before);
    hn::Store(hn::IfThenElseZero(counts, part), d, share);
}

}  // namespace guide::filters::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
