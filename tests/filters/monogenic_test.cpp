// SPDX-License-Identifier: Apache-2.0
#include "allocations.hpp"
#include "images.hpp"
#include "instruction_sets.hpp"
#include "median.hpp"

#include <guide/filters/monogenic.hpp>

#include <catch2/catch.hpp>

#include <array>
#include <complex>
#include <limits>
#include <numbers>
#include <stop_token>

using namespace guide;
using namespace guide::filters;

namespace {

constexpr double kPi = std::numbers::pi;

/// All results of one call.
struct Results {
    Image<float> even, odd_x, odd_y, amplitude, energy, phase, orientation, line_energy, symmetry,
        asymmetry;
    double threshold = 0;

    Results(int w, int h) {
        for (auto* image : images())
            *image = Image<float>(w, h);
    }
    std::array<Image<float>*, 10> images() {
        return {&even,  &odd_x,       &odd_y,       &amplitude, &energy,
                &phase, &orientation, &line_energy, &symmetry,  &asymmetry};
    }
    const Image<float>& image(std::size_t i) { return *images()[i]; }
    MonogenicViews views() {
        return {even.view(),     odd_x.view(),    odd_y.view(),       amplitude.view(),
                energy.view(),   phase.view(),    orientation.view(), line_energy.view(),
                symmetry.view(), asymmetry.view()};
    }
};

Results results(ImageView<const float> in, const MonogenicOptions& options, int threads = 1) {
    Results all(in.width, in.height);
    all.threshold = monogenic(in, all.views(), options, {threads, {}});
    return all;
}

double largest_difference(Results& a, Results& b) {
    double largest = std::abs(a.threshold - b.threshold);
    for (std::size_t i = 0; i < 10; ++i)
        largest = std::max(largest, test::largest_difference(a.image(i), b.image(i)));
    return largest;
}

using Plane = std::vector<std::complex<double>>;

/// Fourier transform of `width` x `height` numbers as its definition says, sign -1 or +1.
Plane transformed(const Plane& in, int width, int height, int sign) {
    const auto along = [sign](const Plane& from, int n, int lines) {
        std::vector<std::complex<double>> turn;
        for (int i = 0; i < n; ++i)
            turn.push_back(std::polar(1.0, sign * 2 * kPi * i / n));
        Plane to(from.size());  // with the axes exchanged
        for (int line = 0; line < lines; ++line) {
            for (int k = 0; k < n; ++k) {
                std::complex<double> sum = 0;
                for (int i = 0; i < n; ++i)
                    sum += from[static_cast<std::size_t>(line * n + i)] *
                           turn[static_cast<std::size_t>(i * k % n)];
                to[static_cast<std::size_t>(k * lines + line)] = sum;
            }
        }
        return to;
    };
    return along(along(in, width, height), height, width);
}

/// Sums over the bands of f, h1, h2 and A by Fourier transform of the image that is mirrored to
/// `w` x `h` pixels, the same number beyond both ends, and again to twice that.
std::vector<Image<float>> definition(const Image<float>& in, const MonogenicOptions& o, int w,
                                     int h) {
    const int width = 2 * w, height = 2 * h, left = (w - in.width()) / 2,
              top = (h - in.height()) / 2;
    const auto mirrored = [](int i, int n) {
        const int j = ((i % (2 * n)) + 2 * n) % (2 * n);
        return std::min(j, 2 * n - 1 - j);
    };
    const auto at = [&](int x, int y) { return static_cast<std::size_t>(y * width + x); };
    Plane image(at(0, height));
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            image[at(x, y)] =
                static_cast<double>(in.at(mirrored(mirrored(x, w) - left, in.width()),
                                          mirrored(mirrored(y, h) - top, in.height())));
        }
    }
    const Plane spectrum = transformed(image, width, height, -1);
    std::vector<Image<float>> sums;
    for (int i = 0; i < 4; ++i)
        sums.emplace_back(in.width(), in.height());
    for (int s = 0; s < o.scales; ++s) {
        Plane parts[3] = {Plane(image.size()), Plane(image.size()), Plane(image.size())};
        for (int y = 0; y < height; ++y) {
            for (int x = 0; x < width; ++x) {
                const double u = (x < w ? x : x - width) / static_cast<double>(width);
                const double v = (y < h ? y : y - height) / static_cast<double>(height);
                const double r = std::hypot(u, v);
                if (r == 0) continue;
                const double l = std::log(r * o.min_wavelength_px * std::pow(o.factor, s)) /
                                 std::log(o.sigma_on_f);
                double gain = std::exp(-0.5 * l * l) / (width * height);
                if (o.low_pass > 0) gain /= 1 + std::pow(r / o.low_pass, 20);
                const std::complex<double> i(0, 1), f = gain * spectrum[at(x, y)];
                parts[0][at(x, y)] = f;
                parts[1][at(x, y)] = x == w ? 0 : i * u / r * f;
                parts[2][at(x, y)] = y == h ? 0 : i * v / r * f;
            }
        }
        for (auto& part : parts)
            part = transformed(part, width, height, +1);
        for (int y = 0; y < in.height(); ++y) {
            for (int x = 0; x < in.width(); ++x) {
                double squares = 0;
                for (std::size_t i = 0; i < 3; ++i) {
                    const double value = parts[i][at(x + left, y + top)].real();
                    sums[i].at(x, y) += static_cast<float>(value);
                    squares += value * value;
                }
                sums[3].at(x, y) += static_cast<float>(std::sqrt(squares));
            }
        }
    }
    return sums;
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
Image<float> level_line(int width, int height, double row, double sigma) {
    Image<float> image(width, height);
    for (int y = 0; y < height; ++y) {
        const double d = (y - row) / sigma;
        for (int x = 0; x < width; ++x)
            image.at(x, y) = static_cast<float>(40 + 100 * std::exp(-0.5 * d * d));
    }
    return image;
}

}  // namespace

