// SPDX-License-Identifier: Apache-2.0
// Blocks turned into lines and back; read once for each instruction set.
#if defined(GUIDE_FILTERS_TRANSPOSE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef GUIDE_FILTERS_TRANSPOSE_INL
#undef GUIDE_FILTERS_TRANSPOSE_INL
#else
#define GUIDE_FILTERS_TRANSPOSE_INL
#endif

#include "blocks-inl.hpp"

#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include <cstddef>

HWY_BEFORE_NAMESPACE();
namespace guide::filters::HWY_NAMESPACE {

#if HWY_TARGET == HWY_SCALAR
template <bool past_caches>
void transpose(const float* const* rows, float* out) {
    for (std::size_t i = 0; i < kHalf; ++i) {
        for (std::size_t j = 0; j < kHalf; ++j)
            out[j * kBlock + i] = rows[i][j];
    }
}
#else
/// Four neighbouring floats of every fourth row, in the order of the rows.
template <class D>
HWY_INLINE hn::Vec<D> every_fourth(D d, const float* const* rows, std::size_t column) {
    if constexpr (hn::MaxLanes(D()) == 4) {
        return hn::LoadU(d, rows[0] + column);
    } else {
        const hn::Half<D> half;
        return hn::Combine(d, every_fourth(half, rows + hn::MaxLanes(half), column),
                           every_fourth(half, rows, column));
    }
}

/// A square of 16 x 16: column j of rows[0..15] becomes the 16 floats at out + j kBlock.
template <bool past_caches>
void transpose(const float* const* rows, float* out) {
    const Lines d;
    const hn::Repartition<double, Lines> pairs;
    const auto put = [](Vector v, Lines tag, float* to) HWY_ATTR {
        if constexpr (past_caches) {
            hn::Stream(v, tag, to);
        } else {
            hn::Store(v, tag, to);
        }
    };
    for (std::size_t j = 0; j < kHalf; j += 4) {
        for_each_vector([&](std::size_t l) HWY_ATTR {
            const Vector a = every_fourth(d, rows + l, j), b = every_fourth(d, rows + l + 1, j);
            const Vector e = every_fourth(d, rows + l + 2, j), f = every_fourth(d, rows + l + 3, j);
            const auto ab = hn::BitCast(pairs, hn::InterleaveLower(d, a, b));
            const auto ef = hn::BitCast(pairs, hn::InterleaveLower(d, e, f));
            const auto ab_up = hn::BitCast(pairs, hn::InterleaveUpper(d, a, b));
            const auto ef_up = hn::BitCast(pairs, hn::InterleaveUpper(d, e, f));
            float* to = out + j * kBlock + l;
            put(hn::BitCast(d, hn::InterleaveLower(pairs, ab, ef)), d, to);
            put(hn::BitCast(d, hn::InterleaveUpper(pairs, ab, ef)), d, to + kBlock);
            put(hn::BitCast(d, hn::InterleaveLower(pairs, ab_up, ef_up)), d, to + 2 * kBlock);
            put(hn::BitCast(d, hn::InterleaveUpper(pairs, ab_up, ef_up)), d, to + 3 * kBlock);
        });
    }
}
#endif

/// 32 blocks, wherever they are, transposed: 32 blocks at `out`. What is not read soon goes past
/// the caches; hwy::FlushStream ends that.
template <bool past_caches>
HWY_INLINE void transpose_tile(const float* const* blocks, float* out) {
    for (const std::size_t i : {std::size_t{0}, kHalf}) {
        for (const std::size_t j : {std::size_t{0}, kHalf}) {
            const float* rows[kHalf];
            for (std::size_t r = 0; r < kHalf; ++r)
                rows[r] = blocks[i + r] + j;
            transpose<past_caches>(rows, out + j * kBlock + i);
        }
    }
}

}  // namespace guide::filters::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
