// SPDX-License-Identifier: Apache-2.0
#include "images.hpp"

#include <guide/filters/phase_symmetry.hpp>

#include <catch2/catch.hpp>

#include <numbers>

using namespace guide;
using namespace guide::filters;

namespace {

constexpr double kPi = std::numbers::pi;

struct Monogenic {
    Image<float> even, odd_x, odd_y;
};

Monogenic monogenic(ImageView<const float> in, BandOptions band, int threads = 1) {
    Monogenic m{Image<float>(in.width, in.height), Image<float>(in.width, in.height),
                Image<float>(in.width, in.height)};
    monogenic_signal(in, {m.even.view(), m.odd_x.view(), m.odd_y.view()}, band, {threads});
    return m;
}

/// A plane wave with `u` and `v` cycles per pixel.
Image<float> wave(int width, int height, double u, double v) {
    Image<float> image(width, height);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            image.at(x, y) = static_cast<float>(100 + 50 * std::cos(2 * kPi * (u * x + v * y)));
        }
    }
    return image;
}

/// A bright level line with a Gaussian profile, `sigma` px wide, along y = `row`.
Image<float> level_line(int width, int height, double row, double sigma, float background = 40) {
    Image<float> image(width, height);
    for (int y = 0; y < height; ++y) {
        const double d = (y - row) / sigma;
        for (int x = 0; x < width; ++x) {
            image.at(x, y) = background + static_cast<float>(100 * std::exp(-0.5 * d * d));
        }
    }
    return image;
}

}  // namespace

TEST_CASE("monogenic: a plane wave answers with gain, direction and a quarter period") {
    const double u = 0.06, v = 0.08, radius = 0.1;
    const BandOptions band{8, 0.55};
    const auto in = wave(160, 150, u, v);
    const auto m = monogenic(in.view(), band);
    const double l = std::log(radius * 8) / std::log(0.55);
    const double gain = 50 * std::exp(-0.5 * l * l);
    for (int y = 60; y < 90; ++y) {
        for (int x = 60; x < 100; ++x) {
            const double phase = 2 * kPi * (u * x + v * y);
            REQUIRE(m.even.at(x, y) == Approx(gain * std::cos(phase)).margin(0.4));
            REQUIRE(m.odd_x.at(x, y) == Approx(-gain * u / radius * std::sin(phase)).margin(0.4));
            REQUIRE(m.odd_y.at(x, y) == Approx(-gain * v / radius * std::sin(phase)).margin(0.4));
        }
    }
}

TEST_CASE("monogenic: a constant answers with nothing, at awkward sizes") {
    for (const int w : test::kAwkwardSizes) {
        for (const int h : test::kAwkwardSizes) {
            const Image<float> in(w, h, 90.0F);
            const auto m = monogenic(in.view(), {6, 0.55});
            const Image<float> nothing(w, h);
            CHECK(test::largest_difference(m.even, nothing) < 1e-4);
            CHECK(test::largest_difference(m.odd_x, nothing) < 1e-4);
            CHECK(test::largest_difference(m.odd_y, nothing) < 1e-4);
        }
    }
}

TEST_CASE("monogenic: flips turn the sign of one odd part") {
    const int size = GENERATE(63, 64, 65);
    const auto in = test::random_image(size, size + 1);
    const BandOptions band{6, 0.55};
    const auto m = monogenic(in.view(), band);
    const auto x = monogenic(test::flipped_x(in).view(), band);
    auto minus = test::flipped_x(m.odd_x);
    for (std::size_t i = 0; i < minus.size(); ++i)
        minus.data()[i] *= -1;
    CHECK(test::largest_difference(x.even, test::flipped_x(m.even)) < 1e-3);
    CHECK(test::largest_difference(x.odd_x, minus) < 1e-3);
    CHECK(test::largest_difference(x.odd_y, test::flipped_x(m.odd_y)) < 1e-3);
}

