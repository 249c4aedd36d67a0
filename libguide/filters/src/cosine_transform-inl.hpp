// SPDX-License-Identifier: Apache-2.0
// Cosine transforms of 32 lines at once, read once for each instruction set. A block holds the
// same element of 32 lines, one after the other: no lane ever meets another one. The first 16 lines
// are the real and the last 16 the imaginary parts of one Fourier transform.
#if defined(GUIDE_FILTERS_COSINE_TRANSFORM_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef GUIDE_FILTERS_COSINE_TRANSFORM_INL
#undef GUIDE_FILTERS_COSINE_TRANSFORM_INL
#else
#define GUIDE_FILTERS_COSINE_TRANSFORM_INL
#endif

#include "cosine_transform.hpp"

#include <hwy/highway.h>

#include <cstddef>
#include <numbers>
#include <utility>

HWY_BEFORE_NAMESPACE();
namespace guide::filters::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

constexpr std::size_t kHalf = 16, kBlock = 2 * kHalf;  // floats
using Lines = hn::CappedTag<float, kHalf>;
using Vector = hn::Vec<Lines>;

/// A block's lines are gone through in vectors.
template <class Body>
HWY_INLINE void for_each_vector(const Body& body) {
    for (std::size_t l = 0; l < kHalf; l += hn::Lanes(Lines()))
        body(l);
}

struct Complex {
    Vector re, im;
};
HWY_INLINE Complex operator+(Complex a, Complex b) {
    return {hn::Add(a.re, b.re), hn::Add(a.im, b.im)};
}
HWY_INLINE Complex operator-(Complex a, Complex b) {
    return {hn::Sub(a.re, b.re), hn::Sub(a.im, b.im)};
}
HWY_INLINE Complex times_minus_i(Complex a) {
    return {a.im, hn::Neg(a.re)};
}
HWY_INLINE Complex times(Complex a, float c, float s) {
    const Vector vc = hn::Set(Lines(), c), vs = hn::Set(Lines(), s);
    return {hn::NegMulAdd(a.im, vs, hn::Mul(a.re, vc)), hn::MulAdd(a.im, vc, hn::Mul(a.re, vs))};
}
HWY_INLINE Complex multiply_add(float f, Complex a, Complex b) {
    const Vector v = hn::Set(Lines(), f);
    return {hn::MulAdd(v, a.re, b.re), hn::MulAdd(v, a.im, b.im)};
}
HWY_INLINE Complex multiply(float f, Complex a) {
    const Vector v = hn::Set(Lines(), f);
    return {hn::Mul(v, a.re), hn::Mul(v, a.im)};
}

/// sin(2 pi j / n), by its series after the angle is brought to a quarter turn.
constexpr double sine(int j, int n) {
    j = ((j % n) + n) % n;
    if (2 * j > n) return -sine(n - j, n);
    if (4 * j > n) return sine(n - 2 * j, 2 * n);
    const double x = 2 * std::numbers::pi * j / n;
    double term = x, sum = x;
    for (int i = 1; i < 14; ++i)
        sum += term *= -x * x / ((2 * i) * (2 * i + 1));
    return sum;
}
constexpr float cosine_of(int j, int n) {
    return static_cast<float>(sine(4 * j + n, 4 * n));
}
constexpr float sine_of(int j, int n) {
    return static_cast<float>(sine(j, n));
}

template <int n>
HWY_INLINE void butterfly(Complex* z);

