// SPDX-License-Identifier: Apache-2.0
#include "fft.hpp"

#include <guide/core/error.hpp>

#include <cmath>
#include <numbers>

namespace guide::filters {
namespace {

constexpr int kLines = 16;  // lines that are transformed together: one cache line of floats

/// One complex number, for the butterflies.
struct Complex {
    float re, im;
};
Complex operator+(Complex a, Complex b) {
    return {a.re + b.re, a.im + b.im};
}
Complex operator-(Complex a, Complex b) {
    return {a.re - b.re, a.im - b.im};
}
Complex operator*(float s, Complex a) {
    return {s * a.re, s * a.im};
}
Complex times_minus_i(Complex a) {
    return {a.im, -a.re};
}

template <int Radix>
void butterfly(Complex* z);

template <>
void butterfly<2>(Complex* z) {
    const Complex a = z[0], b = z[1];
    z[0] = a + b;
    z[1] = a - b;
}

template <>
void butterfly<3>(Complex* z) {
    constexpr float s = 0.86602540378443864676F;  // sin(2 pi / 3)
    const Complex sum = z[1] + z[2], turned = s * times_minus_i(z[1] - z[2]);
    const Complex rest = z[0] - 0.5F * sum;
    z[0] = z[0] + sum;
    z[1] = rest + turned;
    z[2] = rest - turned;
}

template <>
void butterfly<4>(Complex* z) {
    const Complex a = z[0] + z[2], b = z[0] - z[2], c = z[1] + z[3];
    const Complex d = times_minus_i(z[1] - z[3]);
    z[0] = a + c;
    z[1] = b + d;
    z[2] = a - c;
    z[3] = b - d;
}

template <>
void butterfly<5>(Complex* z) {
    constexpr float c1 = 0.30901699437494742410F, c2 = -0.80901699437494742410F;
    constexpr float s1 = 0.95105651629515357212F, s2 = 0.58778525229247312917F;
    const Complex a = z[1] + z[4], b = z[2] + z[3];
    const Complex c = times_minus_i(z[1] - z[4]), d = times_minus_i(z[2] - z[3]);
    const Complex p = z[0] + c1 * a + c2 * b, q = z[0] + c2 * a + c1 * b;
    const Complex u = s1 * c + s2 * d, v = s2 * c - s1 * d;
    z[0] = z[0] + a + b;
    z[1] = p + u;
    z[2] = q + v;
    z[3] = q - v;
    z[4] = p - u;
}

/// From one pair of arrays to another: the four never overlap.
struct Lines {
    const float* __restrict re, * __restrict im;
    float* __restrict out_re, * __restrict out_im;
};

/// One stage: `parts` butterflies over runs of `run` neighbouring numbers.
template <int Radix>
void run_stage(const Lines& l, const float* cosines, const float* sines, std::size_t parts,
               std::size_t run) {
    for (std::size_t p = 0; p < parts; ++p) {
        const float *c = cosines + p * Radix, *s = sines + p * Radix;
        const std::size_t from = p * run, to = p * Radix * run;
        for (std::size_t i = 0; i < run; ++i) {
            Complex z[Radix];
            for (std::size_t k = 0; k < Radix; ++k) {
                const std::size_t at = from + k * parts * run + i;
                z[k] = {l.re[at], l.im[at]};
            }
            butterfly<Radix>(z);
            for (std::size_t j = 0; j < Radix; ++j) {
                const std::size_t at = to + j * run + i;
                l.out_re[at] = z[j].re * c[j] - z[j].im * s[j];
                l.out_im[at] = z[j].re * s[j] + z[j].im * c[j];
            }
        }
    }
}

}  // namespace

int good_fft_size(int n) {
    for (int m = n < 1 ? 1 : n;; ++m) {
        int rest = m;
        for (const int prime : {2, 3, 5}) {
            while (rest % prime == 0)
                rest /= prime;
        }
        if (rest == 1) return m;
    }
}

FftPlan::FftPlan(int n) : n_(n) {
    require(n >= 1 && good_fft_size(n) == n, "FftPlan", "n has no prime factor above 5");
    for (int length = n; length > 1;) {
        int radix = 2;
        for (const int r : {4, 5, 3}) {
            if (length % r == 0) {
                radix = r;
                break;
            }
        }
        Stage stage{radix, {}, {}};
        for (int p = 0; p < length / radix; ++p) {
            for (int j = 0; j < radix; ++j) {
                const double angle = -2 * std::numbers::pi * p * j / length;
                stage.cosines.push_back(static_cast<float>(std::cos(angle)));
                stage.sines.push_back(static_cast<float>(std::sin(angle)));
            }
        }
        stages_.push_back(std::move(stage));
        length /= radix;
    }
}

void FftPlan::transform(float* re, float* im, float* scratch_re, float* scratch_im,
                        int lines) const {
    float *from_re = re, *from_im = im, *to_re = scratch_re, *to_im = scratch_im;
    auto run = static_cast<std::size_t>(lines);
    auto length = static_cast<std::size_t>(n_);
    for (const Stage& stage : stages_) {
        const auto radix = static_cast<std::size_t>(stage.radix);
        const std::size_t parts = length / radix;
        const Lines l{from_re, from_im, to_re, to_im};
        const float *c = stage.cosines.data(), *s = stage.sines.data();
        if (radix == 2) run_stage<2>(l, c, s, parts, run);
        if (radix == 3) run_stage<3>(l, c, s, parts, run);
        if (radix == 4) run_stage<4>(l, c, s, parts, run);
        if (radix == 5) run_stage<5>(l, c, s, parts, run);
        std::swap(from_re, to_re);
        std::swap(from_im, to_im);
        length = parts;
        run *= radix;
    }
    if (from_re != re) {
        const std::size_t count = static_cast<std::size_t>(n_) * static_cast<std::size_t>(lines);
        for (std::size_t i = 0; i < count; ++i) {
            re[i] = from_re[i];
            im[i] = from_im[i];
        }
    }
}

void fft_2d(ComplexPlane& plane, const FftPlan& across, const FftPlan& down, Direction direction,
            const Execution& execution) {
    require(across.size() == plane.width && down.size() == plane.height, "fft_2d",
            "the plans are those of the plane's size");
    const auto width = static_cast<std::size_t>(plane.width);
    const auto height = static_cast<std::size_t>(plane.height);
    // Exchanging the parts on the way in and out turns the transform into its inverse.
    const bool inverse = direction == Direction::inverse;
    float* const first = inverse ? plane.im.data() : plane.re.data();
    float* const second = inverse ? plane.re.data() : plane.im.data();

    for_each_band(execution, plane.height, kLines, [&](int begin, int end) {
        const auto lines = static_cast<std::size_t>(end - begin);
        const std::size_t count = lines * width, start = static_cast<std::size_t>(begin) * width;
        std::vector<float> work(4 * count);
        float *re = work.data(), *im = re + count;
        for (std::size_t b = 0; b < lines; ++b) {
            for (std::size_t x = 0; x < width; ++x) {
                re[x * lines + b] = first[start + b * width + x];
                im[x * lines + b] = second[start + b * width + x];
            }
        }
        across.transform(re, im, im + count, im + 2 * count, end - begin);
        for (std::size_t b = 0; b < lines; ++b) {
            for (std::size_t x = 0; x < width; ++x) {
                first[start + b * width + x] = re[x * lines + b];
                second[start + b * width + x] = im[x * lines + b];
            }
        }
    });

    const float scale = inverse ? static_cast<float>(1.0 / static_cast<double>(width * height)) : 1;
    for_each_band(execution, plane.width, kLines, [&](int begin, int end) {
        const auto lines = static_cast<std::size_t>(end - begin);
        const std::size_t count = lines * height, start = static_cast<std::size_t>(begin);
        std::vector<float> work(4 * count);
        float *re = work.data(), *im = re + count;
        for (std::size_t y = 0; y < height; ++y) {
            for (std::size_t b = 0; b < lines; ++b) {
                re[y * lines + b] = first[y * width + start + b];
                im[y * lines + b] = second[y * width + start + b];
            }
        }
        down.transform(re, im, im + count, im + 2 * count, end - begin);
        for (std::size_t y = 0; y < height; ++y) {
            for (std::size_t b = 0; b < lines; ++b) {
                first[y * width + start + b] = scale * re[y * lines + b];
                second[y * width + start + b] = scale * im[y * lines + b];
            }
        }
    });
}

}  // namespace guide::filters
