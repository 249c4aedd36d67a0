// SPDX-License-Identifier: Apache-2.0
#include "allocations.hpp"
#include "images.hpp"
#include "instruction_sets.hpp"

#include <guide/filters/speckle_statistics.hpp>

#include <catch2/catch.hpp>

#include <limits>
#include <numeric>

using namespace guide;
using filters::Binning;
using filters::NakagamiEstimator;
using filters::StatisticsWindow;

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

Image<float> snr(const Image<float>& in, StatisticsWindow window, int threads = 1) {
    Image<float> out(in.width(), in.height(), NAN);
    filters::local_speckle_snr(in.view(), out.view(), window, {threads, {}});
    return out;
}

struct Maps {
    Image<float> shape, scale;
};

Maps maps(const Image<float>& in, StatisticsWindow window, NakagamiEstimator estimator,
          int threads = 1) {
    Maps out{Image<float>(in.width(), in.height(), NAN),
             Image<float>(in.width(), in.height(), NAN)};
    filters::nakagami_maps(in.view(), out.shape.view(), out.scale.view(), window, estimator,
                           {threads, {}});
    return out;
}

std::vector<float> window_samples(const Image<float>& in, int x, int y, StatisticsWindow window) {
    std::vector<float> samples;
    for (int j = y - window.half_height; j <= y + window.half_height; ++j) {
        for (int i = x - window.half_width; i <= x + window.half_width; ++i) {
            if (in.view().contains(i, j)) samples.push_back(in.at(i, j));
        }
    }
    return samples;
}

/// The definition: the region's statistics at each pixel.
Image<float> plain_snr(const Image<float>& in, StatisticsWindow window) {
    Image<float> out(in.width(), in.height());
    for (int y = 0; y < in.height(); ++y) {
        for (int x = 0; x < in.width(); ++x) {
            const auto of = filters::region_statistics(window_samples(in, x, y, window));
            const double bound = filters::kLargestSnr;
            const double value = of && of->mean != 0 ? of->snr : 0;
            out.at(x, y) = static_cast<float>(std::clamp(value, -bound, bound));
        }
    }
    return out;
}

/// Amplitudes of speckle whose intensity is the mean of `looks` exponential ones: Nakagami with
/// shape `looks`, Rayleigh for 1.
std::vector<float> speckle(std::size_t count, int looks, double omega, std::uint64_t seed = 7) {
    Random random(seed);
    std::vector<float> samples(count);
    for (float& a : samples) {
        double intensity = 0;
        for (int i = 0; i < looks; ++i)
            intensity -= std::log(1 - random.uniform()) * omega / looks;
        a = static_cast<float>(std::sqrt(intensity));
    }
    return samples;
}

Image<float> speckle_image(int width, int height, int looks = 1) {
    Image<float> image(width, height);
    const auto samples = speckle(image.size(), looks, 4.0);
    std::copy(samples.begin(), samples.end(), image.data());
    return image;
}

}  // namespace

TEST_CASE("speckle statistics: the map of the signal-to-noise ratio equals its definition") {
    test::for_each_instruction_set([] {
        for (const int w : test::kAwkwardSizes) {
            for (const int h : test::kAwkwardSizes) {
                auto in = speckle_image(w, h);
                in.at(w / 2, h / 2) = NAN;
                in.at(w / 3, h / 3) = -kInfinity;
                INFO(w << " x " << h);
                for (const StatisticsWindow window : {StatisticsWindow{3, 2}, {0, 5}, {4, 0}}) {
                    CHECK(test::largest_difference(snr(in, window), plain_snr(in, window)) < 2e-3);
                }
            }
        }
    });
}

TEST_CASE("speckle statistics: Nakagami's maps equal the estimate of each window") {
    const StatisticsWindow window{3, 4};
    const auto compare = [&](const Image<float>& in, NakagamiEstimator estimator) {
        const Maps out = maps(in, window, estimator);
        double worst = 0;
        for (int y = 0; y < in.height(); ++y) {
            for (int x = 0; x < in.width(); ++x) {
                const auto here = filters::nakagami(window_samples(in, x, y, window), estimator)
                                      .value_or(filters::Nakagami{});
                const auto off = [](double found, double truth) {
                    return std::abs(found - truth) / std::max(truth, 1e-3);
                };
                worst = std::max({worst, off(out.shape.at(x, y), here.shape),
                                  off(out.scale.at(x, y), here.scale)});
            }
        }
        CHECK(worst < 1e-6);
    };
    test::for_each_instruction_set([&] {
        auto in = speckle_image(33, 70, 2);
        in.at(20, 30) = NAN;
        in.at(4, 5) = 0;
        in.at(9, 50) = -3;
        compare(in, NakagamiEstimator::kMoments);
        compare(in, NakagamiEstimator::kLikelihood);
        for (const int w : test::kAwkwardSizes) {
            for (const int h : test::kAwkwardSizes)
                compare(speckle_image(w, h), NakagamiEstimator::kLikelihood);
        }
    });
}

