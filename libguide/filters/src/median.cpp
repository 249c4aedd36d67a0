// SPDX-License-Identifier: Apache-2.0
#include "median.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <utility>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "median.cpp"
#include "kernel.hpp"

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace guide::filters::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// Copies the values from `low` to `high` to `out`, which is as large as `in`; returns how many
/// there are and counts those below.
std::size_t take_between(const float* in, std::size_t count, float low, float high, float* out,
                         std::size_t& below) {
    std::size_t kept = 0, i = 0;
    below = 0;
#if HWY_TARGET <= HWY_AVX3  // where compression is one instruction
    const hn::ScalableTag<float> d;
    const auto from = hn::Set(d, low), to = hn::Set(d, high);
    for (; i + hn::Lanes(d) <= count; i += hn::Lanes(d)) {
        const auto v = hn::LoadU(d, in + i);
        const auto inside = hn::And(hn::Ge(v, from), hn::Le(v, to));
        // Whole vectors are stored; what is too much is overwritten by the next.
        hn::StoreU(hn::Compress(v, inside), d, out + kept);
        kept += hn::CountTrue(d, inside);
        below += hn::CountTrue(d, hn::Lt(v, from));
    }
#endif
    for (; i < count; ++i) {  // without branches, which nobody can foretell
        const float v = in[i];
        out[kept] = v;
        const auto less = static_cast<std::size_t>(v < low);
        below += less;
        kept += static_cast<std::size_t>(v <= high) - less;
    }
    return kept;
}

}  // namespace guide::filters::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace guide::filters {

HWY_EXPORT(take_between);

float median(float* values, float* room, std::size_t count) {
    // A sample tells between which two values the median lies most likely; only those are kept, and
    // so on. Where it lies outside after all, the values on that side are.
    constexpr std::size_t kSample = 1024, kMargin = 64;  // four standard deviations of the rank
    constexpr float kMost = std::numeric_limits<float>::infinity();
    std::size_t rank = count / 2;
    const auto take = GUIDE_KERNEL(take_between);
    while (count > 4 * kSample) {
        const std::size_t step = count / kSample;
        for (std::size_t i = 0; i < kSample; ++i)
            room[i] = values[i * step];
        const std::size_t middle = rank * kSample / count;
        float* low = room + (middle > kMargin ? middle - kMargin : 0);
        float* high = room + std::min(middle + kMargin, kSample - 1);
        std::nth_element(room, low, room + kSample);
        std::nth_element(low, high, room + kSample);
        float from = *low, to = *high;
        std::size_t below = 0, kept = take(values, count, from, to, room, below);
        if (rank < below) {
            to = std::exchange(from, -kMost);
            kept = take(values, count, from, to, room, below);
        } else if (rank >= below + kept) {
            from = std::exchange(to, kMost);
            kept = take(values, count, from, to, room, below);
        }
        if (kept == count) break;  // many equal values
        std::swap(values, room);
        count = kept;
        rank -= below;
    }
    std::nth_element(values, values + rank, values + count);
    return values[rank];
}

}  // namespace guide::filters
#endif
