// SPDX-License-Identifier: Apache-2.0
#include "allocations.hpp"
#include "diffusion_tests.hpp"
#include "instruction_sets.hpp"

#include <guide/filters/dpad.hpp>

#include <catch2/catch.hpp>

using namespace guide;
using filters::DpadOptions;

namespace {

Image<float> diffused(const Image<float>& in, const DpadOptions& options, int threads = 1) {
    Image<float> out(in.width(), in.height());
    filters::dpad(in.view(), out.view(), options, {threads, {}});
    return out;
}

Image<float> plain(const Image<float>& in, const DpadOptions& o) {
    return test::plain_diffusion(in, test::dpad_coefficient(o.window), o.steps, o.step_size,
                                 o.speckle);
}

DpadOptions with(int window, int steps = 10) {
    DpadOptions options;
    options.window = window;
    options.steps = steps;
    return options;
}

}  // namespace

TEST_CASE("dpad: equals its definition at awkward sizes") {
    test::for_each_instruction_set([] {
        for (const int w : test::kAwkwardSizes) {
            for (const int h : test::kAwkwardSizes) {
                const auto in = test::random_image(w, h);
                for (const auto& options : {with(3, 4), with(5, 4)}) {
                    INFO(w << " x " << h << ", window " << options.window);
                    CHECK(test::largest_difference(diffused(in, options), plain(in, options)) <
                          5e-4);
                }
            }
        }
    });
}

TEST_CASE("dpad: any number of steps, the largest step and other levels equal the definition") {
    const auto in = test::random_image(50, 40);
    for (const int window : {3, 5}) {
        for (const int steps : {0, 1, 16, 17, 33}) {
            INFO(window << ", " << steps);
            CHECK(test::largest_difference(diffused(in, with(window, steps)),
                                           plain(in, with(window, steps))) < 1e-3);
        }
        DpadOptions options = with(window);
        options.step_size = 1;
        options.speckle = {.initial = 0.2, .decay = 0};
        CHECK(test::largest_difference(diffused(in, options), plain(in, options)) < 1e-3);
    }
}

TEST_CASE("dpad: small speckle on a bright ground loses no digits") {
    auto in = test::random_image(60, 50);
    for (std::size_t i = 0; i < in.size(); ++i)
        in.data()[i] = 10'000 + in.data()[i];  // varies by 0.7 %
    DpadOptions options = with(3);
    options.speckle = {.initial = 0.01, .decay = 0.2};
    CHECK(test::largest_difference(diffused(in, options), plain(in, options)) < 0.03);
    options.window = 5;
    CHECK(test::largest_difference(diffused(in, options), plain(in, options)) < 0.03);
}

TEST_CASE("dpad: measures the level in a uniform region before each step") {
    const auto in = test::speckle_edge(90, 80, 45, 20, 100);
    for (const int window : {3, 5}) {
        DpadOptions options = with(window);
        options.speckle.uniform_region = PixelBox{5, 5, 35, 70};
        const auto out = diffused(in, options);
        CHECK(test::largest_difference(out, plain(in, options)) < 2e-3);
        CHECK(test::largest_difference(out, diffused(in, options, 3)) == 0);
    }
}

TEST_CASE("dpad: a constant stays, and zero too") {
    for (const float value : {0.0F, 1e-8F, 200.0F, 1e15F}) {
        const Image<float> in(65, 63, value);
        CHECK(test::largest_difference(diffused(in, with(3)), in) == 0);
        CHECK(test::largest_difference(diffused(in, with(5)), in) == 0);
    }
}

TEST_CASE("dpad: flips commute") {
    const auto in = test::random_image(64, 65);
    for (const auto& options : {with(3), with(5)}) {
        const auto out = diffused(in, options);
        CHECK(test::largest_difference(diffused(test::flipped_x(in), options),
                                       test::flipped_x(out)) < 5e-4);
        CHECK(test::largest_difference(diffused(test::flipped_y(in), options),
                                       test::flipped_y(out)) < 5e-4);
    }
}

