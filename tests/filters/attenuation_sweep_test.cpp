// SPDX-License-Identifier: Apache-2.0
#include "allocations.hpp"
#include "images.hpp"

#include <guide/filters/attenuation_sweep.hpp>

#include <catch2/catch.hpp>

using namespace guide;
using filters::AttenuationOptions;

namespace {

Image<float> swept(const Image<float>& in, AttenuationOptions options = {}, int threads = 1) {
    Image<float> out(in.width(), in.height(), NAN);
    filters::attenuation_sweep(in.view(), out.view(), options, {threads, {}});
    return out;
}

/// The definition, in double precision.
Image<float> plain(const Image<float>& in, const AttenuationOptions& o = {}) {
    const int w = in.width(), last = in.height() - 1;
    Image<float> out(w, in.height(), 1.0F);
    const auto grey = [&](int x, int y) {
        const double g = static_cast<double>(in.at(x, y));
        return std::abs(g) <= 1e30 ? g * (1 - std::exp(-o.alpha * y / last)) : 0.0;
    };
    for (int x = 0; x < w; ++x) {
        std::vector<double> loss{0};
        for (int y = 1; y <= last; ++y) {
            double sum = 0;
            int count = 0;
            for (int u = std::max(0, x - o.beam_width / 2);
                 u <= std::min(w - 1, x + o.beam_width / 2); ++u, ++count)
                sum += std::abs(grey(u, y) - grey(u, y - 1));
            loss.push_back(loss.back() + 1.0 / last + sum / count / o.full_step);
        }
        for (int y = 1; y <= last; ++y)
            out.at(x, y) = static_cast<float>(1 - loss[static_cast<std::size_t>(y)] / loss.back());
    }
    return out;
}

constexpr double kClose = 1e-5;

}  // namespace

TEST_CASE("attenuation_sweep: equals its definition at awkward sizes") {
    for (const int w : test::kAwkwardSizes) {
        for (const int h : test::kAwkwardSizes) {
            const auto in = test::random_image(w, h);
            INFO(w << " x " << h);
            CHECK(test::largest_difference(swept(in), plain(in)) < kClose);
        }
    }
}

TEST_CASE("attenuation_sweep: all options are those of the definition") {
    const auto in = test::random_image(150, 100);
    for (const AttenuationOptions& o :
         {AttenuationOptions{0, 255, 1}, AttenuationOptions{7, 255, 9},
          AttenuationOptions{2, 3, 301}})
        CHECK(test::largest_difference(swept(in, o), plain(in, o)) < kClose);
}

TEST_CASE("attenuation_sweep: a constant gives depth alone") {
    const Image<float> constant(33, 50, 70.0F);
    const auto ramp = swept(constant, {0, 255, 17}), out = swept(constant);
    for (int y = 0; y < 50; ++y) {
        CHECK(ramp.at(20, y) == Approx(1 - y / 49.0).margin(1e-6));
        CHECK(out.at(20, y) == out.at(0, y));
    }
}

TEST_CASE("attenuation_sweep: what lies behind an edge has less than what lies beside it") {
    Image<float> in(60, 80, 50.0F);
    for (int y = 20; y < 26; ++y) {
        for (int x = 30; x < 60; ++x)
            in.at(x, y) = 250;
    }
    const auto out = swept(in);
    CHECK(out.at(50, 40) < out.at(10, 40) - 0.1F);
}

TEST_CASE("attenuation_sweep: flips commute, strides and threads do not matter") {
    const auto in = test::random_image(300, 90);
    const auto out = swept(in);
    CHECK(test::largest_difference(swept(test::flipped_x(in)), test::flipped_x(out)) < kClose);
    CHECK(test::largest_difference(swept(in, {}, 2), out) == 0);
    CHECK(test::largest_difference(swept(in, {}, 3), out) == 0);
    const test::Strided source(in);
    test::Strided target(in);
    filters::attenuation_sweep(source.part, target.part);
    CHECK(test::largest_difference(target.part, out.view()) == 0);
    CHECK(std::isnan(target.whole.at(2, 2)));
}

TEST_CASE("attenuation_sweep: pixels that are not finite count as zero") {
    auto in = test::random_image(20, 30), zeros = test::random_image(20, 30);
    zeros.at(7, 12) = 0;
    for (const float bad : {NAN, INFINITY, -INFINITY, 3e38F}) {
        in.at(7, 12) = bad;
        CHECK(test::largest_difference(swept(in), swept(zeros)) == 0);
    }
}

TEST_CASE("attenuation_sweep: lines are allocated alone, a stop is heard, wrong calls throw") {
    const auto in = test::random_image(300, 200);
    Image<float> out(300, 200), narrow(299, 200);
    const test::Allocations watch;
    filters::attenuation_sweep(in.view(), out.view());
    CHECK(watch.largest() < 8 * 1024);
    std::stop_source source;
    source.request_stop();
    CHECK_THROWS_AS(filters::attenuation_sweep(in.view(), out.view(), {}, {1, source.get_token()}),
                    Stopped);
    CHECK_THROWS_AS(filters::attenuation_sweep(in.view(), narrow.view()), PreconditionError);
    CHECK_NOTHROW(filters::attenuation_sweep(ImageView<const float>(), ImageView<float>()));
    CHECK_THROWS_WITH((AttenuationOptions{-1, 255, 17}.validate()), Catch::Contains("alpha"));
    CHECK_THROWS_WITH((AttenuationOptions{2, NAN, 17}.validate()), Catch::Contains("full_step"));
    CHECK_THROWS_WITH((AttenuationOptions{2, 255, 16}.validate()), Catch::Contains("beam_width"));
}
