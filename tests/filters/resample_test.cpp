// SPDX-License-Identifier: Apache-2.0
#include "allocations.hpp"
#include "images.hpp"
#include "instruction_sets.hpp"

#include <guide/filters/resample.hpp>

#include <catch2/catch.hpp>

using namespace guide;

namespace {

Image<float> resampled(const Image<float>& in, int width, int height, int threads = 1) {
    Image<float> out(width, height);
    filters::resample(in.view(), out.view(), {threads});
    return out;
}

/// The definition: a triangle over every pixel of the input, continued at its border.
Image<float> plain(const Image<float>& in, int width, int height) {
    const auto tent = [](double d, double reach) { return std::max(0.0, 1 - std::abs(d) / reach); };
    const double sx = static_cast<double>(in.width()) / width;
    const double sy = static_cast<double>(in.height()) / height;
    const double rx = std::max(1.0, sx), ry = std::max(1.0, sy);
    Image<float> out(width, height);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const double cx = (x + 0.5) * sx - 0.5, cy = (y + 0.5) * sy - 0.5;
            double sum = 0, weights = 0;
            for (int j = -70; j < in.height() + 70; ++j) {
                const double wy = tent(j - cy, ry);
                for (int i = -70; wy > 0 && i < in.width() + 70; ++i) {
                    const double w = wy * tent(i - cx, rx);
                    weights += w;
                    sum += w * in.at(std::clamp(i, 0, in.width() - 1),
                                     std::clamp(j, 0, in.height() - 1));
                }
            }
            out.at(x, y) = static_cast<float>(sum / weights);
        }
    }
    return out;
}

}  // namespace

TEST_CASE("resample: equals its definition when shrinking and enlarging") {
    test::for_each_instruction_set([] {
        for (const int in : {1, 2, 3, 63, 64, 65}) {
            const auto image = test::random_image(in, 63);
            for (const int out : {1, 2, 3, 21, 40, 65, 130}) {
                INFO(in << " to " << out);
                CHECK(test::largest_difference(resampled(image, out, 21), plain(image, out, 21)) <
                      1e-3);
                const auto tall = test::random_image(21, in);
                CHECK(test::largest_difference(resampled(tall, 13, out), plain(tall, 13, out)) <
                      1e-3);
            }
        }
    });
}

TEST_CASE("resample: what is not finite stays within its triangle") {
    test::for_each_instruction_set([] {
        for (const int width : {11, 30, 45, 100}) {
            auto in = test::random_image(50, 20);
            const auto clean = resampled(in, width, 20);
            in.at(25, 10) = NAN;
            const auto out = resampled(in, width, 20);
            const double scale = 50.0 / width;
            for (int x = 0; x < width; ++x) {
                const bool holds = std::abs((x + 0.5) * scale - 0.5 - 25) < std::max(1.0, scale);
                CHECK(std::isnan(out.at(x, 10)) == holds);
                CHECK(out.at(x, 12) == clean.at(x, 12));
            }
        }
    });
}

TEST_CASE("resample: the same size is a copy, a constant stays") {
    const auto in = test::random_image(65, 64);
    CHECK(test::largest_difference(resampled(in, 65, 64), in) < 1e-4);
    CHECK(test::largest_difference(resampled(Image<float>(65, 64, 100.0F), 23, 99),
                                   Image<float>(23, 99, 100.0F)) < 1e-3);
}

TEST_CASE("resample: a ramp keeps its positions") {
    Image<float> ramp(100, 4);
    for (int y = 0; y < 4; ++y) {
        for (int x = 0; x < 100; ++x)
            ramp.at(x, y) = static_cast<float>(x);
    }
    const auto out = resampled(ramp, 40, 3);
    for (int x = 3; x < 37; ++x)
        CHECK(out.at(x, 1) == Approx((x + 0.5) * 2.5 - 0.5).margin(0.02));
}

TEST_CASE("resample: flips commute, strides and threads change nothing") {
    const auto in = test::random_image(101, 150);
    const auto out = resampled(in, 37, 170);
    CHECK(test::largest_difference(resampled(test::flipped_x(in), 37, 170), test::flipped_x(out)) <
          1e-3);
    CHECK(test::largest_difference(resampled(test::flipped_y(in), 37, 170), test::flipped_y(out)) <
          1e-3);
    for (const int threads : {2, 3})
        CHECK(test::largest_difference(resampled(in, 37, 170, threads), out) == 0);
    const test::Strided source(in);
    test::Strided again(Image<float>(37, 170));
    filters::resample(source.part, again.part);
    CHECK(test::largest_difference(again.part, out.view()) == 0);
    CHECK(std::isnan(again.whole.at(2, 2)));
    CHECK(std::isnan(again.whole.at(3 + 37, 2)));
}

