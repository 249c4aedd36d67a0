// SPDX-License-Identifier: Apache-2.0
#include "allocations.hpp"
#include "images.hpp"
#include "instruction_sets.hpp"

#include <guide/filters/gaussian.hpp>

#include <catch2/catch.hpp>

#include <limits>
#include <string>

using namespace guide;
using filters::GaussianOptions;

namespace {

Image<float> blurred(const Image<float>& in, GaussianOptions options, int threads = 1) {
    Image<float> out(in.width(), in.height());
    filters::gaussian_blur(in.view(), out.view(), options, {threads});
    return out;
}

/// The definition, in double precision.
Image<float> plain(const Image<float>& in, GaussianOptions o) {
    const int rx = static_cast<int>(std::ceil(4 * o.sigma_x));
    const int ry = static_cast<int>(std::ceil(4 * o.sigma_y));
    const auto weight = [](int i, double sigma) {
        return i == 0 ? 1.0 : std::exp(-0.5 * i * i / (sigma * sigma));
    };
    Image<float> out(in.width(), in.height());
    for (int y = 0; y < in.height(); ++y) {
        for (int x = 0; x < in.width(); ++x) {
            double sum = 0, weights = 0;
            for (int j = -ry; j <= ry; ++j) {
                for (int i = -rx; i <= rx; ++i) {
                    const double w = weight(i, o.sigma_x) * weight(j, o.sigma_y);
                    sum += w * in.at(std::clamp(x + i, 0, in.width() - 1),
                                     std::clamp(y + j, 0, in.height() - 1));
                    weights += w;
                }
            }
            out.at(x, y) = static_cast<float>(sum / weights);
        }
    }
    return out;
}

}  // namespace

TEST_CASE("gaussian: equals its definition at awkward sizes") {
    test::for_each_instruction_set([] {
        for (const int w : test::kAwkwardSizes) {
            for (const int h : test::kAwkwardSizes) {
                const auto in = test::random_image(w, h);
                const GaussianOptions options{1.3, 0.7};
                INFO(w << " x " << h);
                CHECK(test::largest_difference(blurred(in, options), plain(in, options)) < 1e-3);
            }
        }
    });
}

TEST_CASE("gaussian: a kernel larger than the image, and none at all") {
    const auto in = test::random_image(5, 9);
    CHECK(test::largest_difference(blurred(in, {6, 11}), plain(in, {6, 11})) < 1e-3);
    CHECK(test::largest_difference(blurred(in, {0, 0}), in) == 0);
}

TEST_CASE("gaussian: a constant stays") {
    const Image<float> in(65, 63, 200.0F);
    CHECK(test::largest_difference(blurred(in, {3, 5}), in) < 200e-6);
}

TEST_CASE("gaussian: flips commute") {
    const auto in = test::random_image(64, 65);
    const auto out = blurred(in, {2, 1});
    CHECK(test::largest_difference(blurred(test::flipped_x(in), {2, 1}), test::flipped_x(out)) <
          1e-4);
    CHECK(test::largest_difference(blurred(test::flipped_y(in), {2, 1}), test::flipped_y(out)) <
          1e-4);
}

TEST_CASE("gaussian: strided views and any number of threads give the same bits") {
    const auto in = test::random_image(130, 200);
    const auto out = blurred(in, {2.5, 4});
    for (const int threads : {2, 3})
        CHECK(test::largest_difference(blurred(in, {2.5, 4}, threads), out) == 0);
    const test::Strided source(in);
    test::Strided target(in);
    filters::gaussian_blur(source.part, target.part, {2.5, 4});
    CHECK(test::largest_difference(target.part, out.view()) == 0);
    CHECK(std::isnan(target.whole.at(2, 2)));
}

TEST_CASE("gaussian: what is not finite stays under the kernel") {
    test::for_each_instruction_set([] {
        for (const float bad :
             {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
              -std::numeric_limits<float>::infinity()}) {
            auto in = test::random_image(100, 90);
            const GaussianOptions options{1.5, 1};  // radii 6 and 4
            const auto clean = blurred(in, options);
            in.at(40, 50) = bad;
            const auto out = blurred(in, options);
            int wrong = 0;
            for (int y = 0; y < 90; ++y) {
                for (int x = 0; x < 100; ++x) {
                    const bool under = std::abs(x - 40) <= 6 && std::abs(y - 50) <= 4;
                    wrong += under ? std::isfinite(out.at(x, y)) : out.at(x, y) != clean.at(x, y);
                }
            }
            CHECK(wrong == 0);
        }
    });
}

TEST_CASE("gaussian: scratch does not grow with the width of the frame, stops") {
    const auto in = test::random_image(4000, 100);
    Image<float> out(4000, 100);
    filters::gaussian_blur(in.view(), out.view(), {2, 2});
    const test::Allocations allocations;
    filters::gaussian_blur(in.view(), out.view(), {2, 2});
    CHECK(allocations.largest() < in.size() * sizeof(float) / 10);
    std::stop_source stop;
    stop.request_stop();
    CHECK_THROWS_AS(filters::gaussian_blur(in.view(), out.view(), {2, 2}, {1, stop.get_token()}),
                    Stopped);
}

TEST_CASE("gaussian: wrong calls throw and name the field") {
    Image<float> a(4, 4), b(5, 4);
    CHECK_THROWS_AS(filters::gaussian_blur(a.view(), b.view(), {}), PreconditionError);
    const auto names = [&](const GaussianOptions& options, const std::string& field) {
        CHECK_THROWS_WITH(options.validate(), Catch::Contains(field));
        CHECK_THROWS_AS(blurred(a, options), PreconditionError);
    };
    names({-1, 1}, "sigma_x");
    names({1001, 1}, "sigma_x");
    names({1, NAN}, "sigma_y");
    CHECK_NOTHROW(filters::gaussian_blur(ImageView<const float>(), ImageView<float>(), {}));
}
