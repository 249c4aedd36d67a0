// SPDX-License-Identifier: Apache-2.0
#include "allocations.hpp"
#include "images.hpp"
#include "instruction_sets.hpp"

#include <guide/filters/guided_filter.hpp>

#include <catch2/catch.hpp>

#include <limits>

using namespace guide;
using filters::GuidedFilterOptions;

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

Image<float> guided(const Image<float>& in, const Image<float>& guidance,
                    const GuidedFilterOptions& options, int threads = 1) {
    Image<float> out(in.width(), in.height(), NAN);
    filters::guided_filter(in.view(), guidance.view(), out.view(), options, {threads, {}});
    return out;
}

/// Another picture of the same shapes.
Image<float> guidance_for(const Image<float>& in) {
    auto guidance = test::random_image(in.width(), in.height(), 5);
    for (std::size_t i = 0; i < in.size(); ++i)
        guidance.data()[i] = 0.5F * guidance.data()[i] + 0.3F * in.data()[i];
    return guidance;
}

int reflected(int i, int count) {
    while (i < 0 || i >= count)
        i = i < 0 ? -1 - i : 2 * count - 1 - i;
    return i;
}

template <class Value>
Image<double> window_means(int width, int height, int radius, const Value& value) {
    Image<double> means(width, height);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            double sum = 0;
            for (int j = y - radius; j <= y + radius; ++j) {
                for (int i = x - radius; i <= x + radius; ++i)
                    sum += value(reflected(i, width), reflected(j, height));
            }
            means.at(x, y) = sum / std::pow(2 * radius + 1, 2);
        }
    }
    return means;
}

/// The definition, in double precision.
Image<float> plain(const Image<float>& in, const Image<float>& guidance,
                   const GuidedFilterOptions& options) {
    const int w = in.width(), h = in.height(), r = options.radius;
    const auto p = [&](int x, int y) { return double{in.at(x, y)}; };
    const auto g = [&](int x, int y) { return double{guidance.at(x, y)}; };
    const auto mean_p = window_means(w, h, r, p), mean_g = window_means(w, h, r, g);
    const auto pg = window_means(w, h, r, [&](int x, int y) { return p(x, y) * g(x, y); });
    const auto gg = window_means(w, h, r, [&](int x, int y) { return g(x, y) * g(x, y); });
    const auto a = [&](int x, int y) {
        const double mean = mean_g.at(x, y);
        return (pg.at(x, y) - mean_p.at(x, y) * mean) /
               (gg.at(x, y) - mean * mean + options.epsilon);
    };
    const auto b = [&](int x, int y) { return mean_p.at(x, y) - a(x, y) * mean_g.at(x, y); };
    const auto mean_a = window_means(w, h, r, a), mean_b = window_means(w, h, r, b);
    Image<float> out(w, h);
    for (int y = 0; y < h; ++y) {
        for (int x = 0; x < w; ++x)
            out.at(x, y) = static_cast<float>(mean_a.at(x, y) * g(x, y) + mean_b.at(x, y));
    }
    return out;
}

}  // namespace

TEST_CASE("guided filter: equals its definition at awkward sizes") {
    for (const int w : test::kAwkwardSizes) {
        for (const int h : test::kAwkwardSizes) {
            const auto in = test::random_image(w, h), guidance = guidance_for(in);
            const auto truth = plain(in, guidance, {2, 100});
            INFO(w << " x " << h);
            test::for_each_instruction_set([&] {
                CHECK(test::largest_difference(guided(in, guidance, {2, 100}), truth) < 0.01);
            });
        }
    }
}

TEST_CASE("guided filter: equals its definition for any window and strength") {
    const auto in = test::random_image(40, 150), guidance = guidance_for(in);
    for (const int radius : {1, 2, 3, 4, 7, 8, 45}) {
        for (const double epsilon : {20.0, 4e3}) {
            INFO("radius " << radius << ", epsilon " << epsilon);
            const auto truth = plain(in, guidance, {radius, epsilon});
            test::for_each_instruction_set([&] {
                CHECK(test::largest_difference(guided(in, guidance, {radius, epsilon}), truth) <
                      0.01);
            });
        }
    }
}

TEST_CASE("guided filter: a constant stays") {
    const Image<float> constant(65, 63, 200.0F), zero(65, 63);
    for (const double epsilon : {1e-12, 400.0, 1e30}) {
        CHECK(test::largest_difference(guided(constant, constant, {4, epsilon}), constant) < 1e-3);
        CHECK(test::largest_difference(guided(zero, zero, {4, epsilon}), zero) == 0);
        const auto guidance = test::random_image(65, 63);
        CHECK(test::largest_difference(guided(constant, guidance, {4, 400}), constant) < 0.01);
    }
}