TEST_CASE("dpad: what is no amplitude counts as the nearest one") {
    auto in = test::random_image(40, 30);
    auto held = in.clone();
    in.at(3, 3) = NAN, held.at(3, 3) = 0;
    in.at(20, 10) = INFINITY, held.at(20, 10) = 1e15F;
    in.at(39, 29) = -1, held.at(39, 29) = 0;
    test::for_each_instruction_set([&] {
        for (const auto& options : {with(3), with(5)}) {
            const auto out = diffused(in, options);
            CHECK(test::largest_difference(out, diffused(held, options)) == 0);
            for (std::size_t i = 0; i < out.size(); ++i)
                REQUIRE(std::isfinite(out.data()[i]));
        }
    });
}

TEST_CASE("dpad: a log-compressed frame is decompressed first and compressed after") {
    const auto grey = test::random_image(130, 90);
    DpadOptions options = with(5);
    options.compression.emplace();
    Image<float> expected(130, 90), linear(130, 90);
    filters::log_decompress(grey.view(), linear.view());
    filters::log_compress(diffused(linear, with(5)).view(), expected.view());
    CHECK(test::largest_difference(diffused(grey, options), expected) < 0.01);
}

TEST_CASE("dpad: strided views and any number of threads give the same bits") {
    const auto in = test::random_image(130, 200);
    for (const auto& options : {with(3), with(5), with(5, 40)}) {
        const auto out = diffused(in, options);
        for (const int threads : {2, 3})
            CHECK(test::largest_difference(diffused(in, options, threads), out) == 0);
        const test::Strided source(in);
        test::Strided target(in);
        filters::dpad(source.part, target.part, options);
        CHECK(test::largest_difference(target.part, out.view()) == 0);
        CHECK(std::isnan(target.whole.at(133, 100)));
    }
}

TEST_CASE("dpad: speckle gets smoother and an edge stays where it is") {
    const auto in = test::speckle_edge(160, 400, 80, 20, 100);
    for (const int window : {3, 5}) {
        const auto out = diffused(in, with(window, 50));
        CHECK(test::speckle_snr(out, {0, 0, 70, 400}) > 9 * 1.91);
        CHECK(test::speckle_snr(out, {90, 0, 160, 400}) > 9 * 1.91);
        const test::Edge edge = test::find_edge(out, 80);
        CHECK(std::abs(edge.position - 79.5) < 0.3);
        CHECK(edge.width < 2.5);
    }
}

TEST_CASE("dpad: the second frame needs no new memory of its size") {
    const auto in = test::random_image(500, 400);
    Image<float> out(500, 400);
    filters::Workspace workspace;
    filters::dpad(in.view(), out.view(), with(5, 40), workspace);
    const test::Allocations allocations;
    filters::dpad(in.view(), out.view(), with(5, 40), workspace);
    CHECK(allocations.largest() < 4096);
}

TEST_CASE("dpad: wrong calls throw and stops are heeded") {
    Image<float> a(4, 4), b(5, 4), c(4, 4);
    CHECK_THROWS_AS(filters::dpad(a.view(), b.view()), PreconditionError);
    CHECK_THROWS_AS(filters::dpad(a.view(), a.view()), PreconditionError);
    for (const int window : {0, 1, 4, 7})
        CHECK_THROWS_WITH(diffused(a, with(window)), Catch::Contains("window"));
    CHECK_THROWS_WITH(diffused(a, with(3, -1)), Catch::Contains("steps"));
    CHECK_NOTHROW(filters::dpad(ImageView<const float>(), ImageView<float>()));
    std::stop_source source;
    source.request_stop();
    CHECK_THROWS_AS(filters::dpad(a.view(), c.view(), {}, {1, source.get_token()}), Stopped);
}
