// SPDX-License-Identifier: Apache-2.0
#include "us_signal.hpp"

#include <algorithm>
#include <cmath>

// Everything between here and HWY_AFTER_NAMESPACE is compiled once for each instruction set.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "us_signal.cpp"
#include "kernel.hpp"
// After that one, whatever the alphabet says.
#include "lanes-inl.hpp"
#include "log_exp-inl.hpp"
#include "us_random-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace guide::simulate::HWY_NAMESPACE {

namespace fn = guide::filters::HWY_NAMESPACE;

/// out[i] = sum of weights[|k|] in[i + k step], `count` floats.
void symmetric_sum(const float* HWY_RESTRICT in, std::ptrdiff_t step, const float* weights,
                   int radius, int count, float* HWY_RESTRICT out) {
    fn::for_each_lanes(count, [&](auto d, int x) HWY_ATTR {
        auto sum = hn::Mul(hn::LoadU(d, in + x), hn::Set(d, weights[0]));
        for (int k = 1; k <= radius; ++k) {
            const auto both =
                hn::Add(hn::LoadU(d, in + x - k * step), hn::LoadU(d, in + x + k * step));
            sum = hn::MulAdd(both, hn::Set(d, weights[k]), sum);
        }
        hn::StoreU(sum, d, out + x);
    });
}

/// left/right[i] = sum of even[|k|] in[i + 2k], of complex numbers, with the phase of odd[k] turned
/// one way and the other.
void turned_sums(const float* HWY_RESTRICT in, const float* even, const float* odd, int radius,
                 int count, float* HWY_RESTRICT left, float* HWY_RESTRICT right) {
    fn::for_each_lanes(count, [&](auto d, int x) HWY_ATTR {
        hn::Vec<decltype(d)> re, im;
        hn::LoadInterleaved2(d, in + 2 * x, re, im);
        const auto middle = hn::Set(d, even[0]);
        re = hn::Mul(re, middle);
        im = hn::Mul(im, middle);
        auto odd_re = hn::Zero(d), odd_im = hn::Zero(d);
        for (int k = 1; k <= radius; ++k) {
            hn::Vec<decltype(d)> a, b, c, e;
            hn::LoadInterleaved2(d, in + 2 * (x - k), a, b);
            hn::LoadInterleaved2(d, in + 2 * (x + k), c, e);
            const auto cosine = hn::Set(d, even[k]), sine = hn::Set(d, odd[k]);
            re = hn::MulAdd(hn::Add(a, c), cosine, re);
            im = hn::MulAdd(hn::Add(b, e), cosine, im);
            odd_re = hn::MulAdd(hn::Sub(c, a), sine, odd_re);
            odd_im = hn::MulAdd(hn::Sub(e, b), sine, odd_im);
        }
        // Times i: (re, im) becomes (-im, re).
        hn::StoreInterleaved2(hn::Sub(re, odd_im), hn::Add(im, odd_re), d, left + 2 * x);
        hn::StoreInterleaved2(hn::Add(re, odd_im), hn::Sub(im, odd_re), d, right + 2 * x);
    });
}

void add(const float* HWY_RESTRICT in, int count, float* HWY_RESTRICT out) {
    fn::for_each_lanes(count, [&](auto d, int x) HWY_ATTR {
        hn::StoreU(hn::Add(hn::LoadU(d, out + x), hn::LoadU(d, in + x)), d, out + x);
    });
}

void add_noise(std::uint32_t seed, float size, int count, float* HWY_RESTRICT out) {
    const Floats d;
    const Bits du;
    const int lanes = static_cast<int>(hn::Lanes(d));
    HWY_ALIGN float rest[64];
    for (int x = 0; x < count; x += lanes) {
        const auto index = hn::Iota(du, static_cast<std::uint32_t>(x));
        const auto hash =
            mixed(hn::Add(hn::Set(du, seed), hn::Mul(index, hn::Set(du, CellHash::kX))));
        const auto noise = hn::Mul(normal(hash), hn::Set(d, size));
        if (x + lanes <= count) {
            hn::StoreU(hn::Add(hn::LoadU(d, out + x), noise), d, out + x);
        } else {
            hn::Store(noise, d, rest);
            for (int i = x; i < count; ++i)
                out[i] += rest[i - x];
        }
    }
}

void add_amplitude(const float* HWY_RESTRICT signal, int lines, float* HWY_RESTRICT envelope) {
    fn::for_each_lanes(lines, [&](auto d, int x) HWY_ATTR {
        hn::Vec<decltype(d)> re, im;
        hn::LoadInterleaved2(d, signal + 2 * x, re, im);
        const auto amplitude = hn::Sqrt(hn::MulAdd(re, re, hn::Mul(im, im)));
        hn::StoreU(hn::Add(hn::LoadU(d, envelope + x), amplitude), d, envelope + x);
    });
}

