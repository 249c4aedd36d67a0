// SPDX-License-Identifier: Apache-2.0
// A block holds the same element of 32 lines: transforms along the lines never shuffle. Its first
// 16 are the real and its last 16 the imaginary parts of one Fourier transform. Read once for each
// instruction set.
#if defined(GUIDE_FILTERS_BLOCKS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef GUIDE_FILTERS_BLOCKS_INL
#undef GUIDE_FILTERS_BLOCKS_INL
#else
#define GUIDE_FILTERS_BLOCKS_INL
#endif

#include "cosine_transform.hpp"

#include <hwy/highway.h>

#include <cstddef>

HWY_BEFORE_NAMESPACE();
namespace guide::filters::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

constexpr std::size_t kHalf = kBlock / 2;
using Lines = hn::CappedTag<float, kHalf>;
using Vector = hn::Vec<Lines>;

/// Half a block is gone through in vectors.
template <class Body>
HWY_INLINE void for_each_vector(const Body& body) {
    for (std::size_t l = 0; l < kHalf; l += hn::Lanes(Lines()))
        body(l);
}

}  // namespace guide::filters::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
