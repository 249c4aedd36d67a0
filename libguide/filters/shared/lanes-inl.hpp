// SPDX-License-Identifier: Apache-2.0
// What kernels share; read once for each instruction set, hence the unusual guard (see Highway's
// foreach_target.h).
#if defined(GUIDE_FILTERS_LANES_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef GUIDE_FILTERS_LANES_INL
#undef GUIDE_FILTERS_LANES_INL
#else
#define GUIDE_FILTERS_LANES_INL
#endif

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace guide::filters::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// Calls `block(d, x)` for x = 0 and on in whole vectors, then one number at a time with a vector
/// of one lane: nothing beyond `width` is touched. `block` carries HWY_ATTR.
template <class Number, class Block>
HWY_INLINE void for_each_vector(int width, const Block& block) {
    const hn::ScalableTag<Number> whole;
    const hn::CappedTag<Number, 1> single;
    const int lanes = static_cast<int>(hn::Lanes(whole));
    int x = 0;
    for (; x + lanes <= width; x += lanes)
        block(whole, x);
    for (; x < width; ++x)
        block(single, x);
}

template <class Block>
HWY_INLINE void for_each_lanes(int width, const Block& block) {
    for_each_vector<float>(width, block);
}

template <class Block>
HWY_INLINE void for_each_doubles(int width, const Block& block) {
    for_each_vector<double>(width, block);
}

}  // namespace guide::filters::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
