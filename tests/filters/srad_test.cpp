// SPDX-License-Identifier: Apache-2.0
#include "allocations.hpp"
#include "diffusion_tests.hpp"
#include "instruction_sets.hpp"

#include <guide/filters/srad.hpp>

#include <catch2/catch.hpp>

using namespace guide;
using filters::SradOptions;

namespace {

Image<float> diffused(const Image<float>& in, const SradOptions& options, int threads = 1) {
    Image<float> out(in.width(), in.height());
    filters::srad(in.view(), out.view(), options, {threads, {}});
    return out;
}

Image<float> plain(const Image<float>& in, const SradOptions& o) {
    return test::plain_diffusion(in, test::srad_coefficient, o.steps, o.step_size, o.speckle);
}

SradOptions with_steps(int steps) {
    SradOptions options;
    options.steps = steps;
    return options;
}

}  // namespace

TEST_CASE("srad: equals its definition at awkward sizes") {
    test::for_each_instruction_set([] {
        for (const int w : test::kAwkwardSizes) {
            for (const int h : test::kAwkwardSizes) {
                const auto in = test::random_image(w, h);
                INFO(w << " x " << h);
                CHECK(test::largest_difference(diffused(in, {}), plain(in, {})) < 5e-4);
            }
        }
    });
}

TEST_CASE("srad: any number of steps, the largest step and other levels equal the definition") {
    const auto in = test::random_image(70, 40);
    for (const int steps : {0, 1, 15, 16, 17, 32, 33, 50}) {
        INFO(steps);
        CHECK(test::largest_difference(diffused(in, with_steps(steps)),
                                       plain(in, with_steps(steps))) < 1e-3);
    }
    SradOptions options;
    options.step_size = 1;
    options.speckle = {.initial = 0.2, .decay = 0};
    CHECK(test::largest_difference(diffused(in, options), plain(in, options)) < 1e-3);
    options.speckle = {.initial = 2, .decay = 100};  // the least level from the second step on
    CHECK(test::largest_difference(diffused(in, options), plain(in, options)) < 1e-3);
}

TEST_CASE("srad: measures the level in a uniform region before each step") {
    const auto in = test::speckle_edge(90, 80, 45, 20, 100);
    for (const PixelBox box : {PixelBox{5, 5, 35, 70}, PixelBox{0, 0, 20, 20}, {86, 77, 90, 80}}) {
        SradOptions options;
        options.speckle.uniform_region = box;
        const auto out = diffused(in, options);
        CHECK(test::largest_difference(out, plain(in, options)) < 2e-3);
        CHECK(test::largest_difference(out, diffused(in, options, 3)) == 0);
    }
}

TEST_CASE("srad: a constant stays, and zero too") {
    for (const float value : {0.0F, 1e-8F, 200.0F, 1e15F}) {
        const Image<float> in(65, 63, value);
        CHECK(test::largest_difference(diffused(in, {}), in) == 0);
    }
    SradOptions options;
    options.speckle.uniform_region = PixelBox{3, 3, 30, 30};  // has no speckle at all
    const Image<float> in(65, 63, 9.0F);
    CHECK(test::largest_difference(diffused(in, options), in) == 0);
}

TEST_CASE("srad: flips commute") {
    const auto in = test::random_image(64, 65);
    const auto out = diffused(in, {});
    CHECK(test::largest_difference(diffused(test::flipped_x(in), {}), test::flipped_x(out)) < 5e-4);
    CHECK(test::largest_difference(diffused(test::flipped_y(in), {}), test::flipped_y(out)) < 5e-4);
}

TEST_CASE("srad: keeps the sum and the range") {
    const auto in = test::random_image(97, 61);
    SradOptions options = with_steps(40);
    options.step_size = 1;
    const auto out = diffused(in, options);
    const auto sum = [](const Image<float>& image) {
        double total = 0;
        for (std::size_t i = 0; i < image.size(); ++i)
            total += image.data()[i];
        return total;
    };
    CHECK(sum(out) == Approx(sum(in)).epsilon(1e-6));
    const auto [least, most] = std::minmax_element(in.data(), in.data() + in.size());
    for (std::size_t i = 0; i < out.size(); ++i)
        REQUIRE((out.data()[i] >= *least - 1e-3F && out.data()[i] <= *most + 1e-3F));
}

TEST_CASE("srad: what is no amplitude counts as the nearest one") {
    auto in = test::random_image(40, 30);
    auto held = in.clone();
    const float wrong[] = {NAN, -INFINITY, -3, INFINITY, 1e30F, -0.0F};
    const float right[] = {0, 0, 0, 1e15F, 1e15F, 0};
    for (int i = 0; i < 6; ++i) {
        in.at(5 * i + 3, 4 * i + 2) = wrong[i];
        held.at(5 * i + 3, 4 * i + 2) = right[i];
    }
    test::for_each_instruction_set([&] {
        const auto out = diffused(in, {});
        CHECK(test::largest_difference(out, diffused(held, {})) == 0);
        for (std::size_t i = 0; i < out.size(); ++i)
            REQUIRE(std::isfinite(out.data()[i]));
    });
    const Image<float> nothing(20, 20, NAN);
    CHECK(test::largest_difference(diffused(nothing, {}), Image<float>(20, 20)) == 0);
}