TEST_CASE("resample: allocates rows, not frames, and stops when asked to") {
    const auto in = test::random_image(700, 500);
    for (const double factor : {0.4, 1.7}) {
        Image<float> out(static_cast<int>(700 * factor), static_cast<int>(500 * factor));
        filters::resample(in.view(), out.view());
        const test::Allocations allocations;
        filters::resample(in.view(), out.view());
        CHECK(allocations.largest() < 20 * 1200 * sizeof(float));
        std::stop_source stop;
        stop.request_stop();
        CHECK_THROWS_AS(filters::resample(in.view(), out.view(), {1, stop.get_token()}), Stopped);
    }
}

TEST_CASE("resample: one empty view is a wrong call") {
    Image<float> a(3, 3);
    CHECK_THROWS_AS(filters::resample(a.view(), ImageView<float>()), PreconditionError);
    CHECK_THROWS_AS(filters::resample(ImageView<const float>(), a.view()), PreconditionError);
    CHECK_NOTHROW(filters::resample(ImageView<const float>(), ImageView<float>()));
}

TEST_CASE("resample_isotropic: pixels become square and stay in their place") {
    const Spacing spacing{0.2, 0.05};
    const PixelGrid grid = filters::isotropic_grid(100, 300, spacing, 0.1);
    CHECK(grid.width == 200);
    CHECK(grid.height == 150);
    CHECK(grid.spacing == Spacing{0.1, 0.1});
    // Grey value = millimetres from the outer left edge plus ten times those from the upper.
    Image<float> in(100, 300), out(grid.width, grid.height);
    for (int y = 0; y < 300; ++y) {
        for (int x = 0; x < 100; ++x)
            in.at(x, y) = static_cast<float>((x + 0.5) * 0.2 + 10 * (y + 0.5) * 0.05);
    }
    filters::resample_isotropic(in.view(), spacing, out.view(), 0.1);
    for (int y = 2; y < 148; ++y) {
        for (int x = 2; x < 198; ++x)
            CHECK(out.at(x, y) == Approx((x + 0.5) * 0.1 + 10 * (y + 0.5) * 0.1).epsilon(1e-4));
    }
}

TEST_CASE("resample_isotropic: the scale is exact where the extent is no whole number of pixels") {
    const PixelGrid grid = filters::isotropic_grid(101, 33, {0.1, 0.1}, 0.37);
    CHECK(grid.width == 27);  // 27.3
    CHECK(grid.height == 9);  // 8.9
    Image<float> in(101, 33), out(27, 9);
    for (int y = 0; y < 33; ++y) {
        for (int x = 0; x < 101; ++x)
            in.at(x, y) = static_cast<float>(x);
    }
    filters::resample_isotropic(in.view(), {0.1, 0.1}, out.view(), 0.37);
    for (int x = 1; x < 26; ++x)
        CHECK(out.at(x, 4) == Approx((x + 0.5) * 3.7 - 0.5).margin(0.15));
    CHECK(filters::isotropic_grid(1, 1, {0.1, 0.1}, 5).width == 1);
    // The same size and spacing is a copy.
    Image<float> same(101, 33);
    filters::resample_isotropic(in.view(), {0.1, 0.1}, same.view(), 0.1);
    CHECK(test::largest_difference(same, in) < 1e-4);
}

TEST_CASE("resample_isotropic: wrong calls name what is wrong") {
    CHECK_THROWS_WITH(filters::isotropic_grid(0, 5, {1, 1}, 1), Catch::Contains("width"));
    CHECK_THROWS_WITH(filters::isotropic_grid(5, 5, {0, 1}, 1), Catch::Contains("spacing"));
    CHECK_THROWS_WITH(filters::isotropic_grid(5, 5, {1, 1}, NAN), Catch::Contains("target_mm"));
    CHECK_THROWS_WITH(filters::isotropic_grid(5, 5, {1, 1}, 1e-6), Catch::Contains("65535"));
    Image<float> in(5, 5), out(4, 5);
    CHECK_THROWS_AS(filters::resample_isotropic(in.view(), {1, 1}, out.view(), 1),
                    PreconditionError);
}