TEST_CASE("monogenic: equals its definition at awkward sizes") {
    const auto check = [](int w, int h, int whole_w, int whole_h, const MonogenicOptions& options) {
        const auto in = test::random_image(w, h);
        const auto expected = definition(in, options, whole_w, whole_h);
        test::for_each_instruction_set([&] {
            auto all = results(in.view(), options);
            INFO(w << " x " << h);
            for (std::size_t i = 0; i < expected.size(); ++i)
                CHECK(test::largest_difference(all.image(i), expected[i]) < 1e-4 * 255);
        });
    };
    MonogenicOptions options;
    options.scales = 2;
    options.factor = 4;
    for (const int w : test::kAwkwardSizes) {
        for (const int h : test::kAwkwardSizes)
            check(w, h, w, h, options);
    }
    check(17, 19, 21, 21, options);  // prime numbers
    options.low_pass = 0;
    options.sigma_on_f = 0.7;
    check(40, 24, 40, 24, options);
}

TEST_CASE("monogenic: every length of line is transformed right") {
    // One column against one row, and a band that lets most pass.
    const MonogenicOptions options{3, 1, 2, 0.3, 0};
    for (const int n :
         {4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 18, 20, 21,  22,  24,  25,  26,
          27, 28, 30, 32, 33, 35, 36, 39, 40, 44, 45, 48, 49, 50, 52, 121, 143, 169, 600, 1024}) {
        const auto row = test::random_image(n, 1);
        const auto expected = definition(row, options, n, 1);
        Image<float> column(1, n);
        for (int i = 0; i < n; ++i)
            column.at(0, i) = row.at(i, 0);
        const auto across = results(row.view(), options), down = results(column.view(), options);
        INFO(n << " pixels");
        CHECK(test::largest_difference(across.even, expected[0]) < 1e-4 * 255);
        CHECK(test::largest_difference(across.odd_x, expected[1]) < 1e-4 * 255);
        for (int i = 0; i < n; ++i) {
            REQUIRE(down.even.at(0, i) == Approx(across.even.at(i, 0)).margin(0.02));
            REQUIRE(down.odd_y.at(0, i) == Approx(across.odd_x.at(i, 0)).margin(0.02));
        }
    }
}