TEST_CASE("monogenic: strides, threads and pixels that are no numbers") {
    const auto in = test::random_image(70, 90);
    const BandOptions band{5, 0.6};
    const auto m = monogenic(in.view(), band);
    const auto threaded = monogenic(in.view(), band, 4);
    CHECK(test::largest_difference(m.even, threaded.even) == 0);
    CHECK(test::largest_difference(m.odd_y, threaded.odd_y) == 0);
    const test::Strided source(in);
    CHECK(test::largest_difference(monogenic(source.part, band).even, m.even) == 0);
    Image<float> holes = in.clone(), zeros = in.clone();
    holes.at(4, 4) = NAN;
    zeros.at(4, 4) = 0;
    CHECK(test::largest_difference(monogenic(holes.view(), band).even,
                                   monogenic(zeros.view(), band).even) == 0);
}

TEST_CASE("phase_symmetry: a bright line is a crest of its own polarity alone") {
    const auto in = level_line(120, 100, 50, 2);
    PhaseSymmetryOptions options{8, 3, 2, 0.55, 2, Polarity::bright};
    const auto bright = phase_symmetry(in.view(), options);
    options.polarity = Polarity::dark;
    const auto dark = phase_symmetry(in.view(), options);
    options.polarity = Polarity::both;
    const auto both = phase_symmetry(in.view(), options);
    for (int x = 10; x < 110; ++x) {
        CHECK(bright.symmetry.at(x, 50) > 0.8);
        CHECK(both.symmetry.at(x, 50) > 0.8);
        CHECK(dark.symmetry.at(x, 50) == 0);
        for (int y = 40; y < 60; ++y)
            CHECK(bright.energy.at(x, y) <= bright.energy.at(x, 50));
        CHECK(std::abs(std::abs(bright.orientation.at(x, 48)) - kPi / 2) < 0.02);
    }
}

TEST_CASE("phase_symmetry: does not depend on contrast, stays within 0 and 1") {
    const auto in = test::random_image(64, 65);
    Image<float> doubled = in.clone();
    for (std::size_t i = 0; i < doubled.size(); ++i)
        doubled.data()[i] = 2 * doubled.data()[i] + 30;
    const PhaseSymmetryOptions options{4, 3};
    const auto a = phase_symmetry(in.view(), options), b = phase_symmetry(doubled.view(), options);
    CHECK(test::largest_difference(a.symmetry, b.symmetry) < 1e-4);
    for (std::size_t i = 0; i < a.symmetry.size(); ++i) {
        REQUIRE(a.symmetry.data()[i] >= 0);
        REQUIRE(a.symmetry.data()[i] <= 1);
    }
    const auto threaded = phase_symmetry(in.view(), options, {3});
    CHECK(test::largest_difference(a.symmetry, threaded.symmetry) == 0);
    CHECK(test::largest_difference(a.energy, threaded.energy) == 0);
}

TEST_CASE("phase_symmetry: a constant and tiny images answer with nothing") {
    for (const int size : {1, 2, 3, 65}) {
        const Image<float> in(size, size, 70.0F);
        const auto result = phase_symmetry(in.view(), {});
        CHECK(test::largest_difference(result.symmetry, Image<float>(size, size)) == 0);
    }
    CHECK(phase_symmetry(ImageView<const float>(), {}).symmetry.empty());
}

TEST_CASE("phase_symmetry: wrong options throw") {
    const Image<float> in(8, 8);
    CHECK_THROWS_AS(phase_symmetry(in.view(), {1, 3}), PreconditionError);
    CHECK_THROWS_AS(phase_symmetry(in.view(), {3, 0}), PreconditionError);
    CHECK_THROWS_AS(phase_symmetry(in.view(), {3, 3, 1.0}), PreconditionError);
    CHECK_THROWS_AS(phase_symmetry(in.view(), {3, 3, 2, 1.5}), PreconditionError);
    CHECK_THROWS_AS(phase_symmetry(in.view(), {NAN}), PreconditionError);
}