TEST_CASE("srad: a log-compressed frame is decompressed first and compressed after") {
    auto grey = test::random_image(130, 90);
    grey.at(3, 3) = NAN;
    const filters::LogCompression compression{50, 10, 240};
    SradOptions options = with_steps(20);
    options.compression = compression;
    Image<float> expected(130, 90), linear(130, 90);
    filters::log_decompress(grey.view(), linear.view(), compression);
    filters::log_compress(diffused(linear, with_steps(20)).view(), expected.view(), compression);
    const auto out = diffused(grey, options);
    CHECK(test::largest_difference(out, expected) < 0.01);
    CHECK(test::largest_difference(out, diffused(grey, options, 2)) == 0);
}

TEST_CASE("srad: strided views and any number of threads give the same bits") {
    const auto in = test::random_image(130, 200);
    for (const int steps : {3, 10, 40}) {
        const auto out = diffused(in, with_steps(steps));
        for (const int threads : {2, 3, 7}) {
            CHECK(test::largest_difference(diffused(in, with_steps(steps), threads), out) == 0);
        }
        const test::Strided source(in);
        test::Strided target(in);
        filters::srad(source.part, target.part, with_steps(steps));
        CHECK(test::largest_difference(target.part, out.view()) == 0);
        CHECK(std::isnan(target.whole.at(2, 2)));
        CHECK(std::isnan(target.whole.at(133, 100)));
    }
}

TEST_CASE("srad: speckle gets smoother and an edge stays where it is") {
    const auto in = test::speckle_edge(160, 400, 80, 20, 100);
    const PixelBox dark{0, 0, 70, 400}, bright{90, 0, 160, 400};
    CHECK(test::speckle_snr(in, dark) == Approx(1.91).margin(0.05));
    SradOptions measured = with_steps(50);
    measured.speckle.uniform_region = PixelBox{10, 100, 60, 300};
    for (const auto& options : {with_steps(50), measured}) {
        const auto out = diffused(in, options);
        CHECK(test::speckle_snr(out, dark) > 7 * 1.91);
        CHECK(test::speckle_snr(out, bright) > 7 * 1.91);
        const test::Edge edge = test::find_edge(out, 80);
        CHECK(std::abs(edge.position - 79.5) < 0.1);
        CHECK(edge.width < 1.5);
    }
}

TEST_CASE("srad: the second frame needs no new memory of its size") {
    const auto in = test::random_image(500, 400);
    Image<float> out(500, 400);
    for (const int steps : {10, 40}) {
        SradOptions options = with_steps(steps);
        options.speckle.uniform_region = PixelBox{100, 100, 200, 200};
        filters::Workspace workspace;
        filters::srad(in.view(), out.view(), options, workspace);
        const test::Allocations allocations;
        filters::srad(in.view(), out.view(), options, workspace);
        CHECK(allocations.largest() < 4096);
    }
}

TEST_CASE("srad: stops when asked to") {
    const auto in = test::random_image(64, 64);
    Image<float> out(64, 64);
    std::stop_source source;
    source.request_stop();
    CHECK_THROWS_AS(filters::srad(in.view(), out.view(), {}, {1, source.get_token()}), Stopped);
    SradOptions options;
    options.speckle.uniform_region = PixelBox{0, 0, 9, 9};
    CHECK_THROWS_AS(filters::srad(in.view(), out.view(), options, {2, source.get_token()}),
                    Stopped);
}

TEST_CASE("srad: wrong calls throw and name the field") {
    Image<float> a(4, 4), b(5, 4), c(4, 4);
    CHECK_THROWS_AS(filters::srad(a.view(), b.view()), PreconditionError);
    CHECK_THROWS_AS(filters::srad(a.view(), a.view()), PreconditionError);
    CHECK_THROWS_AS(filters::srad(a.view(), c.view(), {}, {-1, {}}), PreconditionError);
    const auto refused = [&](const SradOptions& options, const char* field) {
        CHECK_THROWS_WITH(filters::srad(a.view(), c.view(), options), Catch::Contains(field));
    };
    refused(with_steps(-1), "steps");
    refused(with_steps(1001), "steps");
    SradOptions options;
    options.step_size = 1.01;
    refused(options, "step_size");
    options.step_size = NAN;
    refused(options, "step_size");
    options = {};
    options.speckle.initial = 0;
    refused(options, "initial");
    options = {};
    options.speckle.decay = -1;
    refused(options, "decay");
    options = {};
    for (const PixelBox box : {PixelBox{0, 0, 5, 4}, {-1, 0, 3, 3}, {2, 2, 2, 4}, {1, 1, 2, 4}}) {
        options.speckle.uniform_region = box;
        refused(options, "uniform_region");
    }
    options = {};
    options.compression = filters::LogCompression{60, 5, 5};
    refused(options, "white");
    CHECK_NOTHROW(filters::srad(ImageView<const float>(), ImageView<float>()));
}
