// SPDX-License-Identifier: Apache-2.0
#include "allocations.hpp"
#include "derivatives.hpp"
#include "images.hpp"
#include "instruction_sets.hpp"

#include <guide/filters/sheetness.hpp>

#include <catch2/catch.hpp>

#include <limits>
#include <string>

using namespace guide;
using filters::Polarity;
using filters::SheetnessOptions;
using filters::SigmaSteps;

namespace {

struct Result {
    explicit Result(const Image<float>& in)
        : measure(in.width(), in.height()),
          orientation(in.width(), in.height()),
          scale(in.width(), in.height()) {}
    filters::SheetnessViews views() { return {measure.view(), orientation.view(), scale.view()}; }
    Image<float> measure, orientation, scale;
};

Result sheetness(const Image<float>& in, const SheetnessOptions& options, int threads = 1) {
    Result result(in);
    filters::sheetness(in.view(), result.views(), options, {threads});
    return result;
}

/// The definition, in double precision.
Result plain(const Image<float>& in, const SheetnessOptions& o) {
    Result result(in);
    for (const double sigma : o.sigmas()) {
        const auto xx = test::derived(in.view(), sigma, 2, 0, 4.5),
                   xy = test::derived(in.view(), sigma, 1, 1, 4.5),
                   yy = test::derived(in.view(), sigma, 0, 2, 4.5);
        const double s2 = sigma * sigma;
        for (int y = 0; y < in.height(); ++y) {
            for (int x = 0; x < in.width(); ++x) {
                const double a = s2 * xx.at(x, y), b = s2 * xy.at(x, y), c = s2 * yy.at(x, y);
                const double root = std::hypot((a - c) / 2, b), mean = (a + c) / 2;
                double l1 = mean - root, l2 = mean + root;
                if (std::abs(l1) > std::abs(l2)) std::swap(l1, l2);
                const bool counts = o.polarity == Polarity::bright ? l2 < 0
                                    : o.polarity == Polarity::dark ? l2 > 0
                                                                   : l2 != 0;
                if (!counts) continue;
                double measure = std::exp(-(l1 / l2) * (l1 / l2) / (2 * o.beta * o.beta));
                if (o.gamma > 0) {
                    measure *= 1 - std::exp(-(l1 * l1 + l2 * l2) / (2 * o.gamma * o.gamma));
                }
                if (o.times_curvature) measure *= std::abs(l2);
                if (measure <= static_cast<double>(result.measure.at(x, y))) continue;
                result.measure.at(x, y) = static_cast<float>(measure);
                result.scale.at(x, y) = static_cast<float>(sigma);
                // (l2 - c, b) and (b, l2 - a) are both eigenvectors; the longer one is safe.
                const double angle = std::abs(l2 - c) > std::abs(l2 - a) ? std::atan2(b, l2 - c)
                                                                         : std::atan2(l2 - a, b);
                result.orientation.at(x, y) = static_cast<float>(angle);
            }
        }
    }
    return result;
}

/// A line of Gaussian profile at the angle of its normal, through the middle.
Image<float> line(int size, double normal, double sigma, double height) {
    Image<float> image(size, size);
    for (int y = 0; y < size; ++y) {
        for (int x = 0; x < size; ++x) {
            const double d = (x - size / 2) * std::cos(normal) + (y - size / 2) * std::sin(normal);
            image.at(x, y) =
                static_cast<float>(100 + height * std::exp(-0.5 * d * d / (sigma * sigma)));
        }
    }
    return image;
}

void check_equal(const Image<float>& in, const SheetnessOptions& options) {
    const auto result = sheetness(in, options), expected = plain(in, options);
    double largest = 0;
    for (std::size_t i = 0; i < in.size(); ++i)
        largest = std::max(largest, static_cast<double>(expected.measure.data()[i]));
    CHECK(test::largest_difference(result.measure, expected.measure) <= 2e-5 * largest + 1e-6);
    // Near a tie either scale is right: directions and scales count where they agree on it.
    std::size_t other_scale = 0;
    for (std::size_t i = 0; i < in.size(); ++i)
        other_scale += std::abs(result.scale.data()[i] - expected.scale.data()[i]) > 1e-5F;
    CHECK(other_scale <= in.size() / 500);
    CHECK(test::largest_turn(
              result.orientation.view(), expected.orientation.view(), [&](int x, int y) {
                  return std::abs(result.scale.at(x, y) - expected.scale.at(x, y)) < 1e-5F &&
                         expected.measure.at(x, y) > 0.02 * largest;
              }) < 1e-3);
}

}  // namespace