TEST_CASE("speckle statistics: fully developed speckle has the ratio 1.91 and shape 1") {
    const auto samples = speckle(400000, 1, 4.0);
    CHECK(filters::region_statistics(samples)->snr ==
          Approx(filters::kDevelopedSpeckleSnr).epsilon(0.01));
    for (const auto estimator : {NakagamiEstimator::kMoments, NakagamiEstimator::kLikelihood}) {
        CHECK(filters::nakagami(samples, estimator)->shape == Approx(1).epsilon(0.01));
        CHECK(filters::nakagami(samples, estimator)->scale == Approx(4).epsilon(0.01));
    }
    const auto map = snr(speckle_image(200, 200), {20, 20});
    const std::span<const float> all(map.data(), map.size());
    CHECK(filters::region_statistics(all)->mean ==
          Approx(filters::kDevelopedSpeckleSnr).epsilon(0.01));
}

TEST_CASE("speckle statistics: Nakagami's shape is found again, likelihood scattering less") {
    for (const int looks : {1, 2, 5, 20}) {
        const auto many = speckle(200000, looks, 9.0);
        double spread[2] = {};
        for (const auto estimator : {NakagamiEstimator::kMoments, NakagamiEstimator::kLikelihood}) {
            const auto found = *filters::nakagami(many, estimator);
            CHECK(found.shape == Approx(looks).epsilon(0.02));
            CHECK(found.scale == Approx(9).epsilon(0.01));
            double& squares = spread[estimator == NakagamiEstimator::kLikelihood];
            for (std::size_t start = 0; start + 100 <= many.size(); start += 100) {
                const std::span<const float> few(many.data() + start, 100);
                squares += std::pow(filters::nakagami(few, estimator)->shape / looks - 1, 2);
            }
        }
        if (looks <= 2) CHECK(spread[1] < 0.9 * spread[0]);
    }
}

TEST_CASE("speckle statistics: a constant gives the bounds, nothing gives 0") {
    const Image<float> constant(20, 10, 3.0F), zero(20, 10, 0.0F), none(20, 10, NAN);
    const StatisticsWindow window{2, 2};
    const Image<float> bound(20, 10, filters::kLargestSnr), shape(20, 10, 1000.0F);
    CHECK(test::largest_difference(snr(constant, window), bound) == 0);
    CHECK(test::largest_difference(snr(Image<float>(20, 10, -3.0F), window),
                                   Image<float>(20, 10, -filters::kLargestSnr)) == 0);
    for (const auto* in : {&zero, &none}) {
        CHECK(test::largest_difference(snr(*in, window), zero) == 0);
        for (const auto estimator : {NakagamiEstimator::kMoments, NakagamiEstimator::kLikelihood}) {
            CHECK(test::largest_difference(maps(*in, window, estimator).shape, zero) == 0);
            CHECK(test::largest_difference(maps(constant, window, estimator).shape, shape) == 0);
            CHECK(maps(constant, window, estimator).scale.at(3, 3) == 9);
        }
    }
}

TEST_CASE("speckle statistics: a very bright spot leaves nothing behind") {
    auto in = speckle_image(100, 100);
    const auto before = snr(in, {3, 3});
    in.at(40, 40) = 1e30F;
    const auto after = snr(in, {3, 3});
    for (int y = 0; y < 100; ++y) {
        for (int x = 0; x < 100; ++x) {
            if (std::max(std::abs(x - 40), std::abs(y - 40)) > 3)
                REQUIRE(after.at(x, y) == before.at(x, y));
        }
    }
}

TEST_CASE("speckle statistics: flips commute") {
    const auto in = speckle_image(64, 130);
    const auto out = snr(in, {5, 3});
    CHECK(test::largest_difference(snr(test::flipped_x(in), {5, 3}), test::flipped_x(out)) < 1e-4);
    CHECK(test::largest_difference(snr(test::flipped_y(in), {5, 3}), test::flipped_y(out)) < 1e-4);
    const auto shape = [](const Image<float>& image) {
        return maps(image, {5, 3}, NakagamiEstimator::kLikelihood).shape;
    };
    const auto shapes = shape(in);
    CHECK(test::largest_difference(shape(test::flipped_x(in)), test::flipped_x(shapes)) < 1e-4);
    CHECK(test::largest_difference(shape(test::flipped_y(in)), test::flipped_y(shapes)) < 1e-4);
}

