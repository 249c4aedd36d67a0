// SPDX-License-Identifier: Apache-2.0
// Sums of squared differences over patches, in whole numbers; read once for each instruction set,
// hence the unusual guard (see Highway's foreach_target.h).
#if defined(GUIDE_FILTERS_PATCH_SUMS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef GUIDE_FILTERS_PATCH_SUMS_INL
#undef GUIDE_FILTERS_PATCH_SUMS_INL
#else
#define GUIDE_FILTERS_PATCH_SUMS_INL
#endif

#include "non_local_means_frames.hpp"

#include <hwy/highway.h>

#include <algorithm>
#include <cstdint>

#undef GUIDE_X86_VECTORS
#define GUIDE_X86_VECTORS \
    (HWY_TARGET == HWY_SSE4 || HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3)

HWY_BEFORE_NAMESPACE();
namespace guide::filters::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Integers = hn::ScalableTag<std::int32_t>;
using Integer = hn::Vec<Integers>;

/// sum + (a0 - b0)^2 - (a1 - b1)^2 of the lower (0) and upper (1) halves; only what enters, without
/// the second square, for `enter_only`.
template <bool enter_only>
HWY_INLINE Integer add_step(Integer sum, Integer a, Integer b) {
#if GUIDE_X86_VECTORS
    const Integers d;
    const hn::Repartition<std::int16_t, Integers> halves;
    const auto difference = hn::Sub(hn::BitCast(halves, a), hn::BitCast(halves, b));
    const auto signs = enter_only ? hn::Zero(halves) : hn::Neg(difference);
    Integer unused = hn::Zero(d);  // on these, neighbours are added into one sum
    return hn::ReorderWidenMulAccumulate(d, difference, hn::OddEven(signs, difference), sum,
                                         unused);
#else
    const auto low = [](Integer v) HWY_ATTR { return hn::ShiftRight<16>(hn::ShiftLeft<16>(v)); };
    const auto enters = hn::Sub(low(a), low(b));
    const auto leaves = hn::Sub(hn::ShiftRight<16>(a), hn::ShiftRight<16>(b));
    sum = hn::Add(sum, hn::Mul(enters, enters));
    return enter_only ? sum : hn::Sub(sum, hn::Mul(leaves, leaves));
#endif
}

template <bool enter_only>
HWY_INLINE void step_columns(std::int32_t* sums, const std::int32_t* a, const std::int32_t* b,
                             int count) {
    const Integers d;
    const int lanes = static_cast<int>(hn::Lanes(d));
    for (int x = 0; x < count; x += lanes) {
        const auto sum =
            add_step<enter_only>(hn::Load(d, sums + x), hn::Load(d, a + x), hn::LoadU(d, b + x));
        hn::Store(sum, d, sums + x);
    }
}

/// out[x] = a[x] + b[x]; out may be a.
HWY_INLINE void add_lines(const std::int32_t* a, const std::int32_t* b, std::int32_t* out,
                          int count) {
    const Integers d;
    const int lanes = static_cast<int>(hn::Lanes(d));
    for (int x = 0; x < count; x += lanes)
        hn::Store(hn::Add(hn::Load(d, a + x), hn::LoadU(d, b + x)), d, out + x);
}

#if GUIDE_X86_VECTORS
/// The vector that begins `count` lanes behind the begin of `here`, in front of `next`.
template <int count>
HWY_INLINE Integer slide(Integer here, Integer next) {
#if HWY_TARGET == HWY_AVX3
    return Integer{_mm512_alignr_epi32(next.raw, here.raw, count)};
#elif HWY_TARGET == HWY_AVX2
    const Integers d;
    const auto middle = hn::ConcatLowerUpper(d, next, here);
    if constexpr (count == 4) return middle;
    return hn::CombineShiftRightBytes<4 * (count % 4)>(d, middle, here);
#else
    if constexpr (count == 4) return next;
    return hn::CombineShiftRightBytes<4 * (count % 4)>(Integers(), next, here);
#endif
}

/// Sums over patches seven pixels wide, the usual ones, from sums over columns. Those are taken on
/// to this row on the way if `step`. Of the columns behind the last sum the first six matter.
template <bool step>
HWY_INLINE void sums_of_seven(std::int32_t* columns, const std::int32_t* a, const std::int32_t* b,
                              std::int32_t* sums, int count) {
    const Integers d;
    const int lanes = static_cast<int>(hn::Lanes(d));
    const auto column = [&](int x) HWY_ATTR {
        const auto sum = hn::Load(d, columns + x);
        if constexpr (!step) return sum;
        const auto stepped = add_step<false>(sum, hn::Load(d, a + x), hn::LoadU(d, b + x));
        hn::Store(stepped, d, columns + x);
        return stepped;
    };
    auto here = column(0), next = column(lanes);
    auto two = hn::Add(here, slide<1>(here, next));
    auto three = hn::Add(two, slide<2>(here, next));
    for (int x = 0; x < count; x += lanes) {
        here = next;
        if (lanes < 6 || x + lanes < count) next = column(x + 2 * lanes);
        const auto next_two = hn::Add(here, slide<1>(here, next));
        const auto next_three = hn::Add(next_two, slide<2>(here, next));
        const auto four = hn::Add(two, slide<2>(two, next_two));
        hn::Store(hn::Add(four, slide<4>(three, next_three)), d, sums + x);
        two = next_two;
        three = next_three;
    }
}
#endif

/// Sums over patches `length` px wide by doubling, for all others. `work` has room for a line.
HWY_INLINE void sums_of_any(const std::int32_t* columns, std::int32_t* work, std::int32_t* sums,
                            int count, int length) {
    const int all = count + 2 * kLine;
    std::copy_n(columns, all, work);
    std::copy_n(columns, all, sums);  // the length is odd: they are sums of one
    for (int step = 1, done = 1; 2 * step <= length;) {
        add_lines(work, work + step, work, all - kLine);
        step *= 2;
        if ((length & step) != 0) {
            add_lines(sums, work + done, sums, all - kLine);
            done += step;
        }
    }
}

}  // namespace guide::filters::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
