// SPDX-License-Identifier: Apache-2.0
#include "allocations.hpp"
#include "images.hpp"
#include "instruction_sets.hpp"

#include <guide/filters/gaussian.hpp>
#include <guide/filters/non_local_means.hpp>

#include <catch2/catch.hpp>

#include <limits>

using namespace guide;
using filters::NonLocalMeansOptions;

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

NonLocalMeansOptions small() {
    NonLocalMeansOptions options;
    options.search_radius = 3;
    options.patch_radius = 1;
    options.smoothing = 3;
    return options;
}

Image<float> denoised(const Image<float>& in, const NonLocalMeansOptions& options,
                      int threads = 1) {
    Image<float> out(in.width(), in.height(), NAN);
    filters::non_local_means(in.view(), out.view(), options, {threads, {}});
    return out;
}

/// Smooth shapes with noise: patches that are alike, and others.
Image<float> noisy_shapes(int width, int height) {
    auto image = test::random_image(width, height);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const float shape = (x / 5 + y / 7) % 2 == 0 ? 60.0F : 140.0F;
            image.at(x, y) = shape + 0.15F * image.at(x, y);
        }
    }
    return image;
}

int mirrored(int i, int count) {
    if (count == 1) return 0;
    while (i < 0 || i >= count)
        i = i < 0 ? -i : 2 * (count - 1) - i;
    return i;
}

double stabilised(double v, double gamma) {
    return gamma == 0 ? v : std::pow(std::max(v, 0.0), 1 - gamma) / (1 - gamma);
}

/// The definition, in double precision. Comparing under a Gaussian is blurring first.
Image<float> plain(const Image<float>& in, const NonLocalMeansOptions& o) {
    const int reach = o.search_radius + o.patch_radius + 20;
    Image<float> wide(in.width() + 2 * reach, in.height() + 2 * reach);
    for (int y = 0; y < wide.height(); ++y) {
        for (int x = 0; x < wide.width(); ++x) {
            const float v =
                in.at(mirrored(x - reach, in.width()), mirrored(y - reach, in.height()));
            wide.at(x, y) = std::isfinite(v) ? v : 0;
        }
    }
    Image<float> compared = wide.clone();
    if (o.compare_sigma > 0) {
        filters::gaussian_blur(wide.view(), compared.view(), {o.compare_sigma, o.compare_sigma});
    }
    Image<double> compare(compared.width(), compared.height());
    for (int y = 0; y < compare.height(); ++y) {
        for (int x = 0; x < compare.width(); ++x)
            compare.at(x, y) = stabilised(compared.at(x, y), o.gamma);
    }
    Image<float> out(in.width(), in.height());
    const int r = o.search_radius, p = o.patch_radius;
    for (int y = 0; y < in.height(); ++y) {
        for (int x = 0; x < in.width(); ++x) {
            if (!std::isfinite(in.at(x, y))) {
                out.at(x, y) = in.at(x, y);
                continue;
            }
            double sum = 0, total = 0;
            for (int dy = -r; dy <= r; ++dy) {
                for (int dx = -r; dx <= r; ++dx) {
                    double d = 0;
                    for (int j = -p; j <= p; ++j) {
                        for (int i = -p; i <= p; ++i) {
                            const double t = compare.at(reach + x + i, reach + y + j) -
                                             compare.at(reach + x + dx + i, reach + y + dy + j);
                            d += t * t;
                        }
                    }
                    const double w = std::exp(-d / std::pow((2 * p + 1) * o.smoothing, 2));
                    sum += w * wide.at(reach + x + dx, reach + y + dy);
                    total += w;
                }
            }
            out.at(x, y) = static_cast<float>(sum / total);
        }
    }
    return out;
}

}  // namespace

TEST_CASE("non-local means: equal their definition at awkward sizes") {
    auto sevens = small();  // patches with a kernel of their own
    sevens.search_radius = 2;
    sevens.patch_radius = 3;
    for (const auto& options : {small(), sevens}) {
        for (const int w : test::kAwkwardSizes) {
            for (const int h : test::kAwkwardSizes) {
                const auto in = noisy_shapes(w, h), truth = plain(in, options);
                INFO(w << " x " << h << ", patch " << options.patch_radius);
                test::for_each_instruction_set(
                    [&] { CHECK(test::largest_difference(denoised(in, options), truth) < 0.05); });
            }
        }
    }
}

TEST_CASE("non-local means: equal their definition for any windows and exponents") {
    const auto in = noisy_shapes(40, 34);
    for (const int patch : {0, 2, 3, 4, 5, 10}) {
        for (const double gamma : {0.0, 0.3, 0.5}) {
            NonLocalMeansOptions options;
            options.search_radius = patch == 3 ? 10 : 2;
            options.patch_radius = patch;
            options.gamma = gamma;
            options.smoothing = gamma == 0 ? 10 : 1.5;
            options.compare_sigma = patch % 2;
            INFO("patch " << patch << ", gamma " << gamma);
            const auto truth = plain(in, options);
            test::for_each_instruction_set(
                [&] { CHECK(test::largest_difference(denoised(in, options), truth) < 0.05); });
        }
    }
}

TEST_CASE("non-local means: the widest search in a small image") {
    const auto in = noisy_shapes(21, 9);
    NonLocalMeansOptions options;
    options.search_radius = 30;
    options.patch_radius = 1;
    CHECK(test::largest_difference(denoised(in, options), plain(in, options)) < 0.05);
}

TEST_CASE("non-local means: a constant stays") {
    const Image<float> in(65, 63, 200.0F);
    CHECK(test::largest_difference(denoised(in, {}), in) < 200e-6);
    const Image<float> zero(20, 20, 0.0F);
    CHECK(test::largest_difference(denoised(zero, {}), zero) == 0);
}