TEST_CASE("guided filter: a straight line of the guidance comes through, edges and all") {
    const auto guidance = test::random_image(70, 50);
    auto in = guidance.clone();
    for (std::size_t i = 0; i < in.size(); ++i)
        in.data()[i] = 20 - 0.5F * in.data()[i];
    CHECK(test::largest_difference(guided(in, guidance, {3, 1e-3}), in) < 0.01);
}

TEST_CASE("guided filter: flips commute") {
    const auto in = test::random_image(64, 130), guidance = guidance_for(in);
    const auto out = guided(in, guidance, {});
    const auto x = guided(test::flipped_x(in), test::flipped_x(guidance), {});
    const auto y = guided(test::flipped_y(in), test::flipped_y(guidance), {});
    CHECK(test::largest_difference(x, test::flipped_x(out)) < 1e-3);
    CHECK(test::largest_difference(y, test::flipped_y(out)) < 1e-3);
}

TEST_CASE("guided filter: strided views, any number of threads and one place give equal bits") {
    const auto in = test::random_image(131, 300), guidance = guidance_for(in);
    const auto out = guided(in, guidance, {});
    for (const int threads : {2, 3, 0})
        CHECK(test::largest_difference(guided(in, guidance, {}, threads), out) == 0);
    const test::Strided source(in), edges(guidance);
    test::Strided target(in);
    filters::guided_filter(source.part, edges.part, target.part);
    CHECK(test::largest_difference(target.part, out.view()) == 0);
    CHECK(std::isnan(target.whole.at(2, 2)));
    for (const bool over_guidance : {false, true}) {
        auto a = in.clone(), b = guidance.clone();
        auto& place = over_guidance ? b : a;
        filters::guided_filter(a.view(), b.view(), place.view());
        CHECK(test::largest_difference(place, out) == 0);
    }
}

TEST_CASE("guided filter: what is not finite counts as 0, and stays where it is the input") {
    auto in = test::random_image(30, 30), guidance = guidance_for(in);
    auto zeroed = in.clone(), zeroed_guidance = guidance.clone();
    in.at(3, 4) = NAN;
    in.at(20, 11) = kInfinity;
    guidance.at(0, 29) = -kInfinity;
    guidance.at(9, 9) = NAN;
    zeroed.at(3, 4) = zeroed.at(20, 11) = 0;
    zeroed_guidance.at(0, 29) = zeroed_guidance.at(9, 9) = 0;
    test::for_each_instruction_set([&] {
        auto expected = guided(zeroed, zeroed_guidance, {}), out = guided(in, guidance, {});
        CHECK(std::isnan(out.at(3, 4)));
        CHECK(out.at(20, 11) == kInfinity);
        for (auto* image : {&expected, &out})
            image->at(3, 4) = image->at(20, 11) = 0;
        CHECK(test::largest_difference(out, expected) == 0);
    });
}

TEST_CASE("guided filter: a value far off changes nothing beyond its windows") {
    auto in = test::random_image(60, 60);
    const auto before = guided(in, in, {});
    in.at(30, 20) = 1e17F;
    const auto after = guided(in, in, {});
    for (int y = 0; y < 60; ++y) {
        for (int x = 0; x < 60; ++x) {
            if (std::max(std::abs(x - 30), std::abs(y - 20)) > 8)
                REQUIRE(after.at(x, y) == before.at(x, y));
        }
    }
}

TEST_CASE("guided filter: the second call allocates lines only, and stops when asked") {
    const auto in = test::random_image(600, 500);
    Image<float> out(600, 500);
    filters::Workspace workspace;
    filters::guided_filter(in.view(), in.view(), out.view(), {}, workspace);
    const test::Allocations watch;
    filters::guided_filter(in.view(), in.view(), out.view(), {}, workspace);
    CHECK(watch.largest() < in.size() * sizeof(float) / 4);
    std::stop_source stop;
    stop.request_stop();
    CHECK_THROWS_AS(
        filters::guided_filter(in.view(), in.view(), out.view(), {}, {1, stop.get_token()}),
        Stopped);
}

TEST_CASE("guided filter: wrong calls throw and name the option") {
    Image<float> a(4, 4), b(5, 4);
    CHECK_THROWS_AS(filters::guided_filter(a.view(), b.view(), a.view()), PreconditionError);
    CHECK_THROWS_AS(filters::guided_filter(a.view(), a.view(), b.view()), PreconditionError);
    CHECK_THROWS_WITH(guided(a, a, {0, 1}), Catch::Contains("radius"));
    CHECK_THROWS_WITH(guided(a, a, {101, 1}), Catch::Contains("radius"));
    CHECK_THROWS_WITH(guided(a, a, {1, 0}), Catch::Contains("epsilon"));
    CHECK_THROWS_WITH(guided(a, a, {1, double{kInfinity}}), Catch::Contains("epsilon"));
    CHECK_THROWS_WITH(guided(a, a, {1, NAN}), Catch::Contains("epsilon"));
    CHECK_NOTHROW(filters::guided_filter({}, {}, {}));
}
