// SPDX-License-Identifier: Apache-2.0
#include "monogenic_kernels.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

// Everything between here and HWY_AFTER_NAMESPACE is compiled once for each instruction set.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "monogenic_kernels.cpp"
// clang-format off
#include "kernel.hpp"
#include "cosine_transform-inl.hpp"
#include "elementary-inl.hpp"
#include "lanes-inl.hpp"
// clang-format on

#include <hwy/cache_control.h>
#include <hwy/contrib/math/math-inl.h>

HWY_BEFORE_NAMESPACE();
namespace guide::filters::HWY_NAMESPACE {

/// `v`, or 0 where it is no number or too large to be squared.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V sane(D d, V v) {
    return hn::IfThenElseZero(hn::Le(hn::Abs(v), hn::Set(d, 1e15F)), v);
}

/// Square root, to 3e-7 of itself: two multiplications instead of a slow instruction where the
/// processor has a good first guess.
HWY_INLINE Vector root(Vector v) {
#if HWY_ARCH_X86
    const Lines d;
    const Vector guess = hn::ApproximateReciprocalSqrt(hn::Max(v, hn::Set(d, 1e-30F)));
    const Vector rough = hn::Mul(v, guess);
    const Vector half = hn::Mul(guess, hn::Set(d, 0.5F));
    return hn::MulAdd(hn::NegMulAdd(rough, guess, hn::Set(d, 1.0F)), hn::Mul(v, half), rough);
#else
    return hn::Sqrt(v);
#endif
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

void fill_gains(const CosinePlan& across, const CosinePlan& down, const MonogenicBandShape& shape,
                double scale, std::size_t v, float* gains) {
    const Lines d;
    const auto set = [&](double value) HWY_ATTR { return hn::Set(d, static_cast<float>(value)); };
    const double narrow = 1 / std::log(shape.sigma_on_f);
    // log2 of the gain is this times ln(squared frequency)^2.
    const Vector steep = set(-0.5 * narrow * narrow * 0.25 / std::log(2.0));
    const Vector wavelength = set(shape.wavelength_px * shape.wavelength_px);
    const Vector cut = set(shape.low_pass > 0 ? 1 / (shape.low_pass * shape.low_pass) : 0.0);
    const double du = 0.5 / across.size, dv = 0.5 / down.size;
    for (std::size_t k = 0; k < static_cast<std::size_t>(across.size); ++k, gains += kTile) {
        const Vector uu = set(std::pow(static_cast<double>(k) * du, 2));
        for (std::size_t l = 0; l < kTile; l += hn::Lanes(d)) {
            const Vector row = hn::Iota(d, static_cast<float>(v * kTile + l));
            const Vector fv = hn::Mul(row, set(dv));
            const Vector squared = hn::MulAdd(fv, fv, uu);
            const Vector ln = hn::Log(d, hn::Max(hn::Mul(squared, wavelength), set(1e-30)));
            const Vector gain = exp2_of_negative(d, hn::Mul(steep, hn::Mul(ln, ln)));
            const Vector q = hn::Mul(squared, cut), q2 = hn::Mul(q, q), q4 = hn::Mul(q2, q2);
            const Vector damping = hn::MulAdd(hn::Mul(q4, q4), q2, set(1));
            const Vector result = hn::Div(hn::Mul(gain, set(scale)), damping);
            // Nothing beyond the last frequency, and no denormal numbers.
            const auto inside = hn::And(hn::Lt(row, set(down.size)), hn::Gt(gain, set(1e-20)));
            hn::Store(hn::IfThenElseZero(inside, result), d, gains + l);
        }
    }
}

/// Blocks first..first + 31 at `blocks`, transposed: 32 blocks at `out`.
HWY_INLINE void transpose_tile(const float* const* blocks, float* out) {
    for (const std::size_t i : {std::size_t{0}, kHalf}) {
        for (const std::size_t j : {std::size_t{0}, kHalf}) {
            const float* rows[kHalf];
            for (std::size_t r = 0; r < kHalf; ++r)
                rows[r] = blocks[i + r] + j;
            transpose(rows, out + j * kBlock + i);
        }
    }
}

void transform_columns(const MonogenicFrame& frame, ImageView<const float> in, float mean,
                       std::size_t x, float* scratch) {
    const Lines d;
    const CosinePlan& plan = *frame.down;
    const auto n = static_cast<std::size_t>(plan.size);
    float *lines = scratch, *other = lines + n * kBlock, *out = other + n * kBlock;
    const std::size_t left = x * kTile;
    const std::size_t count = std::min(kTile, static_cast<std::size_t>(in.width) - left);
    const Vector offset = hn::Set(d, mean);
    for (std::size_t place = 0; place < n; ++place) {
        const float* row = in.row(plan.pixel_of[place]) + left;
        float padded[kTile];
        if (count < kTile) {
            std::fill(std::copy_n(row, count, padded), padded + kTile, mean);
            row = padded;
        }
        for (std::size_t l = 0; l < kTile; l += hn::Lanes(d)) {
            const Vector value = hn::Sub(sane(d, hn::LoadU(d, row + l)), offset);
            hn::Store(value, d, lines + place * kBlock + l);
        }
    }
    cosine_transform(plan, lines, other, out);
    const std::size_t tiles = (n + kTile - 1) / kTile;
    std::fill(out + n * kBlock, out + tiles * kTile * kBlock, 0.0F);
    for (std::size_t v = 0; v < tiles; ++v) {
        const float* rows[kTile];
        for (std::size_t i = 0; i < kTile; ++i)
            rows[i] = out + (v * kTile + i) * kBlock;
        transpose_tile(rows, frame.spectrum + (v * frame.columns + left) * kBlock);
    }
    hwy::FlushStream();
}

/// The part of a band that is even in x: coefficients times gain times `weight`, a value for each
/// line of the block.
void weigh_even(const CosinePlan& plan, const float* coefficients, const float* gains,
                const float* weight, float* out) {
    const Lines d;
    const auto n = static_cast<std::size_t>(plan.size);
    for (std::size_t k = 0; k <= n / 2; ++k) {
        const std::size_t m = n - k, gm = k == 0 ? 0 : m;  // coefficient n is 0, whatever its gain
        const Vector c = hn::Set(d, plan.turns[2 * k]), s = hn::Set(d, plan.turns[2 * k + 1]);
        for_each_vector([&](std::size_t l) HWY_ATTR {
            const auto value = [&](std::size_t i, std::size_t g, std::size_t lane) HWY_ATTR {
                const Vector w =
                    hn::Mul(hn::Load(d, gains + g * kBlock + lane), hn::Load(d, weight + lane));
                return hn::Mul(hn::Load(d, coefficients + i * kBlock + lane), w);
            };
            unturn(c, s, value(k, k, l), value(m, gm, l), value(k, k, l + kHalf),
                   value(m, gm, l + kHalf), out + k * kBlock + l, out + m * kBlock + l);
        });
    }
}

/// The part that is odd in x: coefficients times gain times u, as a sine transform, that is the
/// cosine transform of the coefficients backwards.
void weigh_odd(const CosinePlan& plan, const float* coefficients, const float* gains, float* out) {
    const Lines d;
    const auto n = static_cast<std::size_t>(plan.size);
    const float step = 0.5F / static_cast<float>(plan.size);
    for (std::size_t k = 0; k <= n / 2; ++k) {
        const std::size_t m = n - k, gm = k == 0 ? 0 : m;
        const Vector c = hn::Set(d, plan.turns[2 * k]), s = hn::Set(d, plan.turns[2 * k + 1]);
        const Vector uk = hn::Set(d, step * static_cast<float>(k));
        const Vector um = hn::Set(d, step * static_cast<float>(m));
        for_each_vector([&](std::size_t l) HWY_ATTR {
            const auto value = [&](Vector u, std::size_t i, std::size_t g,
                                   std::size_t lane) HWY_ATTR {
                const Vector w = hn::Mul(hn::Load(d, gains + g * kBlock + lane), u);
                return hn::Mul(hn::Load(d, coefficients + i * kBlock + lane), w);
            };
            unturn(c, s, value(um, m, gm, l), value(uk, k, k, l), value(um, m, gm, l + kHalf),
                   value(uk, k, k, l + kHalf), out + k * kBlock + l, out + m * kBlock + l);
        });
    }
}

void split_bands(const MonogenicFrame& frame, std::size_t v, float* scratch) {
    const Lines d;
    const CosinePlan& plan = *frame.across;
    const auto n = static_cast<std::size_t>(plan.size);
    float *coefficients = scratch, *riesz = coefficients + (n + 1) * kBlock;
    float *lines = riesz + (n + 1) * kBlock, *other = lines + (n + 1) * kBlock;
    const float* spectrum = frame.spectrum + v * frame.columns * kBlock;
    for (std::size_t place = 0; place < n; ++place) {
        const auto x = static_cast<std::size_t>(plan.pixel_of[place]);
        std::copy_n(spectrum + x * kBlock, kBlock, lines + place * kBlock);
    }
    cosine_transform(plan, lines, other, coefficients);

    // Divided by the length of (u, v), for the Riesz transform.
    HWY_ALIGN float frequency[kBlock], ones[kBlock];
    const float dv = 0.5F / static_cast<float>(frame.down->size);
    for (std::size_t l = 0; l < kBlock; ++l) {
        frequency[l] = dv * static_cast<float>(v * kTile + l);
        ones[l] = 1;
    }
    const float du = 0.5F / static_cast<float>(plan.size);
    for (std::size_t k = 0; k <= n; ++k) {
        const Vector u = hn::Set(d, du * static_cast<float>(k));
        for (std::size_t l = 0; l < kBlock; l += hn::Lanes(d)) {
            const Vector fv = hn::Load(d, frequency + l);
            const Vector squared = hn::MulAdd(u, u, hn::Mul(fv, fv));
            const Vector length = hn::Sqrt(hn::Max(squared, hn::Set(d, 1e-20F)));
            const Vector value = hn::Load(d, coefficients + k * kBlock + l);
            hn::Store(hn::Div(value, length), d, riesz + k * kBlock + l);
        }
    }

    const auto pixels = static_cast<std::size_t>(plan.pixels);
    for (std::size_t b = 0; b < frame.band_count; ++b) {
        const auto& band = frame.bands[b];
        if (v >= band.tiles) continue;
        const float* gains = band.gains + v * n * kTile;
        for (std::size_t part = 0; part < 3; ++part) {
            if (part == 0) weigh_even(plan, coefficients, gains, ones, lines);
            if (part == 1) weigh_odd(plan, riesz, gains, lines);
            if (part == 2) weigh_even(plan, riesz, gains, frequency, lines);
            const float* z = fourier(plan, lines, other);
            for (std::size_t x = 0; x < frame.columns; x += kTile) {
                const float* columns[kTile];
                for (std::size_t i = 0; i < kTile; ++i) {
                    const std::size_t pixel = std::min(x + i, pixels - 1);
                    columns[i] = z + static_cast<std::size_t>(plan.place_of[pixel]) * kBlock;
                }
                const std::size_t rows = band.tiles * kTile;
                transpose_tile(columns,
                               band.parts + (part * frame.columns + x) * rows + v * kTile * kBlock);
            }
        }
    }
    hwy::FlushStream();
}

/// Transforms one part back along y; returns where it stands, each row at its place. Meanwhile the
/// next part comes near.
float* columns_back(const CosinePlan& plan, const float* rows, std::size_t row_count, bool sine,
                    const float* next, float* lines, float* other) {
    const Lines d;
    const auto n = static_cast<std::size_t>(plan.size);
    HWY_ALIGN static constexpr float kNothing[kBlock] = {};
    const auto row = [&](std::size_t k) { return k < row_count ? rows + k * kBlock : kNothing; };
    for (std::size_t k = 0; k <= n / 2; ++k) {
        const Vector c = hn::Set(d, plan.turns[2 * k]), s = hn::Set(d, plan.turns[2 * k + 1]);
        const float *a = row(k), *b = row(n - k);
        if (sine) std::swap(a, b);
        if (next != nullptr && 2 * k + 1 < row_count) {
            for (std::size_t i = 0; i < 2 * kBlock; i += 16)  // a cache line each
                hwy::Prefetch(next + 2 * k * kBlock + i);
        }
        for_each_vector([&](std::size_t l) HWY_ATTR {
            unturn(c, s, hn::Load(d, a + l), hn::Load(d, b + l), hn::Load(d, a + l + kHalf),
                   hn::Load(d, b + l + kHalf), lines + k * kBlock + l,
                   lines + (n - k) * kBlock + l);
        });
    }
    return fourier(plan, lines, other);
}

/// Sums over the bands of f, h1, h2, A, |f| - |h| and |h|, each an array of blocks.
struct Sums {
    float *even, *odd_x, *odd_y, *amplitude, *lines, *edges;
};

template <bool first, bool with_edges>
void add_band(const float* even, const float* odd_x, const float* odd_y, std::size_t count,
              const Sums& sums) {
    const Lines d;
    for (std::size_t i = 0; i < count; i += hn::Lanes(d)) {
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
        add(sums.amplitude, root(hn::MulAdd(f, f, squared)));
        const Vector edge = root(squared);
        add(sums.lines, hn::Sub(hn::Abs(f), edge));
        if (with_edges) add(sums.edges, edge);
    }
}

/// The pixels of one row of a tile, to be written vector by vector. Where the tile reaches beyond
/// the image, what is too much goes elsewhere.
class RowTarget {
  public:
    RowTarget(const ImageView<float>& view, int y, std::size_t left)
        : row_(view.data == nullptr ? nullptr : view.row(y) + left),
          count_(static_cast<std::size_t>(view.width) - left) {}
    RowTarget(const RowTarget&) = delete;
    RowTarget& operator=(const RowTarget&) = delete;
    ~RowTarget() {
        if (row_ != nullptr && count_ < kTile) std::copy_n(padded_, count_, row_);
    }

    template <class Value>
    HWY_INLINE void write(std::size_t lane, const Value& value) {
        if (row_ == nullptr) return;
        hn::StoreU(value(), Lines(), (count_ < kTile ? padded_ : row_) + lane);
    }

  private:
    float* row_;
    std::size_t count_;
    float padded_[kTile];
};

void write_results(const MonogenicFrame& frame, std::size_t left, const Sums& sums,
                   const MonogenicTargets& targets) {
    const Lines d;
    const CosinePlan& plan = *frame.down;
    // The sine transforms left a sign to be put right, which differs from pixel to pixel.
    HWY_ALIGN float sign_x[kTile];
    for (std::size_t i = 0; i < kTile; ++i) {
        const std::size_t x = std::min(left + i, frame.across->odd.size() - 1);
        sign_x[i] = frame.across->odd[x] ? 1.0F : -1.0F;
    }
    for (int y = 0; y < plan.pixels; ++y) {
        const auto pixel = static_cast<std::size_t>(y);
        const std::size_t block = static_cast<std::size_t>(plan.place_of[pixel]) * kBlock;
        const Vector sign_y = hn::Set(d, plan.odd[pixel] ? 1.0F : -1.0F);
        const auto target = [&](std::size_t i) { return RowTarget(targets.views[i], y, left); };
        RowTarget even = target(0), odd_x = target(1), odd_y = target(2), amplitude = target(3);
        RowTarget energy = target(4), phase = target(5), orientation = target(6);
        RowTarget line_energy = target(7), symmetry = target(8), asymmetry = target(9);
        for (std::size_t l = 0; l < kTile; l += hn::Lanes(d)) {
            const std::size_t at = block + l;
            const Vector f = hn::Load(d, sums.even + at);
            const Vector h1 = hn::Mul(hn::Load(d, sums.odd_x + at), hn::Load(d, sign_x + l));
            const Vector h2 = hn::Mul(hn::Load(d, sums.odd_y + at), sign_y);
            const Vector squared = hn::MulAdd(h1, h1, hn::Mul(h2, h2));
            const Vector lines = hn::Load(d, sums.lines + at), edges = hn::Load(d, sums.edges + at);
            const Vector line = frame.polarity == Polarity::bright ? hn::Sub(f, edges)
                                : frame.polarity == Polarity::dark ? hn::Neg(hn::Add(f, edges))
                                                                   : lines;
            const auto twice = [](Vector v) HWY_ATTR { return hn::Add(v, v); };
            even.write(l, [&]() HWY_ATTR { return f; });
            odd_x.write(l, [&]() HWY_ATTR { return h1; });
            odd_y.write(l, [&]() HWY_ATTR { return h2; });
            amplitude.write(l, [&]() HWY_ATTR { return hn::Load(d, sums.amplitude + at); });
            energy.write(l, [&]() HWY_ATTR { return root(hn::MulAdd(f, f, squared)); });
            phase.write(l, [&]() HWY_ATTR { return twice(half_angle(d, root(squared), f)); });
            orientation.write(l, [&]() HWY_ATTR {
                // A direction across a line has no sign: kept to the right.
                const Vector side = hn::CopySignToAbs(hn::Set(d, 1.0F), h1);
                return twice(half_angle(d, hn::Mul(h2, side), hn::Abs(h1)));
            });
            line_energy.write(l, [&]() HWY_ATTR { return line; });
            symmetry.write(l, [&]() HWY_ATTR { return line; });
            asymmetry.write(l, [&]() HWY_ATTR { return hn::Neg(lines); });
        }
    }
}

void join_bands(const MonogenicFrame& frame, std::size_t x, const MonogenicTargets& targets,
                float* scratch) {
    const CosinePlan& plan = *frame.down;
    const std::size_t blocks = (static_cast<std::size_t>(plan.size) + 1) * kBlock;
    const auto take = [&] { return std::exchange(scratch, scratch + blocks); };
    float* free[4] = {take(), take(), take(), take()};
    const Sums sums{take(), take(), take(), take(), take(), take()};
    const std::size_t count = static_cast<std::size_t>(plan.size) * kBlock;
    const auto part_of = [&](std::size_t band, std::size_t part) {
        const std::size_t rows = frame.bands[band].tiles * kTile;
        return frame.bands[band].parts + (part * frame.columns + x * kTile) * rows;
    };
    for (std::size_t b = 0; b < frame.band_count; ++b) {
        const std::size_t rows = std::min(frame.bands[b].tiles * kTile, count / kBlock);
        for (std::size_t part = 0; part < 3; ++part) {
            const bool last = b + 1 == frame.band_count && part == 2;
            const float* next = last ? nullptr : part_of(b + (part == 2), (part + 1) % 3);
            const float* done =
                columns_back(plan, part_of(b, part), rows, part == 2, next, free[part], free[3]);
            if (done == free[3]) std::swap(free[part], free[3]);
        }
        const bool edges = frame.polarity != Polarity::both;
        const auto add = b == 0 ? (edges ? add_band<true, true> : add_band<true, false>)
                                : (edges ? add_band<false, true> : add_band<false, false>);
        add(free[0], free[1], free[2], count, sums);
        if (b > 0 || targets.finest.data == nullptr) continue;
        for (int y = 0; y < plan.pixels; ++y) {
            const auto place = static_cast<std::size_t>(plan.place_of[static_cast<std::size_t>(y)]);
            RowTarget row(targets.finest, y, x * kTile);
            for (std::size_t l = 0; l < kTile; l += hn::Lanes(Lines())) {
                row.write(l, [&]() HWY_ATTR {
                    return hn::Load(Lines(), sums.amplitude + place * kBlock + l);
                });
            }
        }
    }
    write_results(frame, x * kTile, sums, targets);
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

HWY_EXPORT(row_sum);
HWY_EXPORT(fill_gains);
HWY_EXPORT(transform_columns);
HWY_EXPORT(split_bands);
HWY_EXPORT(join_bands);
HWY_EXPORT(take_noise);

MonogenicKernels monogenic_kernels() {
    return {GUIDE_KERNEL(row_sum),     GUIDE_KERNEL(fill_gains), GUIDE_KERNEL(transform_columns),
            GUIDE_KERNEL(split_bands), GUIDE_KERNEL(join_bands), GUIDE_KERNEL(take_noise)};
}

std::size_t monogenic_scratch(const CosinePlan& across, const CosinePlan& down) {
    const auto u = static_cast<std::size_t>(across.size), v = static_cast<std::size_t>(down.size);
    const std::size_t whole = (v / kTile + 2) * kTile;
    return kTile * std::max({2 * v + whole, 4 * (u + 1), 10 * (v + 1)});
}

}  // namespace guide::filters
#endif