TEST_CASE("monogenic: the results follow from the parts") {
    const auto in = test::random_image(70, 61);
    test::for_each_instruction_set([&] {
        const auto all = results(in.view(), {3, 1});
        std::vector<float> amplitudes;
        for (int y = 0; y < in.height(); ++y) {
            for (int x = 0; x < in.width(); ++x) {
                const auto at = [&](const Image<float>& image) {
                    return static_cast<double>(image.at(x, y));
                };
                const double f = at(all.even), h1 = at(all.odd_x), h2 = at(all.odd_y);
                const double h = std::hypot(h1, h2), a = std::hypot(f, h);
                REQUIRE(at(all.energy) == Approx(a).epsilon(1e-5));
                REQUIRE(at(all.amplitude) == Approx(a).epsilon(1e-5));
                REQUIRE(at(all.phase) == Approx(std::atan2(h, f)).margin(1e-5));
                double angle = std::atan2(h2, h1);
                angle -= angle > kPi / 2 ? kPi : angle < -kPi / 2 ? -kPi : 0;
                REQUIRE(at(all.orientation) == Approx(angle).margin(1e-5));
                const double line = std::abs(f) - h;
                REQUIRE(at(all.line_energy) == Approx(line).margin(1e-3));
                const double t = all.threshold;
                REQUIRE(at(all.symmetry) ==
                        Approx(std::max(line - t, 0.0) / (a + 1e-4)).margin(1e-4));
                REQUIRE(at(all.asymmetry) ==
                        Approx(std::max(-line - t, 0.0) / (a + 1e-4)).margin(1e-4));
                amplitudes.push_back(all.amplitude.at(x, y));
            }
        }
        std::sort(amplitudes.begin(), amplitudes.end());
        const double tau =
            static_cast<double>(amplitudes[amplitudes.size() / 2]) / std::sqrt(std::log(4.0));
        CHECK(all.threshold ==
              Approx(tau * (std::sqrt(kPi / 2) + 2 * std::sqrt((4 - kPi) / 2))).epsilon(1e-5));
    });
}

TEST_CASE("monogenic: a plane wave answers with gain, direction and a quarter period") {
    const double u = 0.06, v = 0.08, radius = 0.1;
    const auto all = results(wave(160, 150, u, v).view(), {8, 1});
    const double l = std::log(radius * 8) / std::log(0.55);
    const double gain = 50 * std::exp(-0.5 * l * l);
    for (int y = 60; y < 90; ++y) {
        for (int x = 60; x < 100; ++x) {
            const double phase = 2 * kPi * (u * x + v * y);
            REQUIRE(all.even.at(x, y) == Approx(gain * std::cos(phase)).margin(0.4));
            REQUIRE(all.odd_x.at(x, y) == Approx(-gain * u / radius * std::sin(phase)).margin(0.4));
            REQUIRE(all.odd_y.at(x, y) == Approx(-gain * v / radius * std::sin(phase)).margin(0.4));
            REQUIRE(all.energy.at(x, y) == Approx(gain).margin(0.5));
        }
    }
}

TEST_CASE("monogenic: a bright line is a crest of its own polarity alone, its flanks are edges") {
    const auto in = level_line(120, 100, 50, 2);
    MonogenicOptions options{8, 3, 2};
    options.polarity = Polarity::bright;
    const auto bright = results(in.view(), options);
    options.polarity = Polarity::dark;
    const auto dark = results(in.view(), options);
    options.polarity = Polarity::both;
    const auto both = results(in.view(), options);
    for (int x = 0; x < 120; ++x) {
        CHECK(bright.symmetry.at(x, 50) > 0.8);
        CHECK(both.symmetry.at(x, 50) > 0.8);
        CHECK(dark.symmetry.at(x, 50) == 0);
        CHECK(bright.phase.at(x, 50) < 0.05);
        CHECK(both.asymmetry.at(x, 50) == 0);
        CHECK(both.asymmetry.at(x, 46) > 0.1);
        for (int y = 40; y < 60; ++y)
            CHECK(bright.line_energy.at(x, y) <= bright.line_energy.at(x, 50));
        CHECK(std::abs(std::abs(bright.orientation.at(x, 48)) - kPi / 2) < 0.02);
    }
}

TEST_CASE("monogenic: a constant answers with exactly nothing") {
    for (const int w : test::kAwkwardSizes) {
        for (const int h : {1, 64, 65}) {
            auto all = results(Image<float>(w, h, 90.7F).view(), {});
            for (const auto* image : all.images())
                CHECK(test::largest_difference(*image, Image<float>(w, h)) == 0);
            CHECK(all.threshold == 1e-4);
        }
    }
}

