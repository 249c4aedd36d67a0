// SPDX-License-Identifier: Apache-2.0
#include "monogenic_kernels.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "monogenic_join.cpp"
// clang-format off
#include "kernel.hpp"
#include "cosine_transform-inl.hpp"
#include "lanes-inl.hpp"
#include "monogenic_results-inl.hpp"
// clang-format on

#include <hwy/cache_control.h>

HWY_BEFORE_NAMESPACE();
namespace guide::filters::HWY_NAMESPACE {

template <bool first, bool with_edges>
void add_band(const float* even, const float* odd_x, const float* odd_y, std::size_t begin,
              std::size_t end, const Sums& sums) {
    const Lines d;
    for (std::size_t i = begin; i < end; i += hn::Lanes(d)) {
        const Vector f = hn::Load(d, even + i);
        const Vector x = hn::Load(d, odd_x + i), y = hn::Load(d, odd_y + i);
        const Vector squared = hn::MulAdd(x, x, hn::Mul(y, y));
        const auto add = [&](float* sum, Vector value) HWY_ATTR {
            if (!first) value = hn::Add(value, hn::Load(d, sum + i));
            hn::Store(value, d, sum + i);
        };
        add(sums.even, f);
        add(sums.odd_x, x);
        add(sums.odd_y, y);
        add(sums.amplitude, root(d, hn::MulAdd(f, f, squared)));
        const Vector edge = root(d, squared);
        add(sums.lines, hn::Sub(hn::Abs(f), edge));
        if (with_edges) add(sums.edges, edge);
    }
}

/// Transforms one part of a band back along y, up to the first stage.
void begin_part(const MonogenicFrame& frame, const float* rows, std::size_t row_count, bool sine,
                float* blocks) {
    const CosinePlan& plan = *frame.down;
    const auto n = static_cast<std::size_t>(plan.size);
    HWY_ALIGN static constexpr float kNothing[kBlock] = {};
    const auto load = [&](std::size_t, std::size_t k, std::size_t l) HWY_ATTR {
        const std::size_t row = sine ? n - k : k;
        return hn::Load(Lines(), (row < row_count ? rows + row * kBlock : kNothing) + l);
    };
    begin_cosine_transform_back(plan, frame.fourier, load, blocks);
}

void join_bands(const MonogenicFrame& frame, std::size_t x, const MonogenicTargets& targets,
                float* scratch) {
    const CosinePlan& plan = *frame.down;
    const auto n = static_cast<std::size_t>(plan.size);
    const auto take = [&] { return std::exchange(scratch, scratch + n * kBlock); };
    float* parts[3] = {take(), take(), take()};
    const Sums sums{take(), take(), take(), take(), take(), take()};
    const std::size_t runs = n / plan.parts(), run_floats = plan.parts() * kBlock;
    const auto part_of = [&](std::size_t band, std::size_t part) {
        const std::size_t rows = frame.bands[band].tiles * kBlock;
        return frame.bands[band].parts + (part * frame.columns + x * kBlock) * rows;
    };
    for (std::size_t b = 0; b < frame.band_count; ++b) {
        const std::size_t rows = std::min(frame.bands[b].tiles * kBlock, n);
        const bool edges = frame.polarity != Polarity::both;
        const auto add = b == 0 ? (edges ? add_band<true, true> : add_band<true, false>)
                                : (edges ? add_band<false, true> : add_band<false, false>);
        for (std::size_t part = 0; part < 3; ++part) {
            const bool last = b + 1 == frame.band_count && part == 2;
            const float* next = last ? nullptr : part_of(b + (part == 2), (part + 1) % 3);
            begin_part(frame, part_of(b, part), rows, part == 2, parts[part]);
            for (std::size_t run = 0; run < runs; ++run) {
                frame.fourier.later_stages(plan, run, parts[part], next);
                if (part < 2) continue;
                add(parts[0], parts[1], parts[2], run * run_floats, (run + 1) * run_floats, sums);
            }
        }
        if (b == 0 && targets.finest.data != nullptr)
            write_plane(plan, sums.amplitude, x * kBlock, targets.finest);
    }
    write_results(frame, x * kBlock, sums, targets);
}

void take_noise(float* values, const float* amplitude, int width, float threshold, float floor) {
    for_each_lanes(width, [&](auto d, int x) HWY_ATTR {
        const auto above = hn::Sub(hn::LoadU(d, values + x), hn::Set(d, threshold));
        const auto all = hn::Add(hn::LoadU(d, amplitude + x), hn::Set(d, floor));
        hn::StoreU(hn::Div(hn::Max(above, hn::Zero(d)), all), d, values + x);
    });
}

}  // namespace guide::filters::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace guide::filters {

HWY_EXPORT(join_bands);
HWY_EXPORT(take_noise);

MonogenicJoinKernels monogenic_join_kernels() {
    return {GUIDE_KERNEL(join_bands), GUIDE_KERNEL(take_noise)};
}

std::size_t monogenic_join_scratch(const CosinePlan& down) {
    return 9 * static_cast<std::size_t>(down.size) * kBlock;
}

}  // namespace guide::filters
#endif
