// SPDX-License-Identifier: Apache-2.0
#include "monogenic_kernels.hpp"

#include <algorithm>
#include <cstddef>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "monogenic_split.cpp"
// clang-format off
#include "kernel.hpp"
#include "cosine_transform-inl.hpp"
#include "transpose-inl.hpp"
// clang-format on

#include <hwy/cache_control.h>

HWY_BEFORE_NAMESPACE();
namespace guide::filters::HWY_NAMESPACE {

/// `v`, or 0 where it is no number or too large to be squared.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V sane(D d, V v) {
    return hn::IfThenElseZero(hn::Le(hn::Abs(v), hn::Set(d, 1e15F)), v);
}

double row_sum(const float* row, int width) {
    const hn::ScalableTag<double> d;
    const hn::Rebind<float, decltype(d)> narrow;
    const hn::CappedTag<float, 1> one;
    const int lanes = static_cast<int>(hn::Lanes(d));
    auto sum = hn::Zero(d);
    int x = 0;
    for (; x + lanes <= width; x += lanes)
        sum = hn::Add(sum, hn::PromoteTo(d, sane(narrow, hn::LoadU(narrow, row + x))));
    double total = hn::GetLane(hn::SumOfLanes(d, sum));
    for (; x < width; ++x)
        total += static_cast<double>(hn::GetLane(sane(one, hn::LoadU(one, row + x))));
    return total;
}

void transform_columns(const MonogenicFrame& frame, ImageView<const float> in, float mean,
                       std::size_t x, float* scratch) {
    const Lines d;
    const CosinePlan& plan = *frame.down;
    const auto n = static_cast<std::size_t>(plan.size);
    float *blocks = scratch, *out = blocks + n * kBlock;
    const std::size_t left = x * kBlock;
    const std::size_t count = std::min(kBlock, static_cast<std::size_t>(in.width) - left);
    const Vector offset = hn::Set(d, mean);
    const auto load = [&](std::size_t place, float* block) HWY_ATTR {
        const float* row = in.row(plan.pixel_of[place]) + left;
        float padded[kBlock];
        if (count < kBlock) {
            std::fill(std::copy_n(row, count, padded), padded + kBlock, mean);
            row = padded;
        }
        for (std::size_t l = 0; l < kBlock; l += hn::Lanes(d))
            hn::Store(hn::Sub(sane(d, hn::LoadU(d, row + l)), offset), d, block + l);
    };
    cosine_transform(plan, frame.fourier, load, blocks, out,
                     [](std::size_t, std::size_t k) { return k; });
    const std::size_t tiles = (n + kBlock - 1) / kBlock;
    std::fill(out + n * kBlock, out + tiles * kBlock * kBlock, 0.0F);
    for (std::size_t v = 0; v < tiles; ++v) {
        const float* rows[kBlock];
        for (std::size_t i = 0; i < kBlock; ++i)
            rows[i] = out + (v * kBlock + i) * kBlock;
        transpose_tile<false>(rows, frame.spectrum + (v * frame.columns + left) * kBlock);
    }
}

/// Divides the coefficients of each line by the length of their frequency, as the Riesz transform
/// does.
void divide_by_length(const CosinePlan& plan, const float* in, const float* frequency, float* out) {
    const Lines d;
    const auto n = static_cast<std::size_t>(plan.size);
    const float du = 0.5F / static_cast<float>(plan.size);
    for (std::size_t slot = 0; slot < 2 * plan.pairs(); ++slot) {
        const std::size_t k = plan.frequency_of(slot / 2);
        const Vector u = hn::Set(d, du * static_cast<float>(slot % 2 == 0 ? k : n - k));
        for (std::size_t l = 0; l < kBlock; l += hn::Lanes(d)) {
            const Vector v = hn::Load(d, frequency + l);
            const Vector squared = hn::MulAdd(u, u, hn::Mul(v, v));
            const Vector length = hn::Sqrt(hn::Max(squared, hn::Set(d, 1e-20F)));
            const Vector value = hn::Load(d, in + slot * kBlock + l);
            hn::Store(hn::Div(value, length), d, out + slot * kBlock + l);
        }
    }
}

/// The three parts of a band of 32 lines of the spectrum, up to the first stage of their transform
/// back: f is even along x and y, h1 odd along x and h2 odd along y. Coefficients and gains stand
/// in slots.
struct BandOfLines {
    const CosinePlan& plan;
    const FourierKernels& fourier;
    const float *coefficients, *riesz, *frequency, *gains;

