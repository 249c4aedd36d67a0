// SPDX-License-Identifier: Apache-2.0
#include "allocations.hpp"
#include "images.hpp"
#include "instruction_sets.hpp"

#include <guide/filters/persistence.hpp>

#include <catch2/catch.hpp>

#include <limits>

using namespace guide;
using filters::Persistence;
using filters::PersistenceOptions;

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr double kPlain = std::numeric_limits<double>::infinity();

/// The definition, in double precision.
Image<float> plain(const Image<float>& past, const Image<float>& now, PersistenceOptions o) {
    Image<float> out(now.width(), now.height());
    for (std::size_t i = 0; i < now.size(); ++i) {
        const double a = past.data()[i], n = now.data()[i];
        const double alike = std::clamp(2 - std::abs(n - a) / o.explained_change, 0.0, 1.0);
        out.data()[i] = static_cast<float>(n + (1 - o.weight) * alike * (a - n));
    }
    return out;
}

}  // namespace

TEST_CASE("persistence: equals its definition at awkward sizes, for every instruction set") {
    test::for_each_instruction_set([] {
        for (const int w : test::kAwkwardSizes) {
            for (const int h : test::kAwkwardSizes) {
                const PersistenceOptions options{0.3, 40};
                Persistence persistence(options);
                const auto a = test::random_image(w, h, 1), b = test::random_image(w, h, 2);
                persistence.add(a.view());
                CHECK(test::largest_difference(persistence.view_average(), a.view()) == 0);
                persistence.add(b.view());
                CHECK(test::largest_difference(persistence.view_average(),
                                               plain(a, b, options).view()) < 1e-3);
            }
        }
    });
}

TEST_CASE("persistence: a constant stays, exactly") {
    Persistence persistence;
    const Image<float> in(65, 3, 123.4F);
    for (int i = 0; i < 5; ++i)
        persistence.add(in.view());
    CHECK(test::largest_difference(persistence.view_average(), in.view()) == 0);
}

TEST_CASE("persistence: flips commute") {
    const auto a = test::random_image(65, 63, 1), b = test::random_image(65, 63, 2);
    const auto average = [](const Image<float>& first, const Image<float>& second) {
        Persistence persistence;
        persistence.add(first.view());
        persistence.add(second.view());
        return copy_image(persistence.view_average());
    };
    const auto out = average(a, b);
    for (const auto flip : {test::flipped_x, test::flipped_y})
        CHECK(test::largest_difference(average(flip(a), flip(b)), flip(out)) < 1e-4);
}

TEST_CASE("persistence: a step is followed as stated") {
    for (const double change : {kPlain, 40.0}) {
        Persistence persistence({0.25, change});
        persistence.add(Image<float>(3, 3, 100.0F).view());
        for (int n = 1; n < 10; ++n) {
            persistence.add(Image<float>(3, 3, 130.0F).view());
            CHECK(persistence.view_average().at(1, 1) ==
                  Approx(130 - 30 * std::pow(0.75, n)).epsilon(1e-5));
        }
    }
}

TEST_CASE("persistence: ghosts are bounded by what speckle explains") {
    const double change = 30, weight = 0.2;
    for (float step = 0; step <= 255; step += 1) {
        Persistence persistence({weight, change});
        persistence.add(Image<float>(1, 1, step).view());
        double left = step;
        for (int n = 1; n < 6; ++n) {
            persistence.add(Image<float>(1, 1, 0.0F).view());
            const double now = persistence.view_average().at(0, 0);
            CHECK(now <= (1 - weight) * std::min(left, change) + 1e-4);
            CHECK(now >= 0);
            left = now;
        }
        if (step >= 2 * change) CHECK(left == 0);
    }
}

