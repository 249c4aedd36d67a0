// SPDX-License-Identifier: Apache-2.0
#include "allocations.hpp"
#include "images.hpp"
#include "instruction_sets.hpp"
#include "line_samples.hpp"

#include <guide/filters/oriented_lines.hpp>

#include <catch2/catch.hpp>

#include <numbers>
#include <numeric>
#include <string>

using namespace guide;
using filters::OrientedLinesOptions;

namespace {

constexpr double kDegree = std::numbers::pi / 180;

struct Result {
    Result(const Image<float>& in, int grid)
        : response((in.width() + grid - 1) / grid, (in.height() + grid - 1) / grid),
          angle(response.width(), response.height()) {}
    filters::OrientedLinesViews views() { return {response.view(), angle.view()}; }
    Image<float> response, angle;
};

Result oriented_lines(const Image<float>& in, const OrientedLinesOptions& options = {},
                      int threads = 1) {
    Result result(in, options.grid_px);
    filters::oriented_lines(in.view(), result.views(), options, {threads});
    return result;
}

/// The smoothed frame at any half pixel, by its definition.
class Smoothed {
  public:
    Smoothed(const Image<float>& in, double sigma, int margin)
        : margin_(margin),
          rows_(2 * (in.width() + 2 * margin), in.height()),
          values_(rows_.width(), 2 * (in.height() + 2 * margin)) {
        const int radius = static_cast<int>(std::ceil(4 * sigma));
        // Whole places have 2 radius + 1 weights, half ones 2 radius.
        const auto mean = [&](double at, int count, const auto& value) {
            double sum = 0, weights = 0;
            for (int i = static_cast<int>(std::floor(at)) - radius - 1; i <= at + radius + 1; ++i) {
                if (std::abs(i - at) > radius) continue;
                const double w = std::exp(-0.5 * (i - at) * (i - at) / (sigma * sigma));
                sum += w * value(std::clamp(i, 0, count - 1));
                weights += w;
            }
            return sum / weights;
        };
        for (int y = 0; y < in.height(); ++y) {
            for (int x = 0; x < rows_.width(); ++x) {
                rows_.at(x, y) =
                    mean(0.5 * x - margin, in.width(), [&](int i) { return double{in.at(i, y)}; });
            }
        }
        for (int y = 0; y < values_.height(); ++y) {
            for (int x = 0; x < values_.width(); ++x) {
                values_.at(x, y) =
                    mean(0.5 * y - margin, in.height(), [&](int i) { return rows_.at(x, i); });
            }
        }
    }
    /// At half pixels.
    [[nodiscard]] double at(int x, int y) const {
        return values_.at(x + 2 * margin_, y + 2 * margin_);
    }

  private:
    int margin_;
    Image<double> rows_, values_;
};

/// The definition, in double precision, with the samples where the header puts them.
Result plain(const Image<float>& in, const OrientedLinesOptions& o) {
    const double sigma = 0.42466 * o.width_px, apart = std::max(1.0, 1.5 * sigma);
    const int grid = o.grid_px;
    const Smoothed smoothed(in, sigma, static_cast<int>(o.length_px / 2 + 4 * o.width_px) + 8);
    const double step = (o.last_angle - o.first_angle) / (o.angles - 1);
    Result result(in, grid);
    for (int y = 0; y < result.angle.height(); ++y) {
        for (int x = 0; x < result.angle.width(); ++x) {
            std::vector<double> contrast;
            for (int a = 0; a < o.angles; ++a) {
                const double angle = o.first_angle + a * step;
                const bool along_x = std::abs(std::cos(angle)) >= std::abs(std::sin(angle));
                const double main = along_x ? std::cos(angle) : std::sin(angle);
                const double slope = (along_x ? std::sin(angle) : std::cos(angle)) / main;
                const auto samples =
                    filters::line_samples(slope, o.length_px, apart, grid == 1 ? 1 : 2);
                const auto mean = [&](int along, int across) {  // grid steps
                    double sum = 0;
                    for (const filters::LineSample& sample : samples) {
                        const int u = 2 * sample.along + 2 * grid * along;
                        const int v = sample.across + 2 * grid * across;
                        sum += smoothed.at(2 * grid * x + (along_x ? u : v),
                                           2 * grid * y + (along_x ? v : u));
                    }
                    return sum / static_cast<double>(samples.size());
                };
                // At a distance of 1.5 widths from the line, straight beside the place but for
                // rounding.
                const double flank = 1.5 * o.width_px / grid, sine = slope * std::abs(main);
                const int along = -static_cast<int>(std::lround(flank * sine));
                const double across = (flank + along * sine) / std::abs(main);
                const int whole = static_cast<int>(std::floor(across));
                const double part = across - whole;
                const double high = (1 - part) * mean(along, whole) + part * mean(along, whole + 1);
                const double low =
                    (1 - part) * mean(-along, -whole) + part * mean(-along, -whole - 1);
                contrast.push_back(mean(0, 0) - std::max(low, high));
            }
            const auto best = static_cast<std::size_t>(
                std::max_element(contrast.begin(), contrast.end()) - contrast.begin());
            if (contrast[best] <= 0) continue;
            double shift = 0;
            if (best > 0 && best + 1 < contrast.size()) {
                const double tilt = contrast[best + 1] - contrast[best - 1];
                shift = 0.5 * tilt / (2 * contrast[best] - contrast[best - 1] - contrast[best + 1]);
            }
            result.response.at(x, y) = static_cast<float>(contrast[best]);
            result.angle.at(x, y) =
                static_cast<float>(o.first_angle + (static_cast<double>(best) + shift) * step);
        }
    }
    return result;
}

void check_equal(const Image<float>& in, const OrientedLinesOptions& options) {
    const auto result = oriented_lines(in, options), expected = plain(in, options);
    CHECK(test::largest_difference(result.response, expected.response) < 2e-3);
    // Near a tie either angle is right; a frame of few rows has nothing but ties.
    if (std::min(in.width(), in.height()) < 10) return;
    std::size_t other = 0;
    for (std::size_t i = 0; i < result.angle.size(); ++i)
        other += std::abs(result.angle.data()[i] - expected.angle.data()[i]) > 2e-3F;
    CHECK(other <= result.angle.size() / 100);
}

/// A needle through (x, y) of Gaussian profile, `width` wide at half height.
Image<float> needle(int width, int height, double x0, double y0, double angle, double thickness) {
    Image<float> image(width, height);
    const double sigma = 0.42466 * thickness;
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const double u = (x - x0) * std::cos(angle) + (y - y0) * std::sin(angle);
            const double v = (y - y0) * std::cos(angle) - (x - x0) * std::sin(angle);
            const double profile = std::exp(-0.5 * v * v / (sigma * sigma));
            image.at(x, y) = static_cast<float>(40 + (std::abs(u) < 90 ? 120 * profile : 0));
        }
    }
    return image;
}