/// An odd prime: elements j and n - j share their products.
template <int n, int... k>
HWY_INLINE void odd_butterfly(Complex* z, std::integer_sequence<int, k...>) {
    constexpr int half = (n - 1) / 2;
    const Complex first = z[0];
    const Complex sum[] = {(z[k + 1] + z[n - 1 - k])...};
    const Complex turned[] = {times_minus_i(z[k + 1] - z[n - 1 - k])...};
    z[0] = (first + ... + sum[k]);
    const auto output = [&](auto m) HWY_ATTR {
        constexpr int j = decltype(m)::value;
        Complex p = first, q = multiply(sine_of(j, n), turned[0]);
        ((p = multiply_add(cosine_of(j * (k + 1), n), sum[k], p)), ...);
        ((q = k == 0 ? q : multiply_add(sine_of(j * (k + 1), n), turned[k], q)), ...);
        z[j] = p + q;
        z[n - j] = p - q;
    };
    (output(std::integral_constant<int, k + 1>()), ...);
    static_assert(half == sizeof...(k));
}

/// a and b without common divisor: no twiddles between the two (Good and Thomas).
template <int a, int b, int... i, int... j>
HWY_INLINE void product_butterfly(Complex* z, std::integer_sequence<int, i...>,
                                  std::integer_sequence<int, j...>) {
    constexpr int n = a * b;
    Complex rows[a][b];
    const auto row = [&](auto m) HWY_ATTR {
        constexpr int r = decltype(m)::value;
        Complex line[] = {z[(b * r + a * j) % n]...};
        butterfly<b>(line);
        ((rows[r][j] = line[j]), ...);
    };
    (row(std::integral_constant<int, i>()), ...);
    const auto column = [&](auto m) HWY_ATTR {
        constexpr int c = decltype(m)::value;
        Complex line[] = {rows[i][c]...};
        butterfly<a>(line);
        // The output that leaves rest i on division by a and c on division by b.
        constexpr auto place = [](int rest) {
            int k = c;
            while (k % a != rest)
                k += b;
            return k;
        };
        ((z[place(i)] = line[i]), ...);
    };
    (column(std::integral_constant<int, j>()), ...);
}

/// Fourier transform of n numbers, exp(-2 pi i j k / n).
template <int n>
HWY_INLINE void butterfly(Complex* z) {
    if constexpr (n == 2) {
        const Complex a = z[0], b = z[1];
        z[0] = a + b;
        z[1] = a - b;
    } else if constexpr (n == 4) {
        const Complex a = z[0] + z[2], b = z[0] - z[2], c = z[1] + z[3];
        const Complex d = times_minus_i(z[1] - z[3]);
        z[0] = a + c;
        z[1] = b + d;
        z[2] = a - c;
        z[3] = b - d;
    } else if constexpr (n == 8) {
        Complex even[] = {z[0], z[2], z[4], z[6]}, odd[] = {z[1], z[3], z[5], z[7]};
        butterfly<4>(even);
        butterfly<4>(odd);
        constexpr float root = cosine_of(1, 8);
        const Complex t1 = multiply(root, odd[1] + times_minus_i(odd[1]));
        const Complex t2 = times_minus_i(odd[2]);
        const Complex t3 = multiply(root, times_minus_i(odd[3]) - odd[3]);
        z[0] = even[0] + odd[0];
        z[1] = even[1] + t1;
        z[2] = even[2] + t2;
        z[3] = even[3] + t3;
        z[4] = even[0] - odd[0];
        z[5] = even[1] - t1;
        z[6] = even[2] - t2;
        z[7] = even[3] - t3;
    } else if constexpr (n == 6 || n == 10) {
        product_butterfly<2, n / 2>(z, std::make_integer_sequence<int, 2>(),
                                    std::make_integer_sequence<int, n / 2>());
    } else if constexpr (n == 12) {
        product_butterfly<3, 4>(z, std::make_integer_sequence<int, 3>(),
                                std::make_integer_sequence<int, 4>());
    } else {
        odd_butterfly<n>(z, std::make_integer_sequence<int, (n - 1) / 2>());
    }
}

