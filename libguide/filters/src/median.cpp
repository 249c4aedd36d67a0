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
/// there are.
std::size_t take_between(const float* in, std::size_t count, float low, float high, float* out) {
    const hn::ScalableTag<float> d;
    const auto from = hn::Set(d, low), to = hn::Set(d, high);
    std::size_t kept = 0, i = 0;
    for (; i + hn::Lanes(d) <= count; i += hn::Lanes(d)) {
        const auto v = hn::LoadU(d, in + i);
        const auto inside = hn::And(hn::Ge(v, from), hn::Le(v, to));
        // Whole vectors are stored; what is too much is overwritten by the next.
        hn::StoreU(hn::Compress(v, inside), d, out + kept);
        kept += hn::CountTrue(d, inside);
    }
    for (; i < count; ++i) {
        out[kept] = in[i];
        kept += in[i] >= low && in[i] <= high ? 1 : 0;
    }
    return kept;
}

std::size_t count_below(const float* in, std::size_t count, float bound) {
    const hn::ScalableTag<float> d;
    std::size_t below = 0, i = 0;
    for (; i + hn::Lanes(d) <= count; i += hn::Lanes(d))
        below += hn::CountTrue(d, hn::Lt(hn::LoadU(d, in + i), hn::Set(d, bound)));
    for (; i < count; ++i)
        below += in[i] < bound ? 1 : 0;
    return below;
}

}  // namespace guide::filters::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace guide::filters {

HWY_EXPORT(take_between);
HWY_EXPORT(count_below);

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
        std::size_t below = GUIDE_KERNEL(count_below)(values, count, from);
        std::size_t kept = take(values, count, from, to, room);
        if (rank < below) {
            to = std::exchange(from, -kMost);
            kept = take(values, count, from, to, room);
            below = 0;
        } else if (rank >= below + kept) {
            from = std::exchange(to, kMost);
            kept = take(values, count, from, to, room);
            below = GUIDE_KERNEL(count_below)(values, count, from);
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
