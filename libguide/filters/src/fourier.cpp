// SPDX-License-Identifier: Apache-2.0
#include "cosine_transform.hpp"

#include <cstddef>
#include <utility>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "fourier.cpp"
// clang-format off
#include "kernel.hpp"
#include "butterfly-inl.hpp"
// clang-format on

#include <hwy/cache_control.h>

HWY_BEFORE_NAMESPACE();
namespace guide::filters::HWY_NAMESPACE {

/// One butterfly: inputs are `from_step` floats apart, outputs `to_step`; w its twiddles.
template <int radix, bool twiddled, int... k>
HWY_INLINE void pass(const float* from, std::size_t from_step, float* to, std::size_t to_step,
                     const float* w, std::integer_sequence<int, k...>) {
    for_each_vector([&](std::size_t l) HWY_ATTR {
        const Lines d;
        const float* in = from + l;
        float* out = to + l;
        Complex z[] = {
            {hn::Load(d, in + k * from_step), hn::Load(d, in + k * from_step + kHalf)}...};
        butterfly<radix>(z);
        if constexpr (twiddled) ((z[k] = k == 0 ? z[k] : times(z[k], w[2 * k], w[2 * k + 1])), ...);
        (hn::Store(z[k].re, d, out + k * to_step), ...);
        (hn::Store(z[k].im, d, out + k * to_step + kHalf), ...);
    });
}

template <int radix>
void pass_apart(const float* from, float* to, std::size_t to_step, const float* w) {
    pass<radix, true>(from, kBlock, to, to_step, w, std::make_integer_sequence<int, radix>());
}

/// A stage in place: `groups` runs of radix x `parts` blocks each. The last stage has one part and
/// no twiddles; it asks for as many blocks at `soon`.
template <int radix>
void run_stage(float* blocks, std::size_t groups, std::size_t parts, const float* twiddles,
               const float* soon) {
    constexpr auto all = std::make_integer_sequence<int, radix>();
    const std::size_t step = parts * kBlock;
    for (std::size_t g = 0; g < groups; ++g, blocks += radix * step) {
        if (parts == 1) {
            if (soon != nullptr) {
                for (std::size_t i = 0; i < radix * kBlock; i += 16)
                    hwy::Prefetch(soon + g * radix * kBlock + i);
            }
            pass<radix, false>(blocks, step, blocks, step, twiddles, all);
            continue;
        }
        for (std::size_t p = 0; p < parts; ++p) {
            float* part = blocks + p * kBlock;
            pass<radix, true>(part, step, part, step, twiddles + 2 * radix * p, all);
        }
    }
}

/// Calls `work` with the radix as a constant.
template <class Work>
HWY_INLINE void with_radix(int radix, const Work& work) {
    const auto go = [&](auto constant) HWY_ATTR { work(constant); };
    switch (radix) {
        case 1:
            return go(std::integral_constant<int, 1>());
        case 2:
            return go(std::integral_constant<int, 2>());
        case 3:
            return go(std::integral_constant<int, 3>());
        case 4:
            return go(std::integral_constant<int, 4>());
        case 5:
            return go(std::integral_constant<int, 5>());
        case 6:
            return go(std::integral_constant<int, 6>());
        case 7:
            return go(std::integral_constant<int, 7>());
        case 8:
            return go(std::integral_constant<int, 8>());
        case 10:
            return go(std::integral_constant<int, 10>());
        case 11:
            return go(std::integral_constant<int, 11>());
        case 12:
            return go(std::integral_constant<int, 12>());
        default:
            return go(std::integral_constant<int, 13>());
    }
}

void first_stage(const CosinePlan& plan, std::size_t part, const float* from, float* blocks) {
    const auto& stage = plan.stages.front();
    const auto radix = static_cast<std::size_t>(stage.radix);
    const float* twiddles = stage.twiddles.data() + 2 * radix * part;
    with_radix(stage.radix, [&](auto constant) HWY_ATTR {
        pass_apart<constant()>(from, blocks + part * kBlock, plan.parts() * kBlock, twiddles);
    });
}

void later_stages(const CosinePlan& plan, std::size_t run, float* blocks, const float* soon) {
    std::size_t groups = 1, parts = plan.parts();
    blocks += run * parts * kBlock;
    if (soon != nullptr) soon += run * parts * kBlock;
    for (auto stage = plan.stages.begin() + 1; stage != plan.stages.end(); ++stage) {
        parts /= static_cast<std::size_t>(stage->radix);
        with_radix(stage->radix, [&](auto constant) HWY_ATTR {
            run_stage<constant()>(blocks, groups, parts, stage->twiddles.data(), soon);
        });
        groups *= static_cast<std::size_t>(stage->radix);
    }
}

}  // namespace guide::filters::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace guide::filters {

HWY_EXPORT(first_stage);
HWY_EXPORT(later_stages);

FourierKernels fourier_kernels() {
    return {GUIDE_KERNEL(first_stage), GUIDE_KERNEL(later_stages)};
}

}  // namespace guide::filters
#endif