/// One butterfly: inputs `step` floats apart, outputs `out_step`, w its twiddles.
template <int radix, bool last, int... k>
HWY_INLINE void pass(const float* from, float* to, const float* w, std::size_t step,
                     std::size_t out_step, std::integer_sequence<int, k...>) {
    const Lines d;
    Complex z[] = {{hn::Load(d, from + k * step), hn::Load(d, from + k * step + kHalf)}...};
    butterfly<radix>(z);
    if constexpr (!last) ((z[k] = k == 0 ? z[k] : times(z[k], w[2 * k], w[2 * k + 1])), ...);
    (hn::Store(z[k].re, d, to + k * out_step), ...);
    (hn::Store(z[k].im, d, to + k * out_step + kHalf), ...);
}

/// `parts` butterflies over runs of `run` neighbouring blocks; the last stage has one part and
/// needs no twiddles.
template <int radix, bool last>
HWY_INLINE void run_stage(const float* in, float* out, const float* twiddles, std::size_t parts,
                          std::size_t run) {
    const std::size_t width = run * kBlock, step = parts * width;
    for (std::size_t p = 0; p < parts; ++p) {
        const float* from = in + p * width;
        float* to = out + p * radix * width;
        const float* w = twiddles + 2 * radix * p;
        for (std::size_t i = 0; i < width; i += kBlock) {
            for (std::size_t l = i; l < i + kHalf; l += hn::Lanes(Lines())) {
                pass<radix, last>(from + l, to + l, w, step, width,
                                  std::make_integer_sequence<int, radix>());
            }
        }
    }
}

template <int radix>
void run_stage(const float* in, float* out, const float* twiddles, std::size_t parts,
               std::size_t run) {
    if (parts == 1) {
        run_stage<radix, true>(in, out, twiddles, parts, run);
    } else {
        run_stage<radix, false>(in, out, twiddles, parts, run);
    }
}

/// Fourier transform; both arrays hold plan.size blocks and are overwritten, the result stands in
/// the one that is returned.
inline float* fourier(const CosinePlan& plan, float* blocks, float* other) {
    std::size_t run = 1, length = static_cast<std::size_t>(plan.size);
    for (const auto& stage : plan.stages) {
        const std::size_t parts = length / static_cast<std::size_t>(stage.radix);
        const auto go = [&](auto kernel) {
            kernel(blocks, other, stage.twiddles.data(), parts, run);
        };
        switch (stage.radix) {
            case 2:
                go(run_stage<2>);
                break;
            case 3:
                go(run_stage<3>);
                break;
            case 4:
                go(run_stage<4>);
                break;
            case 5:
                go(run_stage<5>);
                break;
            case 6:
                go(run_stage<6>);
                break;
            case 7:
                go(run_stage<7>);
                break;
            case 8:
                go(run_stage<8>);
                break;
            case 10:
                go(run_stage<10>);
                break;
            case 11:
                go(run_stage<11>);
                break;
            case 12:
                go(run_stage<12>);
                break;
            default:
                go(run_stage<13>);
                break;
        }
        std::swap(blocks, other);
        length = parts;
        run *= static_cast<std::size_t>(stage.radix);
    }
    return blocks;
}

/// Cosine transform X_k = 2 sum_x value_x cos(pi k (2 x + 1) / 2 n): `blocks` has the pixels at
/// their places and is overwritten, as is `other`; `out` has n + 1 blocks, the last becomes 0.
inline void cosine_transform(const CosinePlan& plan, float* blocks, float* other, float* out) {
    const float* z = fourier(plan, blocks, other);
    const auto n = static_cast<std::size_t>(plan.size);
    for (std::size_t k = 0; k <= n / 2; ++k) {
        const Vector c = hn::Set(Lines(), plan.turns[2 * k]);
        const Vector s = hn::Set(Lines(), plan.turns[2 * k + 1]);
        const float *zk = z + k * kBlock, *zm = z + (k == 0 ? 0 : n - k) * kBlock;
        float *xk = out + k * kBlock, *xm = out + (n - k) * kBlock;
        for_each_vector([&](std::size_t l) HWY_ATTR {
            const Lines d;
            const Complex a{hn::Load(d, zk + l), hn::Load(d, zk + kHalf + l)};
            const Complex b{hn::Load(d, zm + l), hn::Load(d, zm + kHalf + l)};
            // The transforms of the first and of the last 16 lines, each Hermitian.
            const Complex first{hn::Add(a.re, b.re), hn::Sub(a.im, b.im)};
            const Complex second{hn::Add(a.im, b.im), hn::Sub(b.re, a.re)};
            hn::Store(hn::MulAdd(s, first.re, hn::Neg(hn::Mul(c, first.im))), d, xm + l);
            hn::Store(hn::MulAdd(s, second.re, hn::Neg(hn::Mul(c, second.im))), d, xm + kHalf + l);
            hn::Store(hn::MulAdd(c, first.re, hn::Mul(s, first.im)), d, xk + l);
            hn::Store(hn::MulAdd(c, second.re, hn::Mul(s, second.im)), d, xk + kHalf + l);
        });
    }
}