TEST_CASE("monogenic: flips commute, with sizes that are continued too") {
    const int size = GENERATE(63, 64, 67, 74);
    const auto in = test::random_image(size, size + 1);
    const auto all = results(in.view(), {});
    const auto negative = [](Image<float> image) {
        for (std::size_t i = 0; i < image.size(); ++i)
            image.data()[i] *= -1;
        return image;
    };
    const auto x = results(test::flipped_x(in).view(), {});
    CHECK(test::largest_difference(x.even, test::flipped_x(all.even)) < 1e-3);
    CHECK(test::largest_difference(x.odd_x, negative(test::flipped_x(all.odd_x))) < 1e-3);
    CHECK(test::largest_difference(x.odd_y, test::flipped_x(all.odd_y)) < 1e-3);
    CHECK(test::largest_difference(x.symmetry, test::flipped_x(all.symmetry)) < 1e-4);
    // Along y, where spectra are cut: the cut is symmetric too.
    const auto y = results(test::flipped_y(in).view(), {});
    CHECK(test::largest_difference(y.even, test::flipped_y(all.even)) < 1e-3);
    CHECK(test::largest_difference(y.odd_x, test::flipped_y(all.odd_x)) < 1e-3);
    CHECK(test::largest_difference(y.odd_y, negative(test::flipped_y(all.odd_y))) < 1e-3);
    CHECK(test::largest_difference(y.symmetry, test::flipped_y(all.symmetry)) < 1e-4);
}

TEST_CASE("monogenic: symmetry does not depend on contrast and stays within 0 and 1") {
    const auto in = test::random_image(64, 65);
    Image<float> doubled = in.clone();
    for (std::size_t i = 0; i < doubled.size(); ++i)
        doubled.data()[i] = 2 * doubled.data()[i] + 30;
    MonogenicOptions options{4, 3};
    options.noise_factor = 0;
    const auto a = results(in.view(), options), b = results(doubled.view(), options);
    CHECK(test::largest_difference(a.symmetry, b.symmetry) < 1e-4);
    CHECK(test::largest_difference(a.asymmetry, b.asymmetry) < 1e-4);
    float largest = 0;
    for (std::size_t i = 0; i < a.symmetry.size(); ++i) {
        for (const float value : {a.symmetry.data()[i], a.asymmetry.data()[i]}) {
            REQUIRE(value >= 0);
            REQUIRE(value <= 1);
            largest = std::max(largest, value);
        }
    }
    CHECK(largest > 0.1);
}

TEST_CASE("monogenic: strides and threads give the same bits, in place too") {
    const auto in = test::random_image(130, 101);
    auto all = results(in.view(), {});
    auto two = results(in.view(), {}, 2), three = results(in.view(), {}, 3);
    CHECK(largest_difference(two, all) == 0);
    CHECK(largest_difference(three, all) == 0);
    const test::Strided source(in);
    auto strided = results(source.part, {});
    CHECK(largest_difference(strided, all) == 0);
    test::Strided target(in);
    MonogenicViews views;
    views.phase = target.part;
    monogenic(target.part, views);
    CHECK(test::largest_difference(target.part, all.phase.view()) == 0);
    CHECK(std::isnan(target.whole.at(2, 2)));
    CHECK(std::isnan(target.whole.at(133, 50)));
}

TEST_CASE("monogenic: each result can be had alone") {
    const auto in = test::random_image(50, 40);
    auto all = results(in.view(), {});
    MonogenicPlan plan(50, 40);
    for (std::size_t i = 0; i < 10; ++i) {
        Image<float> alone(50, 40);
        MonogenicViews views;
        ImageView<float>* const members[] = {
            &views.even,     &views.odd_x,    &views.odd_y,       &views.amplitude,
            &views.energy,   &views.phase,    &views.orientation, &views.line_energy,
            &views.symmetry, &views.asymmetry};
        *members[i] = alone.view();
        monogenic(in.view(), views, plan);
        INFO("result " << i);
        CHECK(test::largest_difference(alone, all.image(i)) == 0);
    }
    CHECK(monogenic(in.view(), {}, plan) == 0);
}

