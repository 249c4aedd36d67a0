// SPDX-License-Identifier: Apache-2.0
#include "roofline.hpp"

#include <algorithm>
#include <chrono>

// Everything between here and HWY_AFTER_NAMESPACE is compiled once for each instruction set.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "roofline.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace guide::bench::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// Twelve chains, so that none waits for its own latency; `sum` keeps the compiler from leaving
/// them out. Each of `rounds` applies `step` once to each chain. Gives the number of lanes.
template <class Step>
HWY_INLINE int chains(int rounds, float& sum, const Step& step) {
    const hn::ScalableTag<float> d;
    // All different, or the compiler makes one of two.
    auto a = hn::Set(d, 1.0F), b = hn::Set(d, 1.1F), c = hn::Set(d, 1.2F), e = hn::Set(d, 1.3F);
    auto f = hn::Set(d, 1.4F), g = hn::Set(d, 1.5F), h = hn::Set(d, 1.6F), i = hn::Set(d, 1.7F);
    auto j = hn::Set(d, 1.8F), k = hn::Set(d, 1.9F), l = hn::Set(d, 2.0F), m = hn::Set(d, 2.1F);
    const auto x = hn::Set(d, sum), y = hn::Set(d, 0.25F);
    for (int round = 0; round < rounds; ++round) {
        a = step(a, x, y), b = step(b, x, y), c = step(c, x, y), e = step(e, x, y);
        f = step(f, x, y), g = step(g, x, y), h = step(h, x, y), i = step(i, x, y);
        j = step(j, x, y), k = step(k, x, y), l = step(l, x, y), m = step(m, x, y);
    }
    a = hn::Add(hn::Add(hn::Add(a, b), hn::Add(c, e)), hn::Add(hn::Add(f, g), hn::Add(h, i)));
    sum = hn::GetLane(hn::Add(a, hn::Add(hn::Add(j, k), hn::Add(l, m))));
    return static_cast<int>(hn::Lanes(d));
}

int multiply_add(int rounds, float& sum) {
    return chains(rounds, sum, [](auto v, auto x, auto y) HWY_ATTR { return hn::MulAdd(v, x, y); });
}

int divide(int rounds, float& sum) {
    return chains(rounds, sum, [](auto v, auto x, auto) HWY_ATTR { return hn::Div(x, v); });
}

}  // namespace guide::bench::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace guide::bench {

HWY_EXPORT(multiply_add);
HWY_EXPORT(divide);

namespace {

constexpr int kChains = 12;

/// Steps a second of one lane, all lanes and chains together.
template <class Kernel>
double rate(Kernel kernel, int rounds) {
    using clock = std::chrono::steady_clock;
    double best = 0;
    for (int run = 0; run < 20; ++run) {
        volatile float half = 0.5F;
        float sum = half;
        const auto start = clock::now();
        const int lanes = kernel(rounds, sum);
        const std::chrono::duration<double> took = clock::now() - start;
        half = sum;
        best = std::max(best, static_cast<double>(rounds) * kChains * lanes / took.count());
    }
    return best;
}

void choose() {
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

}  // namespace

double peak_flops() {
    static const double peak = (choose(), 2 * rate(HWY_DYNAMIC_DISPATCH(multiply_add), 100'000));
    return peak;
}

double peak_divisions() {
    static const double peak = (choose(), rate(HWY_DYNAMIC_DISPATCH(divide), 20'000));
    return peak;
}

}  // namespace guide::bench
#endif