TEST_CASE("sheetness: equals its definition at awkward sizes") {
    test::for_each_instruction_set([] {
        for (const int w : test::kAwkwardSizes) {
            for (const int h : test::kAwkwardSizes) {
                INFO(w << " x " << h);
                check_equal(test::random_image(w, h), {0.8, 2.5, 2});
            }
        }
    });
}

TEST_CASE("sheetness: equals its definition over bands and tiles, for every option") {
    const auto in = test::random_image(150, 300);
    test::for_each_instruction_set([&] { check_equal(in, {}); });
    check_equal(in, {1, 6, 3, SigmaSteps::equispaced});
    check_equal(in, {2, 2, 1, SigmaSteps::logarithmic, Polarity::dark});
    check_equal(in, {1, 3, 2, SigmaSteps::logarithmic, Polarity::both, 0.2, 40});
    check_equal(in, {1, 3, 2, SigmaSteps::logarithmic, Polarity::bright, 2, 0});
    check_equal(in, {1, 3, 3, SigmaSteps::logarithmic, Polarity::both, 0.5, 5, false});
}

TEST_CASE("sheetness: sigmas go from the smallest to the largest") {
    CHECK(SheetnessOptions{1, 4, 4, SigmaSteps::equispaced}.sigmas() ==
          std::vector<double>{1, 2, 3, 4});
    const auto steps = SheetnessOptions{1, 4, 3}.sigmas();
    CHECK(steps[1] == Approx(2));
    CHECK(steps[2] == Approx(4));
    CHECK(SheetnessOptions{1.5, 4, 1}.sigmas() == std::vector<double>{1.5});
}

TEST_CASE("sheetness: finds a line, its direction and its width") {
    const int size = 101, middle = size / 2;
    for (const double degrees : {-80.0, -45.0, 0.0, 20.0, 90.0}) {
        INFO(degrees << " degrees");
        const double normal = degrees * 3.14159265358979 / 180;
        const auto bright = sheetness(line(size, normal, 2, 80), {1, 4, 7, SigmaSteps::equispaced});
        CHECK(std::abs(std::remainder(bright.orientation.at(middle, middle) - normal, 3.14159265)) <
              1e-3);
        // |sigma^2 g''| of a line of width s peaks at sigma = s sqrt(2).
        CHECK(bright.scale.at(middle, middle) == Approx(2 * std::sqrt(2.0)).margin(0.26));
        CHECK(bright.measure.at(middle, middle) == Approx(80 * 2 / std::pow(3, 1.5)).epsilon(0.03));
        SheetnessOptions dark{1, 4, 7, SigmaSteps::equispaced, Polarity::dark};
        CHECK(sheetness(line(size, normal, 2, 80), dark).measure.at(middle, middle) == 0);
        dark.polarity = Polarity::both;
        CHECK(sheetness(line(size, normal, 2, -80), dark).measure.at(middle, middle) ==
              Approx(bright.measure.at(middle, middle)).epsilon(1e-4));
    }
}

TEST_CASE("sheetness: a blob counts less than a line") {
    Image<float> blob(101, 101);
    for (int y = 0; y < 101; ++y) {
        for (int x = 0; x < 101; ++x)
            blob.at(x, y) =
                static_cast<float>(80 * std::exp(-(std::pow(x - 50, 2) + std::pow(y - 50, 2)) / 8));
    }
    const auto on_blob = sheetness(blob, {}), on_line = sheetness(line(101, 0, 2, 80), {});
    CHECK(on_blob.measure.at(50, 50) < 0.15 * on_line.measure.at(50, 50));
}

TEST_CASE("sheetness: a constant gives nothing") {
    const auto result = sheetness(Image<float>(65, 63, 200.0F), {});
    CHECK(test::largest_difference(result.measure, Image<float>(65, 63)) < 1e-6);
}

TEST_CASE("sheetness: flips commute") {
    const auto in = test::random_image(64, 65);
    const auto out = sheetness(in, {});
    for (const auto flip : {test::flipped_x, test::flipped_y}) {
        const auto other = sheetness(flip(in), {});
        CHECK(test::largest_difference(other.measure, flip(out.measure)) < 1e-3);
        auto turned = flip(out.orientation);
        for (std::size_t i = 0; i < turned.size(); ++i)
            turned.data()[i] = -turned.data()[i];
        CHECK(test::largest_turn(other.orientation.view(), turned.view(),
                                 [&](int x, int y) { return other.measure.at(x, y) > 1; }) < 1e-3);
    }
}