void compress(int lines, float gain, const GreyScale& scale, float* HWY_RESTRICT envelope,
              float* HWY_RESTRICT grey) {
    fn::for_each_lanes(lines, [&](auto d, int x) HWY_ATTR {
        const auto amplitude = hn::Mul(hn::LoadU(d, envelope + x), hn::Set(d, gain));
        hn::StoreU(amplitude, d, envelope + x);
        const auto level = hn::MulAdd(fn::log_two(d, hn::Max(amplitude, hn::Set(d, 1e-30F))),
                                      hn::Set(d, scale.slope), hn::Set(d, scale.offset));
        hn::StoreU(hn::Min(hn::Max(level, hn::Zero(d)), hn::Set(d, 255.0F)), d, grey + x);
    });
}

}  // namespace guide::simulate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace guide::simulate {

HWY_EXPORT(symmetric_sum);
HWY_EXPORT(turned_sums);
HWY_EXPORT(add);
HWY_EXPORT(add_noise);
HWY_EXPORT(add_amplitude);
HWY_EXPORT(compress);

void Signal::lay(double column, double row, double amplitude) {
    const double left = std::floor(column), top = std::floor(row);
    if (!(left >= 0 && left < columns_ && top >= 0 && top < rows_)) return;
    const int c = static_cast<int>(left), r = static_cast<int>(top);
    const double right_share = column - left, lower_share = row - top;
    const auto add = [&](int x, int y, double share) {
        if (x < columns_ && y < rows_)
            this->row(y)[x * parts_] += static_cast<float>(amplitude * share);
    };
    add(c, r, (1 - right_share) * (1 - lower_share));
    add(c + 1, r, right_share * (1 - lower_share));
    add(c, r + 1, (1 - right_share) * lower_share);
    add(c + 1, r + 1, right_share * lower_share);
}

void spread_across(const BeamModel& beam, const Echoes& echoes, int r, float noise,
                   std::uint32_t seed, std::vector<Signal>& looks) {
    const int lines = looks.front().columns(), radius = beam.lateral_radius(r);
    const float* scatter = echoes.scatter.row(r) + 2 * static_cast<std::ptrdiff_t>(beam.margin());
    const float* walls = echoes.walls.row(r) + 2 * static_cast<std::ptrdiff_t>(beam.margin());
    GUIDE_KERNEL(symmetric_sum)
    (scatter, 2, beam.lateral_weights(r), radius, 2 * lines, looks[0].row(r));
    for (std::size_t i = 1; i + 1 < looks.size(); i += 2) {
        const int off = static_cast<int>(i + 1) / 2;
        GUIDE_KERNEL(turned_sums)
        (scatter, beam.cosine_weights(r, off), beam.sine_weights(r, off), radius, lines,
         looks[i].row(r), looks[i + 1].row(r));
    }
    const int count = 2 * lines;
    std::vector<float> wall(static_cast<std::size_t>(count));
    GUIDE_KERNEL(symmetric_sum)(walls, 2, beam.lateral_weights(r), radius, count, wall.data());
    for (std::size_t i = 0; i < looks.size(); ++i) {
        GUIDE_KERNEL(add)(wall.data(), count, looks[i].row(r));
        const std::uint32_t own = CellHash::mixed(seed + static_cast<std::uint32_t>(i));
        if (noise > 0) GUIDE_KERNEL(add_noise)(own, noise, count, looks[i].row(r));
    }
}

void spread_along(const BeamModel& beam, const std::vector<Signal>& looks, int r, float gain,
                  const GreyScale& scale, float* envelope, float* grey) {
    const std::vector<float>& weights = beam.axial_weights();
    const int radius = static_cast<int>(weights.size()) - 1;
    const int lines = looks.front().columns(), count = 2 * lines, rows = looks.front().rows();
    std::vector<float> sum(static_cast<std::size_t>(count));
    std::fill(envelope, envelope + lines, 0.0F);
    for (const Signal& look : looks) {
        if (r >= radius && r + radius < rows) {
            GUIDE_KERNEL(symmetric_sum)
            (look.row(r), count, weights.data(), radius, count, sum.data());
        } else {
            // Above the face is nothing.
            std::fill(sum.begin(), sum.end(), 0.0F);
            for (int k = std::max(-radius, -r); k <= std::min(radius, rows - 1 - r); ++k) {
                const float w = weights[static_cast<std::size_t>(std::abs(k))];
                for (int i = 0; i < count; ++i)
                    sum[static_cast<std::size_t>(i)] += w * look.row(r + k)[i];
            }
        }
        GUIDE_KERNEL(add_amplitude)(sum.data(), lines, envelope);
    }
    GUIDE_KERNEL(compress)(lines, gain / static_cast<float>(looks.size()), scale, envelope, grey);
}

}  // namespace guide::simulate
#endif