/// Where the response peaks across the line near pixel (x, y): along y or along x, in pixels.
double ridge(const Image<float>& response, int x, int y, bool along_y) {
    const auto at = [&](int k) { return along_y ? response.at(x, y + k) : response.at(x + k, y); };
    int best = 0;
    for (int k = -3; k <= 3; ++k) {
        if (at(k) > at(best)) best = k;
    }
    const double before = at(best - 1), here = at(best), after = at(best + 1);
    return (along_y ? y : x) + best + 0.5 * (after - before) / (2 * here - before - after);
}

}  // namespace

TEST_CASE("oriented lines: equals its definition at awkward sizes") {
    test::for_each_instruction_set([] {
        for (const int w : test::kAwkwardSizes) {
            for (const int h : test::kAwkwardSizes) {
                INFO(w << " x " << h);
                check_equal(test::random_image(w, h), {3, 14, -1.2, 1.2, 1, 5});
            }
        }
    });
}

TEST_CASE("oriented lines: equals its definition over tiles, grids and windows of angles") {
    const auto in = test::random_image(150, 70);
    test::for_each_instruction_set([&] { check_equal(in, {4, 30, -1.2, 1.2, 1, 7}); });
    check_equal(in, {4, 30, -1.2, 1.2, 2, 9});
    check_equal(in, {6, 25, 0.1, 1.5, 3, 5});
    check_equal(in, {8, 40, -1.5, -0.4, 4, 6});
    check_equal(in, {1.5, 8, -0.3, 0.3, 1, 3});
}

TEST_CASE("oriented lines: samples have the slope of their line") {
    for (const int unit : {1, 2}) {
        for (double degrees = -45; degrees <= 45; degrees += 1.7) {
            INFO(degrees << " degrees, unit " << unit);
            const double slope = std::tan(degrees * kDegree);
            const auto samples = filters::line_samples(slope, 60, 2.5, unit);
            double moment = 0, spread = 0;
            int along = 0, across = 0;
            for (const auto& sample : samples) {
                CHECK(sample.across % unit == 0);
                CHECK(std::abs(0.5 * sample.across - slope * sample.along) <= 0.5 * unit);
                moment += 0.5 * sample.across * sample.along;
                spread += double{1} * sample.along * sample.along;
                along += sample.along;
                across += sample.across;
            }
            CHECK(std::abs(std::atan(moment / spread) - degrees * kDegree) < 0.15 * kDegree);
            CHECK((along == 0 && across == 0));
            CHECK(samples.size() == 25);
        }
    }
}