TEST_CASE("non-local means: two constants keep their edge") {
    Image<float> in(60, 40, 50.0F);
    for (int y = 0; y < 40; ++y) {
        for (int x = 30; x < 60; ++x)
            in.at(x, y) = 150;
    }
    auto options = NonLocalMeansOptions{};
    options.compare_sigma = 0;
    CHECK(test::largest_difference(denoised(in, options), in) < 0.01);
}

TEST_CASE("non-local means: little smoothing leaves the frame and much makes a box filter") {
    const auto in = noisy_shapes(30, 20);
    auto options = small();
    options.smoothing = 0.03;
    options.compare_sigma = 0;
    CHECK(test::largest_difference(denoised(in, options), in) < 1e-3);
    options.smoothing = 1e6;
    CHECK(test::largest_difference(denoised(in, options), plain(in, options)) < 0.05);
}

TEST_CASE("non-local means: flips commute") {
    const auto in = noisy_shapes(64, 65);
    const auto options = small();
    const auto out = denoised(in, options);
    // The last bit of a blurred value may carry it over the border of a step.
    CHECK(test::largest_difference(denoised(test::flipped_x(in), options), test::flipped_x(out)) <
          0.05);
    CHECK(test::largest_difference(denoised(test::flipped_y(in), options), test::flipped_y(out)) <
          0.05);
}

TEST_CASE("non-local means: strided views, any number of threads and one place give equal bits") {
    auto in = noisy_shapes(500, 170);  // more than one tile and band
    const auto out = denoised(in, {});
    for (const int threads : {2, 3, 0})
        CHECK(test::largest_difference(denoised(in, {}, threads), out) == 0);
    const test::Strided source(in);
    test::Strided target(in);
    filters::non_local_means(source.part, target.part);
    CHECK(test::largest_difference(target.part, out.view()) == 0);
    CHECK(std::isnan(target.whole.at(2, 2)));
    filters::non_local_means(in.view(), in.view());
    CHECK(test::largest_difference(in, out) == 0);
}

TEST_CASE("non-local means: what is not finite counts as 0 and stays") {
    auto in = noisy_shapes(30, 30);
    auto zeroed = in.clone();
    in.at(3, 4) = NAN;
    in.at(20, 11) = kInfinity;
    in.at(0, 29) = -kInfinity;
    zeroed.at(3, 4) = zeroed.at(20, 11) = zeroed.at(0, 29) = 0;
    auto expected = denoised(zeroed, small());
    const auto out = denoised(in, small());
    CHECK(std::isnan(out.at(3, 4)));
    CHECK(out.at(20, 11) == kInfinity);
    CHECK(out.at(0, 29) == -kInfinity);
    for (const auto& [x, y] : {std::pair{3, 4}, {20, 11}, {0, 29}})
        expected.at(x, y) = 0;
    auto rest = out.clone();
    for (const auto& [x, y] : {std::pair{3, 4}, {20, 11}, {0, 29}})
        rest.at(x, y) = 0;
    CHECK(test::largest_difference(rest, expected) == 0);
}

TEST_CASE("non-local means: a value far off changes nothing beyond its reach") {
    auto in = noisy_shapes(80, 40);
    const auto before = denoised(in, small());
    in.at(10, 20) = 1e20F;
    const auto after = denoised(in, small());
    double worst = 0;
    for (int y = 0; y < 40; ++y) {
        for (int x = 30; x < 80; ++x)
            worst = std::max<double>(worst, std::abs(after.at(x, y) - before.at(x, y)));
    }
    CHECK(worst < 1);  // the steps are wider then
}

TEST_CASE("non-local means: the second call allocates lines only, and stops when asked") {
    const auto in = noisy_shapes(600, 500);
    Image<float> out(600, 500);
    NonLocalMeansOptions options;
    options.search_radius = 2;
    filters::Workspace workspace;
    filters::non_local_means(in.view(), out.view(), options, workspace);
    const test::Allocations watch;
    filters::non_local_means(in.view(), out.view(), options, workspace);
    CHECK(watch.largest() < in.size() * sizeof(float) / 4);
    std::stop_source stop;
    stop.request_stop();
    CHECK_THROWS_AS(filters::non_local_means(in.view(), out.view(), options, {1, stop.get_token()}),
                    Stopped);
}

TEST_CASE("non-local means: wrong calls throw and name the option") {
    Image<float> a(4, 4), b(5, 4);
    CHECK_THROWS_AS(filters::non_local_means(a.view(), b.view()), PreconditionError);
    const auto wrong = [&](auto member, auto value) {
        NonLocalMeansOptions options;
        options.*member = value;
        return denoised(a, options);
    };
    using O = NonLocalMeansOptions;
    CHECK_THROWS_WITH(wrong(&O::search_radius, 0), Catch::Contains("search_radius"));
    CHECK_THROWS_WITH(wrong(&O::search_radius, 31), Catch::Contains("search_radius"));
    CHECK_THROWS_WITH(wrong(&O::patch_radius, -1), Catch::Contains("patch_radius"));
    CHECK_THROWS_WITH(wrong(&O::patch_radius, 11), Catch::Contains("patch_radius"));
    CHECK_THROWS_WITH(wrong(&O::gamma, 1.0), Catch::Contains("gamma"));
    CHECK_THROWS_WITH(wrong(&O::smoothing, 0.0), Catch::Contains("smoothing"));
    CHECK_THROWS_WITH(wrong(&O::smoothing, double{kInfinity}), Catch::Contains("smoothing"));
    CHECK_THROWS_WITH(wrong(&O::compare_sigma, NAN), Catch::Contains("compare_sigma"));
    CHECK_NOTHROW(filters::non_local_means({}, {}));
}