TEST_CASE("monogenic: pixels that are no numbers, or too large, count as 0") {
    Image<float> holes = test::random_image(70, 40), zeros = holes.clone();
    holes.at(4, 4) = NAN;
    holes.at(69, 39) = std::numeric_limits<float>::infinity();
    holes.at(33, 0) = -3e38F;
    zeros.at(4, 4) = zeros.at(69, 39) = zeros.at(33, 0) = 0;
    auto a = results(holes.view(), {}), b = results(zeros.view(), {});
    CHECK(largest_difference(a, b) == 0);
    auto nothing = results(Image<float>(9, 5, NAN).view(), {}),
         zero = results(Image<float>(9, 5).view(), {});
    CHECK(largest_difference(nothing, zero) == 0);
}

TEST_CASE("monogenic: nothing of the size of the image is allocated the second time") {
    const auto in = test::random_image(640, 480);
    Results all(640, 480);
    MonogenicPlan plan(640, 480);
    monogenic(in.view(), all.views(), plan, {2, {}});
    const test::Allocations allocations;
    monogenic(in.view(), all.views(), plan, {2, {}});
    CHECK(allocations.largest() < 640 * sizeof(float));
}

TEST_CASE("monogenic: it stops when asked to") {
    std::stop_source source;
    source.request_stop();
    const auto in = test::random_image(64, 64);
    Results all(64, 64);
    MonogenicPlan plan(64, 64);
    CHECK_THROWS_AS(monogenic(in.view(), all.views(), plan, {2, source.get_token()}), Stopped);
    // The plan is good for the next call.
    all.threshold = monogenic(in.view(), all.views(), plan);
    auto expected = results(in.view(), {});
    CHECK(largest_difference(all, expected) == 0);
}

TEST_CASE("monogenic: wrong calls throw") {
    const auto bad = [](const char* field, auto change) {
        MonogenicOptions options;
        change(options);
        CHECK_THROWS_WITH(options.validate(), Catch::Contains(field));
        CHECK_THROWS_AS(MonogenicPlan(8, 8, options), PreconditionError);
    };
    bad("min_wavelength_px", [](auto& o) { o.min_wavelength_px = 1; });
    bad("min_wavelength_px", [](auto& o) { o.min_wavelength_px = NAN; });
    bad("scales", [](auto& o) { o.scales = 0; });
    bad("factor", [](auto& o) { o.factor = 1; });
    bad("factor", [](auto& o) { o.factor = 10, o.scales = 12; });
    bad("sigma_on_f", [](auto& o) { o.sigma_on_f = 1; });
    bad("low_pass", [](auto& o) { o.low_pass = 0.7; });
    bad("noise_factor", [](auto& o) { o.noise_factor = -1; });
    Image<float> a(8, 8), b(9, 8);
    MonogenicPlan plan(8, 8);
    MonogenicViews views;
    views.phase = b.view();
    CHECK_THROWS_AS(monogenic(a.view(), views, plan), PreconditionError);
    CHECK_THROWS_AS(monogenic(b.view(), views, plan), PreconditionError);
    CHECK_THROWS_AS(MonogenicPlan(-1, 8), PreconditionError);
    CHECK(monogenic(ImageView<const float>(), MonogenicViews()) == 0);
}

TEST_CASE("median: equals sorting, with equal and ordered values too") {
    test::for_each_instruction_set([] {
        for (const std::size_t count : {1U, 2U, 17U, 5000U, 60001U}) {
            for (const int kind : {0, 1, 2, 3}) {
                const auto random = test::random_image(static_cast<int>(count), 1, count);
                std::vector<float> values(random.data(), random.data() + count), room(count);
                for (std::size_t i = 0; i < count && kind > 0; ++i) {
                    if (kind == 1) values[i] = std::floor(values[i] / 100);
                    if (kind == 2) values[i] = i % 53 == 0 ? 1 : static_cast<float>(i);
                    if (kind == 3) values[i] = i % (count / 1024 + 1) == 0 ? 9 : values[i] / 255;
                }
                auto sorted = values;
                std::sort(sorted.begin(), sorted.end());
                INFO(count << " values of kind " << kind);
                CHECK(median(values.data(), room.data(), count) == sorted[count / 2]);
            }
        }
    });
}