TEST_CASE("oriented lines: a needle's angle within 0.3 degrees, its axis within 0.15 px") {
    for (const int grid : {1, 2}) {
        OrientedLinesOptions options;
        options.grid_px = grid;
        double worst_angle = 0, worst_ridge = 0;
        for (double degrees = -68; degrees <= 68; degrees += 7.3) {
            const double angle = degrees * kDegree, x0 = 110.3, y0 = 100.6;
            const auto in = needle(221, 201, x0, y0, angle, 4);
            const auto result = oriented_lines(in, options);
            const bool along_y = std::abs(degrees) <= 45;
            for (double u = -50; u <= 50; u += 5) {
                // The grid point next to the axis.
                const double px = (x0 + u * std::cos(angle)) / grid,
                             py = (y0 + u * std::sin(angle)) / grid;
                const int x = static_cast<int>(std::lround(px)),
                          y = static_cast<int>(std::lround(py));
                const double slope = std::tan(angle);
                const double found = ridge(result.response, x, y, along_y);
                const double axis = along_y ? py + (x - px) * slope : px + (y - py) / slope;
                const double off = std::abs(found - axis) * grid *
                                   (along_y ? std::cos(angle) : std::abs(std::sin(angle)));
                worst_ridge = std::max(worst_ridge, off);
                const int at = static_cast<int>(std::lround(found));
                const double seen = along_y ? result.angle.at(x, at) : result.angle.at(at, y);
                worst_angle = std::max(worst_angle, std::abs(seen - angle) / kDegree);
            }
        }
        INFO("grid " << grid << ": " << worst_angle << " degrees, " << worst_ridge << " px");
        CHECK(worst_angle < 0.3);
        CHECK(worst_ridge < 0.15);
    }
}

TEST_CASE("oriented lines: speckle and edges answer little, a needle in speckle stands out") {
    auto in = test::random_image(240, 200);  // grey levels 0..255
    const auto noise = oriented_lines(in);
    const auto line = needle(240, 200, 120, 100, 30 * kDegree, 4);
    for (std::size_t i = 0; i < in.size(); ++i)
        in.data()[i] = 0.5F * in.data()[i] + line.data()[i];
    const auto both = oriented_lines(in);
    float highest = 0;
    for (std::size_t i = 0; i < noise.response.size(); ++i)
        highest = std::max(highest, 0.5F * noise.response.data()[i]);
    CHECK(both.response.at(120, 100) > 4 * highest);
    CHECK(both.angle.at(120, 100) == Approx(30 * kDegree).margin(1.5 * kDegree));

    Image<float> edge(120, 120);
    for (int y = 0; y < 120; ++y) {
        for (int x = 0; x < 120; ++x)
            edge.at(x, y) = x + y > 120 ? 200.0F : 20.0F;
    }
    const auto step = oriented_lines(edge);
    CHECK(*std::max_element(step.response.data(), step.response.data() + step.response.size()) <
          10);
}

TEST_CASE("oriented lines: finds a needle at 15 to 75 degrees in speckle") {
    // Fully developed speckle a few pixels wide, log-compressed to 60 dB, and a needle whose echo
    // is twice the mean amplitude: along it speckle still covers it in places.
    const int width = 260, height = 240;
    for (const int grid : {1, 2}) {
        for (int degrees = -75; degrees <= 75; degrees += 15) {
            if (degrees == 0) continue;
            INFO("grid " << grid << ", " << degrees << " degrees");
            const double angle = degrees * kDegree, x0 = 130.4, y0 = 118.7;
            const auto profile = needle(width, height, x0, y0, angle, 4);
            auto frame = test::speckle_image(width, height, static_cast<unsigned>(90 + degrees));
            for (std::size_t i = 0; i < frame.size(); ++i) {
                const double amplitude = frame.data()[i] + (profile.data()[i] - 40) / 60;
                frame.data()[i] = static_cast<float>(
                    std::clamp(180 + 255.0 / 60 * 20 * std::log10(amplitude + 1e-9), 0.0, 255.0));
            }
            OrientedLinesOptions options;
            options.first_angle = -80 * kDegree;
            options.last_angle = 80 * kDegree;
            options.angles = 55;
            options.grid_px = grid;
            const auto found = oriented_lines(frame, options);
            // The strongest places lie on the needle, and their angle is its own.
            std::vector<std::size_t> order(found.response.size());
            std::iota(order.begin(), order.end(), std::size_t{0});
            const auto strongest = order.begin() + 60 / grid;
            std::partial_sort(order.begin(), strongest, order.end(), [&](auto a, auto b) {
                return found.response.data()[a] > found.response.data()[b];
            });
            double turn = 0;
            for (auto at = order.begin(); at != strongest; ++at) {
                const auto columns = static_cast<std::size_t>(found.response.width());
                const double x = grid * static_cast<double>(*at % columns);
                const double y = grid * static_cast<double>(*at / columns);
                CHECK(std::abs((y - y0) * std::cos(angle) - (x - x0) * std::sin(angle)) < 2.5);
                turn += (found.angle.data()[*at] - angle) / kDegree / (60 / grid);
            }
            CHECK(std::abs(turn) < 1);
        }
    }
}