/// One step towards the inverse: from coefficients k and n - k of 16 + 16 lines to the elements
/// `at_k` and `at_m` that `fourier` takes to value_x = X_0 + 2 sum_k X_k cos(pi k (2 x + 1) / 2 n)
/// at the places of the pixels. n counts as k = 0, with X_n = 0.
HWY_INLINE void unturn(Vector c, Vector s, Vector first_k, Vector first_m, Vector second_k,
                       Vector second_m, float* at_k, float* at_m) {
    const Lines d;
    const Vector p1 = hn::MulAdd(c, first_k, hn::Mul(s, first_m));
    const Vector q1 = hn::MulSub(s, first_k, hn::Mul(c, first_m));
    const Vector p2 = hn::MulAdd(c, second_k, hn::Mul(s, second_m));
    const Vector q2 = hn::MulSub(s, second_k, hn::Mul(c, second_m));
    hn::Store(hn::Sub(p1, q2), d, at_m);
    hn::Store(hn::Add(p2, q1), d, at_m + kHalf);
    hn::Store(hn::Add(p1, q2), d, at_k);
    hn::Store(hn::Sub(p2, q1), d, at_k + kHalf);
}

#if HWY_TARGET == HWY_SCALAR
inline void transpose(const float* const* rows, float* out) {
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

/// A square of 16 x 16: column j of rows[0..15] becomes the 16 floats at out + j kBlock. What is
/// written is not read soon and goes past the caches; hwy::FlushStream ends that.
inline void transpose(const float* const* rows, float* out) {
    const Lines d;
    const hn::Repartition<double, Lines> pairs;
    for (std::size_t j = 0; j < kHalf; j += 4) {
        for_each_vector([&](std::size_t l) HWY_ATTR {
            const Vector a = every_fourth(d, rows + l, j), b = every_fourth(d, rows + l + 1, j);
            const Vector e = every_fourth(d, rows + l + 2, j), f = every_fourth(d, rows + l + 3, j);
            const auto ab = hn::BitCast(pairs, hn::InterleaveLower(d, a, b));
            const auto ef = hn::BitCast(pairs, hn::InterleaveLower(d, e, f));
            const auto ab_up = hn::BitCast(pairs, hn::InterleaveUpper(d, a, b));
            const auto ef_up = hn::BitCast(pairs, hn::InterleaveUpper(d, e, f));
            float* to = out + j * kBlock + l;
            hn::Stream(hn::BitCast(d, hn::InterleaveLower(pairs, ab, ef)), d, to);
            hn::Stream(hn::BitCast(d, hn::InterleaveUpper(pairs, ab, ef)), d, to + kBlock);
            hn::Stream(hn::BitCast(d, hn::InterleaveLower(pairs, ab_up, ef_up)), d,
                       to + 2 * kBlock);
            hn::Stream(hn::BitCast(d, hn::InterleaveUpper(pairs, ab_up, ef_up)), d,
                       to + 3 * kBlock);
        });
    }
}
#endif

}  // namespace guide::filters::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