    [[nodiscard]] HWY_INLINE Vector weighed(const float* values, std::size_t slot,
                                            std::size_t l) const {
        const std::size_t at = slot * kBlock + l;
        return hn::Mul(hn::Load(Lines(), values + at), hn::Load(Lines(), gains + at));
    }
    void begin_even(float* blocks) const {
        const auto load = [&](std::size_t slot, std::size_t, std::size_t l)
                              HWY_ATTR { return weighed(coefficients, slot, l); };
        begin_cosine_transform_back(plan, fourier, load, blocks);
    }
    void begin_odd_x(float* blocks) const {
        const auto n = static_cast<std::size_t>(plan.size);
        const float du = 0.5F / static_cast<float>(plan.size);
        // A sine transform is the cosine transform of the coefficients backwards.
        const auto load = [&](std::size_t slot, std::size_t k, std::size_t l) HWY_ATTR {
            const Vector u = hn::Set(Lines(), du * static_cast<float>(n - k));
            return hn::Mul(weighed(riesz, slot ^ 1, l), u);
        };
        begin_cosine_transform_back(plan, fourier, load, blocks);
    }
    void begin_odd_y(float* blocks) const {
        const auto load = [&](std::size_t slot, std::size_t, std::size_t l) HWY_ATTR {
            return hn::Mul(weighed(riesz, slot, l), hn::Load(Lines(), frequency + l));
        };
        begin_cosine_transform_back(plan, fourier, load, blocks);
    }
};

void split_bands(const MonogenicFrame& frame, std::size_t v, float* scratch) {
    const CosinePlan& plan = *frame.across;
    const auto n = static_cast<std::size_t>(plan.size);
    const std::size_t slots = 2 * plan.pairs();
    float *coefficients = scratch, *riesz = coefficients + slots * kBlock;
    float* blocks = riesz + slots * kBlock;
    const float* spectrum = frame.spectrum + v * frame.columns * kBlock;
    const auto load = [&](std::size_t place, float* block) {
        std::copy_n(spectrum + static_cast<std::size_t>(plan.pixel_of[place]) * kBlock, kBlock,
                    block);
    };
    cosine_transform(plan, frame.fourier, load, blocks, coefficients,
                     [](std::size_t slot, std::size_t) { return slot; });
    HWY_ALIGN float frequency[kBlock];
    const float dv = 0.5F / static_cast<float>(frame.down->size);
    for (std::size_t l = 0; l < kBlock; ++l)
        frequency[l] = dv * static_cast<float>(v * kBlock + l);
    divide_by_length(plan, coefficients, frequency, riesz);

    const auto pixels = static_cast<std::size_t>(plan.pixels);
    for (std::size_t b = 0; b < frame.band_count; ++b) {
        const auto& band = frame.bands[b];
        if (v >= band.tiles) continue;
        const BandOfLines lines{plan,  frame.fourier, coefficients,
                                riesz, frequency,     band.gains + v * slots * kBlock};
        const bool more = b + 1 < frame.band_count && v < frame.bands[b + 1].tiles;
        const float* soon = more ? frame.bands[b + 1].gains + v * slots * kBlock : nullptr;
        for (std::size_t part = 0; part < 3; ++part) {
            if (part == 0) lines.begin_even(blocks);
            if (part == 1) lines.begin_odd_x(blocks);
            if (part == 2) lines.begin_odd_y(blocks);
            for (std::size_t run = 0; run < n / plan.parts(); ++run)
                frame.fourier.later_stages(plan, run, blocks, part == 1 ? soon : nullptr);
            for (std::size_t x = 0; x < frame.columns; x += kBlock) {
                const float* columns[kBlock];
                for (std::size_t i = 0; i < kBlock; ++i) {
                    const std::size_t pixel = std::min(x + i, pixels - 1);
                    columns[i] = blocks + static_cast<std::size_t>(plan.pixel_at[pixel]) * kBlock;
                }
                const std::size_t rows = band.tiles * kBlock;
                transpose_tile<true>(
                    columns, band.parts + (part * frame.columns + x) * rows + v * kBlock * kBlock);
            }
        }
    }
    hwy::FlushStream();
}

}  // namespace guide::filters::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace guide::filters {

HWY_EXPORT(row_sum);
HWY_EXPORT(transform_columns);
HWY_EXPORT(split_bands);

MonogenicSplitKernels monogenic_split_kernels() {
    return {GUIDE_KERNEL(row_sum), GUIDE_KERNEL(transform_columns), GUIDE_KERNEL(split_bands)};
}

std::size_t monogenic_split_scratch(const CosinePlan& across, const CosinePlan& down) {
    const auto u = static_cast<std::size_t>(across.size), v = static_cast<std::size_t>(down.size);
    return kBlock * std::max(4 * across.pairs() + u, v + (v / kBlock + 2) * kBlock);
}

}  // namespace guide::filters
#endif
