// SPDX-License-Identifier: Apache-2.0
#include "fft.hpp"

#include "images.hpp"

#include <catch2/catch.hpp>

#include <complex>
#include <numbers>

using namespace guide;
using namespace guide::filters;

TEST_CASE("fft: equals the sum of its definition for every kind of length") {
    for (const int n : {1, 2, 3, 4, 5, 6, 8, 9, 10, 12, 15, 16, 20, 25, 30, 45, 60, 64, 100, 135}) {
        for (const int lines : {1, 3, 16}) {
            const auto count = static_cast<std::size_t>(n * lines);
            const auto a = test::random_image(static_cast<int>(count), 1, 5);
            const auto b = test::random_image(static_cast<int>(count), 1, 6);
            std::vector<float> re(a.data(), a.data() + count), im(b.data(), b.data() + count);
            std::vector<float> scratch_re(count), scratch_im(count);
            FftPlan(n).transform(re.data(), im.data(), scratch_re.data(), scratch_im.data(), lines);
            double worst = 0;
            for (int line = 0; line < lines; ++line) {
                for (int k = 0; k < n; ++k) {
                    std::complex<double> sum = 0;
                    for (int j = 0; j < n; ++j) {
                        const auto i = static_cast<std::size_t>(j * lines + line);
                        sum += std::complex<double>(a.data()[i], b.data()[i]) *
                               std::polar(1.0, -2 * std::numbers::pi * j * k / n);
                    }
                    const auto i = static_cast<std::size_t>(k * lines + line);
                    worst = std::max(worst, std::abs(sum - std::complex<double>(re[i], im[i])));
                }
            }
            INFO(n << " numbers, " << lines << " lines");
            CHECK(worst < 1e-6 * 255 * n + 1e-4);
        }
    }
}

TEST_CASE("fft: the inverse undoes the transform in two dimensions, with any threads") {
    const auto in = test::random_image(45, 32);
    ComplexPlane plane(45, 32), other(45, 32);
    std::copy_n(in.data(), in.size(), plane.re.begin());
    other = plane;
    const FftPlan across(45), down(32);
    fft_2d(plane, across, down, Direction::forward, {1});
    fft_2d(other, across, down, Direction::forward, {3});
    CHECK(plane.re == other.re);
    CHECK(plane.im == other.im);
    fft_2d(plane, across, down, Direction::inverse, {1});
    for (std::size_t i = 0; i < in.size(); ++i) {
        REQUIRE(plane.re[i] == Approx(in.data()[i]).margin(1e-3));
        REQUIRE(plane.im[i] == Approx(0).margin(1e-3));
    }
}

TEST_CASE("fft: good sizes") {
    CHECK(good_fft_size(1) == 1);
    CHECK(good_fft_size(7) == 8);
    CHECK(good_fft_size(401) == 405);
    CHECK_THROWS_AS(FftPlan(7), PreconditionError);
    CHECK_THROWS_AS(FftPlan(0), PreconditionError);
}