TEST_CASE("persistence: noise falls as the average of frames says") {
    // Variance of a recursive average: weight / (2 - weight).
    Persistence persistence({0.2, kPlain});
    double variance = 0;
    for (int i = 0; i < 60; ++i)
        persistence.add(test::random_image(100, 100, 1 + static_cast<unsigned>(i)).view());
    const auto out = copy_image(persistence.view_average());
    for (std::size_t i = 0; i < out.size(); ++i)
        variance += std::pow(out.data()[i] - 127.5, 2) / static_cast<double>(out.size());
    CHECK(variance == Approx(255.0 * 255 / 12 * 0.2 / 1.8).epsilon(0.1));
}

TEST_CASE("persistence: another size and reset start over, a stopped frame too") {
    Persistence persistence({0.5, kPlain});
    CHECK(persistence.view_average().empty());
    persistence.add(Image<float>(4, 4, 10.0F).view());
    persistence.add(Image<float>(5, 4, 20.0F).view());
    CHECK(persistence.view_average().width == 5);
    CHECK(persistence.view_average().at(4, 3) == 20);
    persistence.reset();
    persistence.add(Image<float>(5, 4, 30.0F).view());
    CHECK(persistence.view_average().at(0, 0) == 30);
    std::stop_source stop;
    stop.request_stop();
    CHECK_THROWS_AS(persistence.add(Image<float>(5, 4, 50.0F).view(), {1, stop.get_token()}),
                    Stopped);
    persistence.add(Image<float>(5, 4, 70.0F).view());
    CHECK(persistence.view_average().at(0, 0) == 70);
    persistence.add({});
    CHECK(persistence.view_average().empty());
}

TEST_CASE("persistence: what is not finite leaves the average and never stays in it") {
    test::for_each_instruction_set([] {
        for (const float bad : {kInfinity, -kInfinity, std::numeric_limits<float>::quiet_NaN()}) {
            Persistence persistence({0.5, 50});
            Image<float> in(20, 1, 10.0F);
            in.at(17, 0) = bad;
            persistence.add(in.view());
            CHECK_FALSE(std::isfinite(persistence.view_average().at(17, 0)));
            persistence.add(Image<float>(20, 1, 20.0F).view());
            CHECK(persistence.view_average().at(17, 0) == 20);
            CHECK(persistence.view_average().at(0, 0) == 15);
            in.at(0, 0) = bad;
            persistence.add(in.view());
            CHECK(persistence.view_average().at(0, 0) == 15);
            CHECK(persistence.view_average().at(17, 0) == 20);
        }
    });
}

TEST_CASE("persistence: in place, strides and threads change nothing, later frames allocate none") {
    const auto a = test::random_image(130, 200, 1), b = test::random_image(130, 200, 2);
    Persistence one, two;
    Image<float> out(130, 200);
    one.apply(a.view(), out.view());
    CHECK(test::largest_difference(out, a) == 0);
    one.apply(b.view(), out.view());
    const auto first = b.clone();
    two.add(a.view(), {3, {}});
    test::Strided both(first);
    const test::Allocations allocations;
    two.apply(both.part, both.part);
    CHECK(allocations.largest() < 10000);
    CHECK(test::largest_difference(both.part, out.view()) == 0);
    CHECK(std::isnan(both.whole.at(2, 2)));
    Persistence three;
    three.add(a.view(), {2, {}});
    three.add(b.view(), {2, {}});
    CHECK(test::largest_difference(three.view_average(), out.view()) == 0);
    CHECK(test::largest_difference(one.view_average(), out.view()) == 0);
}

TEST_CASE("persistence: wrong calls name what is wrong") {
    CHECK_THROWS_WITH(Persistence({0, 10}), Catch::Contains("weight"));
    CHECK_THROWS_WITH(Persistence({NAN, 10}), Catch::Contains("weight"));
    CHECK_THROWS_WITH(Persistence({0.5, 0}), Catch::Contains("explained_change"));
    Image<float> a(3, 3), b(4, 3);
    Persistence persistence;
    CHECK_THROWS_AS(persistence.apply(a.view(), b.view()), PreconditionError);
}