TEST_CASE("speckle statistics: strided views and any number of threads give the same bits") {
    const auto in = speckle_image(130, 300);
    const auto out = snr(in, {7, 7});
    const auto nakagami = maps(in, {7, 7}, NakagamiEstimator::kLikelihood);
    for (const int threads : {2, 3}) {
        CHECK(test::largest_difference(snr(in, {7, 7}, threads), out) == 0);
        CHECK(test::largest_difference(
                  maps(in, {7, 7}, NakagamiEstimator::kLikelihood, threads).shape,
                  nakagami.shape) == 0);
    }
    const test::Strided source(in);
    test::Strided target(in);
    filters::local_speckle_snr(source.part, target.part);
    CHECK(test::largest_difference(target.part, out.view()) == 0);
    filters::nakagami_maps(source.part, target.part, {});
    CHECK(test::largest_difference(target.part, nakagami.shape.view()) == 0);
    filters::nakagami_maps(source.part, {}, target.part);
    CHECK(test::largest_difference(target.part, nakagami.scale.view()) == 0);
    CHECK(std::isnan(target.whole.at(2, 2)));
}

TEST_CASE("speckle statistics: maps allocate lines only, and stop when asked") {
    const auto in = speckle_image(400, 400);
    Image<float> out(400, 400);
    const test::Allocations watch;
    filters::local_speckle_snr(in.view(), out.view(), {3, 3});
    CHECK(watch.largest() < in.size() * sizeof(float) / 4);
    std::stop_source stop;
    stop.request_stop();
    CHECK_THROWS_AS(filters::local_speckle_snr(in.view(), out.view(), {}, {1, stop.get_token()}),
                    Stopped);
}

TEST_CASE("speckle statistics: samples under a mask, without those that are not finite") {
    Image<float> image(3, 2);
    std::iota(image.data(), image.data() + 6, 1.0F);
    Image<std::uint8_t> mask(3, 2);
    mask.at(1, 0) = 1;
    mask.at(2, 1) = 255;
    CHECK(filters::samples_under(image.view(), mask.view()) == std::vector<float>{2, 6});
    const std::vector<float> samples{2, NAN, 6, kInfinity};
    const auto of = *filters::region_statistics(samples);
    CHECK(of.samples == 2);
    CHECK(of.mean == 4);
    CHECK(of.deviation == 2);
    CHECK(of.snr == 2);
}

TEST_CASE("speckle statistics: contrast of two regions") {
    const std::vector<float> low{0, 2, NAN}, high{9, 11}, same{4, 4};
    const auto apart = *filters::contrast_between(high, low);
    CHECK(apart.difference == 9);
    CHECK(apart.ratio == 10);
    CHECK(apart.cnr == Approx(9 / std::sqrt(2.0)));
    CHECK(apart.gcnr == 1);
    const auto equal = *filters::contrast_between(same, same);
    CHECK(equal.cnr == 0);
    CHECK(equal.gcnr == 0);
    CHECK(filters::contrast_between(same, high)->gcnr == 1);
}

TEST_CASE("speckle statistics: gCNR of two Rayleigh regions equals its closed form") {
    // Rodriguez-Molares 2020: intensities are exponential; with C the ratio of their means the
    // overlap ends at the one crossing of the densities, and gCNR = C^(-C/(C-1)) |C - 1| for C > 1.
    for (const double c : {2.0, 4.0, 16.0}) {
        const auto a = speckle(300000, 1, c, 1), b = speckle(300000, 1, 1.0, 2);
        const double truth = std::pow(c, -c / (c - 1)) * (c - 1);
        for (const auto binning : {Binning::kEqualWidth, Binning::kEqualCount}) {
            CHECK(filters::contrast_between(a, b, {100, binning})->gcnr ==
                  Approx(truth).margin(0.006));
        }
    }
}

TEST_CASE("speckle statistics: bins of equal count do not see a remapping of grey values") {
    auto a = speckle(2000, 1, 4.0, 1), b = speckle(3000, 1, 1.0, 2);
    const auto linear = filters::contrast_between(a, b, {100, Binning::kEqualCount})->gcnr;
    for (auto* samples : {&a, &b}) {
        for (float& v : *samples)
            v = v * v * v;
    }
    CHECK(filters::contrast_between(a, b, {100, Binning::kEqualCount})->gcnr == linear);
}

TEST_CASE("speckle statistics: wrong calls throw, empty regions give a reason") {
    Image<float> a(4, 4), b(5, 4);
    CHECK_THROWS_AS(filters::local_speckle_snr(a.view(), b.view()), PreconditionError);
    CHECK_THROWS_AS(filters::nakagami_maps(a.view(), b.view(), {}), PreconditionError);
    CHECK_THROWS_WITH(snr(a, {-1, 3}), Catch::Contains("half_width"));
    CHECK_THROWS_WITH(snr(a, {3, 256}), Catch::Contains("half_height"));
    CHECK_THROWS_WITH(filters::contrast_between({}, {}, {1}), Catch::Contains("bins"));
    CHECK_THROWS_AS(filters::samples_under(a.view(), {}), PreconditionError);
    const std::vector<float> none{NAN, kInfinity}, one{3};
    CHECK(filters::contrast_between(none, one).error().code == "too-few-samples");
    CHECK(filters::region_statistics(none).error().code == "too-few-samples");
    CHECK(filters::nakagami(one).error().code == "too-few-samples");
    CHECK_NOTHROW(filters::local_speckle_snr({}, {}));
}