TEST_CASE("oriented lines: a constant gives nothing") {
    const auto result = oriented_lines(Image<float>(130, 65, 200.0F));
    CHECK(test::largest_difference(result.response, Image<float>(130, 65)) < 1e-3);
}

TEST_CASE("oriented lines: flips commute") {
    const auto in = test::random_image(90, 65);
    const OrientedLinesOptions options{4, 30, -1.2, 1.2, 1, 9};
    const auto out = oriented_lines(in, options);
    for (const auto flip : {test::flipped_x, test::flipped_y}) {
        const auto other = oriented_lines(flip(in), options);
        CHECK(test::largest_difference(other.response, flip(out.response)) < 1e-3);
        const auto angle = flip(out.angle);
        std::size_t different = 0;
        for (std::size_t i = 0; i < angle.size(); ++i)
            different += std::abs(other.angle.data()[i] + angle.data()[i]) > 1e-3F;
        CHECK(different < angle.size() / 100);
    }
}

TEST_CASE("oriented lines: strided views and any number of threads give the same bits") {
    const auto in = test::random_image(140, 150);
    const OrientedLinesOptions options{4, 30, -1.2, 1.2, 1, 9};
    const auto out = oriented_lines(in, options);
    for (const int threads : {2, 3}) {
        const auto other = oriented_lines(in, options, threads);
        CHECK(test::largest_difference(other.response, out.response) == 0);
        CHECK(test::largest_difference(other.angle, out.angle) == 0);
    }
    const test::Strided source(in);
    test::Strided target(in);
    filters::oriented_lines(source.part, {target.part, {}}, options);
    CHECK(test::largest_difference(target.part, out.response.view()) == 0);
    CHECK(std::isnan(target.whole.at(2, 2)));
    CHECK(std::isnan(target.whole.at(3 + 140, 2)));
}

TEST_CASE("oriented lines: pixels that are not finite count as 0") {
    auto in = test::random_image(66, 64), clean = in.clone();
    const float bad[] = {NAN, INFINITY, -INFINITY, 3e38F};
    for (int i = 0; i < 4; ++i) {
        in.at(16 * i, 16 * i) = bad[i];
        clean.at(16 * i, 16 * i) = 0;
    }
    const OrientedLinesOptions options{4, 30, -1.2, 1.2, 1, 9};
    CHECK(test::largest_difference(oriented_lines(in, options).response,
                                   oriented_lines(clean, options).response) == 0);
}

TEST_CASE("oriented lines: a second call allocates nothing of the frame's size, stops") {
    const auto in = test::random_image(900, 400);
    const OrientedLinesOptions options{4, 20, -1.2, 1.2, 1, 3};
    Result result(in, 1);
    filters::Workspace workspace;
    filters::oriented_lines(in.view(), result.views(), options, workspace);
    const test::Allocations allocations;
    filters::oriented_lines(in.view(), result.views(), options, workspace);
    CHECK(allocations.largest() < in.size() * sizeof(float) / 3);
    std::stop_source source;
    source.request_stop();
    CHECK_THROWS_AS(
        filters::oriented_lines(in.view(), result.views(), options, {1, source.get_token()}),
        Stopped);
}

TEST_CASE("oriented lines: wrong calls throw and name the field") {
    const auto names = [](const OrientedLinesOptions& options, const std::string& field) {
        CHECK_THROWS_WITH(options.validate(), Catch::Contains(field));
        CHECK_THROWS_AS(oriented_lines(Image<float>(8, 8), options), PreconditionError);
    };
    names({1, 60}, "width_px");
    names({NAN, 60}, "width_px");
    names({4, 6}, "length_px");
    names({4, 2000}, "length_px");
    names({4, 60, -2}, "first_angle");
    names({4, 60, 0.5, 0.5}, "last_angle");
    names({4, 60, 0, 2}, "last_angle");
    names({4, 60, -1, 1, 3}, "grid_px");
    names({4, 60, -1, 1, 1, 2}, "angles");
    const Image<float> in(9, 9);
    Image<float> half(5, 5), whole(9, 9);
    OrientedLinesOptions coarse;
    coarse.grid_px = 2;
    CHECK_THROWS_AS(filters::oriented_lines(in.view(), {half.view(), {}}, {}), PreconditionError);
    CHECK_THROWS_AS(filters::oriented_lines(in.view(), {whole.view(), {}}, coarse),
                    PreconditionError);
    CHECK_NOTHROW(filters::oriented_lines(in.view(), {half.view(), {}}, coarse));
    CHECK_NOTHROW(filters::oriented_lines(ImageView<const float>(), {}, {}));
}
