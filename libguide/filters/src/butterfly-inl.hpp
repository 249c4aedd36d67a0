// SPDX-License-Identifier: Apache-2.0
// Fourier transforms of a few numbers, of as many lines at once as a vector holds; read once for
// each instruction set.
#if defined(GUIDE_FILTERS_BUTTERFLY_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef GUIDE_FILTERS_BUTTERFLY_INL
#undef GUIDE_FILTERS_BUTTERFLY_INL
#else
#define GUIDE_FILTERS_BUTTERFLY_INL
#endif

#include "blocks-inl.hpp"

#include <hwy/highway.h>

#include <numbers>
#include <utility>

HWY_BEFORE_NAMESPACE();
namespace guide::filters::HWY_NAMESPACE {

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
    if constexpr (n == 1) {
        // stands already
    } else if constexpr (n == 2) {
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

}  // namespace guide::filters::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
