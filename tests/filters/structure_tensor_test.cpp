// SPDX-License-Identifier: Apache-2.0
#include "allocations.hpp"
#include "derivatives.hpp"
#include "images.hpp"
#include "instruction_sets.hpp"

#include <guide/filters/structure_tensor.hpp>

#include <catch2/catch.hpp>

using namespace guide;
using filters::StructureTensorOptions;

namespace {

struct Result {
    explicit Result(const Image<float>& in)
        : orientation(in.width(), in.height()),
          coherence(in.width(), in.height()),
          energy(in.width(), in.height()) {}
    filters::StructureTensorViews views() {
        return {orientation.view(), coherence.view(), energy.view()};
    }
    Image<float> orientation, coherence, energy;
};

Result structure_tensor(const Image<float>& in, const StructureTensorOptions& options,
                        int threads = 1) {
    Result result(in);
    filters::structure_tensor(in.view(), result.views(), options, {threads});
    return result;
}

/// The definition, in double precision: on a frame that goes on with its border pixels.
Result plain(const Image<float>& in, const StructureTensorOptions& o) {
    const int margin = static_cast<int>(std::ceil(4 * o.window_sigma));
    Image<float> wide(in.width() + 2 * margin, in.height() + 2 * margin);
    for (int y = 0; y < wide.height(); ++y) {
        for (int x = 0; x < wide.width(); ++x) {
            wide.at(x, y) = in.at(std::clamp(x - margin, 0, in.width() - 1),
                                  std::clamp(y - margin, 0, in.height() - 1));
        }
    }
    const auto gx = test::derived(wide.view(), o.gradient_sigma, 1, 0, 4);
    const auto gy = test::derived(wide.view(), o.gradient_sigma, 0, 1, 4);
    const auto w = test::gaussian_derivative(o.window_sigma, 0, 4);
    // Sums along x of the three products, then along y.
    Image<double> rows[3];
    for (auto& image : rows)
        image = Image<double>(in.width(), wide.height());
    for (int y = 0; y < wide.height(); ++y) {
        for (int x = 0; x < in.width(); ++x) {
            for (int i = 0; i <= 2 * margin; ++i) {
                const double u = gx.at(x + i, y), v = gy.at(x + i, y);
                const double weight = w[static_cast<std::size_t>(i)];
                rows[0].at(x, y) += weight * u * u;
                rows[1].at(x, y) += weight * u * v;
                rows[2].at(x, y) += weight * v * v;
            }
        }
    }
    Result result(in);
    for (int y = 0; y < in.height(); ++y) {
        for (int x = 0; x < in.width(); ++x) {
            double j[3] = {0, 0, 0};
            for (int i = 0; i <= 2 * margin; ++i) {
                for (int k = 0; k < 3; ++k)
                    j[k] += w[static_cast<std::size_t>(i)] * rows[k].at(x, y + i);
            }
            const double root = std::hypot(j[0] - j[2], 2 * j[1]), sum = j[0] + j[2];
            result.energy.at(x, y) = static_cast<float>(sum);
            result.coherence.at(x, y) =
                static_cast<float>(sum > 1e-9 ? root / sum : 0);  // rounding is no gradient
            result.orientation.at(x, y) =
                static_cast<float>(0.5 * std::atan2(2 * j[1], j[0] - j[2]));
        }
    }
    return result;
}

void check_equal(const Image<float>& in, const StructureTensorOptions& options) {
    const auto result = structure_tensor(in, options), expected = plain(in, options);
    double largest = 0;
    for (std::size_t i = 0; i < in.size(); ++i)
        largest = std::max(largest, static_cast<double>(expected.energy.data()[i]));
    CHECK(test::largest_difference(result.energy, expected.energy) <= 1e-5 * largest + 1e-9);
    CHECK(test::largest_difference(result.coherence, expected.coherence) < 1e-4);
    CHECK(test::largest_turn(result.orientation.view(), expected.orientation.view(),
                             [&](int x, int y) { return expected.coherence.at(x, y) > 0.05F; }) <
          1e-3);
}

}  // namespace

TEST_CASE("structure tensor: equals its definition at awkward sizes") {
    test::for_each_instruction_set([] {
        for (const int w : test::kAwkwardSizes) {
            for (const int h : test::kAwkwardSizes) {
                INFO(w << " x " << h);
                check_equal(test::random_image(w, h), {0.7, 1.6});
            }
        }
    });
}

TEST_CASE("structure tensor: equals its definition over bands and tiles") {
    const auto in = test::random_image(290, 300);
    test::for_each_instruction_set([&] { check_equal(in, {}); });
    check_equal(test::random_image(140, 80), {2, 6});
}