TEST_CASE("sheetness: finite at the ends of the options") {
    const auto in = test::random_image(40, 30);
    for (const double beta : {1e-200, 1e6}) {
        for (const double gamma : {1e-200, 1e6}) {
            const auto out =
                sheetness(in, {1, 2, 2, SigmaSteps::logarithmic, Polarity::both, beta, gamma});
            CHECK(std::all_of(out.measure.data(), out.measure.data() + out.measure.size(),
                              [](float v) { return std::isfinite(v) && v >= 0; }));
        }
    }
}

TEST_CASE("sheetness: strided views and any number of threads give the same bits") {
    const auto in = test::random_image(130, 300);
    const auto out = sheetness(in, {});
    for (const int threads : {2, 3}) {
        const auto other = sheetness(in, {}, threads);
        CHECK(test::largest_difference(other.measure, out.measure) == 0);
        CHECK(test::largest_difference(other.orientation, out.orientation) == 0);
        CHECK(test::largest_difference(other.scale, out.scale) == 0);
    }
    const test::Strided source(in);
    test::Strided target(in);
    filters::sheetness(source.part, {target.part, {}, {}}, {});
    CHECK(test::largest_difference(target.part, out.measure.view()) == 0);
    CHECK(std::isnan(target.whole.at(2, 2)));
    CHECK(std::isnan(target.whole.at(3 + 130, 2)));
}

TEST_CASE("sheetness: views left out change nothing in the others") {
    const auto in = test::random_image(70, 66);
    const auto all = sheetness(in, {});
    Result some(in);
    filters::sheetness(in.view(), {{}, some.orientation.view(), {}}, {});
    CHECK(test::largest_difference(some.orientation, all.orientation) == 0);
    filters::sheetness(in.view(), {{}, {}, some.scale.view()}, {});
    CHECK(test::largest_difference(some.scale, all.scale) == 0);
}

TEST_CASE("sheetness: pixels that are not finite count as 0") {
    auto in = test::random_image(66, 64), clean = in.clone();
    const float bad[] = {NAN, INFINITY, -INFINITY, std::numeric_limits<float>::max()};
    for (int i = 0; i < 4; ++i) {
        in.at(16 * i, 16 * i) = bad[i];
        clean.at(16 * i, 16 * i) = 0;
    }
    in.at(65, 63) = NAN;
    clean.at(65, 63) = 0;
    CHECK(test::largest_difference(sheetness(in, {}).measure, sheetness(clean, {}).measure) == 0);
}

TEST_CASE("sheetness: scratch does not grow with the width of the frame") {
    const auto in = test::random_image(2000, 130);
    Result result(in);
    filters::sheetness(in.view(), result.views(), {});
    const test::Allocations allocations;
    filters::sheetness(in.view(), result.views(), {});
    CHECK(allocations.largest() < in.size() * sizeof(float) / 4);
}

TEST_CASE("sheetness: stops when asked to") {
    const auto in = test::random_image(64, 64);
    Result result(in);
    std::stop_source source;
    source.request_stop();
    CHECK_THROWS_AS(filters::sheetness(in.view(), result.views(), {}, {1, source.get_token()}),
                    Stopped);
}

TEST_CASE("sheetness: wrong calls throw and name the field") {
    const Image<float> in(8, 8);
    const auto names = [&](const SheetnessOptions& options, const std::string& field) {
        CHECK_THROWS_WITH(options.validate(), Catch::Contains(field));
        CHECK_THROWS_AS(sheetness(in, options), PreconditionError);
    };
    names({0.1, 4, 4}, "sigma_min");
    names({NAN, 4, 4}, "sigma_min");
    names({2, 1, 4}, "sigma_max");
    names({1, 1000, 4}, "sigma_max");
    names({1, 4, 0}, "scales");
    names({1, 4, 4, SigmaSteps::equispaced, Polarity::bright, 0}, "beta");
    names({1, 4, 4, SigmaSteps::equispaced, Polarity::bright, 1, -1}, "gamma");
    Image<float> small(7, 8);
    CHECK_THROWS_AS(filters::sheetness(in.view(), {small.view(), {}, {}}, {}), PreconditionError);
    CHECK_NOTHROW(filters::sheetness(ImageView<const float>(), {}, {}));
}