TEST_CASE("structure tensor: a grating has one direction, its gradient's energy, full coherence") {
    for (const double degrees : {-60.0, -10.0, 0.0, 45.0, 90.0}) {
        INFO(degrees << " degrees");
        const double normal = degrees * 3.14159265358979 / 180, wave = 0.2;
        Image<float> in(101, 101);
        for (int y = 0; y < 101; ++y) {
            for (int x = 0; x < 101; ++x) {
                in.at(x, y) = static_cast<float>(
                    100 + 50 * std::sin(wave * (x * std::cos(normal) + y * std::sin(normal))));
            }
        }
        const auto result = structure_tensor(in, {1, 8});
        CHECK(std::abs(std::remainder(result.orientation.at(50, 50) - normal, 3.14159265)) < 2e-3);
        CHECK(result.coherence.at(50, 50) > 0.999F);
        // Mean of a squared cosine, and what the first Gaussian takes off.
        const double slope = 50 * wave * std::exp(-0.5 * wave * wave);
        CHECK(result.energy.at(50, 50) == Approx(0.5 * slope * slope).epsilon(0.02));
    }
}

TEST_CASE("structure tensor: a ramp gives its slope") {
    Image<float> in(64, 64);
    for (int y = 0; y < 64; ++y) {
        for (int x = 0; x < 64; ++x)
            in.at(x, y) = static_cast<float>(3 * x);
    }
    CHECK(structure_tensor(in, {}).energy.at(32, 32) == Approx(9).epsilon(1e-4));
}

TEST_CASE("structure tensor: a constant gives nothing, noise no direction") {
    const auto flat = structure_tensor(Image<float>(65, 63, 200.0F), {});
    const Image<float> zero(65, 63);
    CHECK(test::largest_difference(flat.energy, zero) == 0);
    CHECK(test::largest_difference(flat.coherence, zero) == 0);
    CHECK(test::largest_difference(flat.orientation, zero) == 0);
    const auto noise = structure_tensor(test::random_image(100, 100), {1, 8});
    CHECK(noise.coherence.at(50, 50) < 0.3F);
}

TEST_CASE("structure tensor: flips commute") {
    const auto in = test::random_image(64, 65);
    const auto out = structure_tensor(in, {});
    for (const auto flip : {test::flipped_x, test::flipped_y}) {
        const auto other = structure_tensor(flip(in), {});
        CHECK(test::largest_difference(other.energy, flip(out.energy)) < 0.05);
        CHECK(test::largest_difference(other.coherence, flip(out.coherence)) < 1e-4);
        auto turned = flip(out.orientation);
        for (std::size_t i = 0; i < turned.size(); ++i)
            turned.data()[i] = -turned.data()[i];
        CHECK(test::largest_turn(other.orientation.view(), turned.view(), [&](int x, int y) {
                  return other.coherence.at(x, y) > 0.05F;
              }) < 1e-3);
    }
}

TEST_CASE("structure tensor: strided views and any number of threads give the same bits") {
    const auto in = test::random_image(130, 300);
    const auto out = structure_tensor(in, {});
    for (const int threads : {2, 3}) {
        const auto other = structure_tensor(in, {}, threads);
        CHECK(test::largest_difference(other.energy, out.energy) == 0);
        CHECK(test::largest_difference(other.coherence, out.coherence) == 0);
        CHECK(test::largest_difference(other.orientation, out.orientation) == 0);
    }
    const test::Strided source(in);
    test::Strided target(in);
    filters::structure_tensor(source.part, {{}, target.part, {}}, {});
    CHECK(test::largest_difference(target.part, out.coherence.view()) == 0);
    CHECK(std::isnan(target.whole.at(2, 2)));
    CHECK(std::isnan(target.whole.at(3 + 130, 2)));
}

TEST_CASE("structure tensor: pixels that are not finite count as 0") {
    auto in = test::random_image(66, 64), clean = in.clone();
    const float bad[] = {NAN, INFINITY, -INFINITY, 3e38F};
    for (int i = 0; i < 4; ++i) {
        in.at(16 * i, 16 * i) = bad[i];
        clean.at(16 * i, 16 * i) = 0;
    }
    CHECK(test::largest_difference(structure_tensor(in, {}).energy,
                                   structure_tensor(clean, {}).energy) == 0);
}

TEST_CASE("structure tensor: scratch does not grow with the width of the frame, stops") {
    const auto in = test::random_image(3000, 130);
    Result result(in);
    filters::structure_tensor(in.view(), result.views(), {});
    const test::Allocations allocations;
    filters::structure_tensor(in.view(), result.views(), {});
    CHECK(allocations.largest() < in.size() * sizeof(float) / 4);
    std::stop_source source;
    source.request_stop();
    CHECK_THROWS_AS(
        filters::structure_tensor(in.view(), result.views(), {}, {1, source.get_token()}), Stopped);
}

TEST_CASE("structure tensor: wrong calls throw and name the field") {
    const Image<float> in(8, 8);
    CHECK_THROWS_WITH(structure_tensor(in, {0.1, 3}), Catch::Contains("gradient_sigma"));
    CHECK_THROWS_WITH(structure_tensor(in, {NAN, 3}), Catch::Contains("gradient_sigma"));
    CHECK_THROWS_WITH(structure_tensor(in, {1, 101}), Catch::Contains("window_sigma"));
    Image<float> small(7, 8);
    CHECK_THROWS_AS(filters::structure_tensor(in.view(), {small.view(), {}, {}}, {}),
                    PreconditionError);
    CHECK_NOTHROW(filters::structure_tensor(ImageView<const float>(), {}, {}));
}
