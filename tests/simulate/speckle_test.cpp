// SPDX-License-Identifier: Apache-2.0
#include "instruction_sets.hpp"
#include "phantoms.hpp"

#include <catch2/catch.hpp>

using namespace guide;
using namespace guide::test;

namespace {

constexpr Tissue kTissue = Tissue::synovium;

UltrasoundSettings even_settings() {
    UltrasoundSettings s = plain_settings();
    s.tgc_db_per_cm = fitting_tgc(s, kTissue);
    return s;
}

/// Envelopes of planes too far apart to hear the same scatterers.
std::vector<Image<float>> envelopes(const UltrasoundSettings& s, int count) {
    UltrasoundSimulator simulator(tank_of(kTissue), s);
    std::vector<Image<float>> images;
    for (int i = 0; i < count; ++i) {
        static_cast<void>(simulator.frame(shifted(0, 0, 6.0 * (i - 0.5 * (count - 1)))));
        const auto view = simulator.envelope();
        Image<float> copy(view.width, view.height);
        for (int y = 0; y < view.height; ++y)
            std::copy(view.row(y), view.row(y) + view.width, copy.view().row(y));
        images.push_back(std::move(copy));
    }
    return images;
}

double snr(const std::vector<Image<float>>& images, const Window& w) {
    double sum = 0, squares = 0, n = 0;
    for (const auto& image : images) {
        for (int y = w.sample0; y < w.sample1; ++y) {
            for (int x = w.line0; x < w.line1; ++x) {
                const auto v = static_cast<double>(image.at(x, y));
                sum += v;
                squares += v * v;
                ++n;
            }
        }
    }
    const double mean = sum / n;
    return mean / std::sqrt(squares / n - mean * mean);
}

/// Full width at half height of the autocovariance of intensity, samples or lines. For speckle of a
/// Gaussian point spread that is the point spread's own width.
double width_of_intensity(const std::vector<Image<float>>& images, const Window& w, int dx,
                          int dy) {
    const auto intensity = [](const Image<float>& image, int x, int y) {
        return std::pow(static_cast<double>(image.at(x, y)), 2);
    };
    std::vector<double> covariance;
    for (int lag = 0; lag < 40; ++lag) {
        double a = 0, b = 0, ab = 0, n = 0;
        for (const auto& image : images) {
            for (int y = w.sample0; y < w.sample1 - lag * dy; ++y) {
                for (int x = w.line0; x < w.line1 - lag * dx; ++x) {
                    const double u = intensity(image, x, y);
                    const double v = intensity(image, x + lag * dx, y + lag * dy);
                    a += u;
                    b += v;
                    ab += u * v;
                    ++n;
                }
            }
        }
        covariance.push_back(ab / n - a / n * b / n);
        if (lag > 0 && covariance.back() < 0.5 * covariance.front()) {
            const double before = covariance[covariance.size() - 2] / covariance.front();
            const double after = covariance.back() / covariance.front();
            // Between lags as a Gaussian falls: its logarithm against the squared lag.
            const double l0 = std::pow(lag - 1, 2), l1 = std::pow(lag, 2);
            const double share =
                (std::log(before) - std::log(0.5)) / (std::log(before) - std::log(after));
            return 2 * std::sqrt(l0 + share * (l1 - l0));
        }
    }
    return 0;
}

}  // namespace

TEST_CASE("speckle: fully developed, its envelope follows Rayleigh with a ratio of 1.91") {
    const UltrasoundSettings s = even_settings();
    const auto images = envelopes(s, 3);
    const Window w{10, s.lines - 10, sample_at(s, 6), sample_at(s, 34)};
    CHECK(snr(images, w) == Approx(1.91).margin(0.05));
    double power = 0;
    for (const auto& image : images)
        power += std::pow(rms(image.view(), w), 2) / 3;
    CHECK(std::sqrt(power) == Approx(properties_of(kTissue).scatter_sigma).epsilon(0.02));

    // Kolmogorov and Smirnov's test over samples far enough apart to be independent.
    std::vector<double> values;
    for (const auto& image : images) {
        for (int y = w.sample0; y < w.sample1; y += 16) {
            for (int x = w.line0; x < w.line1; x += 10)
                values.push_back(static_cast<double>(image.at(x, y)));
        }
    }
    std::sort(values.begin(), values.end());
    const auto n = static_cast<double>(values.size());
    double worst = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double expected = 1 - std::exp(-values[i] * values[i] / power);
        const auto k = static_cast<double>(i);
        worst = std::max({worst, std::abs(expected - k / n), std::abs(expected - (k + 1) / n)});
    }
    CHECK(n > 4000);
    CHECK(worst * std::sqrt(n) < 1.63);  // 1 %
}

TEST_CASE("speckle: is as wide as the point spread says, along and across the beam, at any depth") {
    const UltrasoundSettings s = even_settings();
    const auto images = envelopes(s, 7);
    for (const double depth : {9.0, 20.0, 31.0}) {
        const Window w{0, s.lines, sample_at(s, depth - 2.5), sample_at(s, depth + 2.5)};
        const PointSpread spread = point_spread(s, depth);
        const double line_mm = s.probe.width_mm / (s.lines - 1), sample_mm = depth_of(s, 1);
        INFO("depth " << depth);
        CHECK(width_of_intensity(images, w, 1, 0) * line_mm ==
              Approx(spread.lateral_mm).epsilon(0.05));
        CHECK(width_of_intensity(images, w, 0, 1) * sample_mm ==
              Approx(spread.axial_mm).epsilon(0.05));
    }
}

TEST_CASE("speckle: looks under several angles make it smoother") {
    UltrasoundSettings s = even_settings();
    const Window w{10, s.lines - 10, sample_at(s, 6), sample_at(s, 34)};
    s.looks = 3;
    s.look_step_deg = 12;
    const double three = snr(envelopes(s, 1), w);
    CHECK(three > 2.9);
    CHECK(three < 1.91 * std::sqrt(3.0) + 0.1);
    s.looks = 5;
    s.look_step_deg = 7;
    CHECK(snr(envelopes(s, 1), w) > three);
}

TEST_CASE("speckle: is lost as the plane moves, as the beam's thickness says") {
    const UltrasoundSettings s = even_settings();
    UltrasoundSimulator simulator(tank_of(kTissue), s);
    const double depth = s.elevation_focus_mm;
    const Window w{0, s.lines, sample_at(s, depth - 4), sample_at(s, depth + 4)};
    const auto seen = [&](const Pose& pose) {
        static_cast<void>(simulator.frame(pose));
        std::vector<double> values;
        for (int y = w.sample0; y < w.sample1; ++y) {
            for (int x = w.line0; x < w.line1; ++x)
                values.push_back(std::pow(static_cast<double>(simulator.envelope().at(x, y)), 2));
        }
        return values;
    };
    const auto correlation = [](const std::vector<double>& a, const std::vector<double>& b) {
        double sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0;
        for (std::size_t i = 0; i < a.size(); ++i) {
            sa += a[i];
            sb += b[i];
            saa += a[i] * a[i];
            sbb += b[i] * b[i];
            sab += a[i] * b[i];
        }
        const auto n = static_cast<double>(a.size());
        return (sab - sa * sb / n) / std::sqrt((saa - sa * sa / n) * (sbb - sb * sb / n));
    };
    const auto first = seen(shifted(0, 0, 0));
    const double sigma = point_spread(s, depth).elevation_mm / 2.3548;
    for (const double step : {0.5, 1.0, 1.5}) {
        INFO("sigma " << step);
        CHECK(correlation(first, seen(shifted(0, 0, step * sigma))) ==
              Approx(std::exp(-0.5 * step * step)).margin(0.06));
    }
    CHECK(std::abs(correlation(first, seen(shifted(0, 0, 6 * sigma)))) < 0.08);
    CHECK(seen(shifted(0, 0, 0)) == first);
}

TEST_CASE("speckle: stays with the tissue when the probe slides along") {
    const UltrasoundSettings s = even_settings();
    UltrasoundSimulator simulator(tank_of(kTissue), s);
    const auto copy = [&](const Pose& pose) {
        static_cast<void>(simulator.frame(pose));
        const auto view = simulator.envelope();
        return std::vector<float>(view.data, view.data + view.stride * view.height);
    };
    const double line_mm = s.probe.width_mm / (s.lines - 1);
    constexpr int kLines = 12;
    const auto before = copy(shifted(0, 0, 0)), after = copy(shifted(kLines * line_mm, 0, 0));
    const auto width = static_cast<std::size_t>(simulator.envelope().stride);
    double difference = 0, sum = 0;
    for (std::size_t y = 100; y < 900; ++y) {
        for (std::size_t x = 20; x < 280; ++x) {
            const float moved = after[y * width + x], old = before[y * width + x + kLines];
            difference += std::pow(static_cast<double>(moved - old), 2);
            sum += std::pow(static_cast<double>(old), 2);
        }
    }
    CHECK(std::sqrt(difference / sum) < 0.01);
}

TEST_CASE("speckle: weakens with depth as the tissue's attenuation says") {
    UltrasoundSettings s = plain_settings();
    for (const Tissue tissue : {Tissue::subcutaneous_fat, Tissue::synovium}) {
        UltrasoundSimulator simulator(tank_of(tissue), s);
        double n = 0, x = 0, y = 0, xx = 0, xy = 0;
        for (int plane = -2; plane <= 2; ++plane) {
            static_cast<void>(simulator.frame(shifted(0, 0, 6.0 * plane)));
            for (double depth = 5; depth < 33; depth += 1) {
                const double level =
                    decibels(rms(simulator.envelope(),
                                 {0, s.lines, sample_at(s, depth), sample_at(s, depth + 1)}));
                n += 1;
                x += depth;
                y += level;
                xx += depth * depth;
                xy += depth * level;
            }
        }
        const double slope = (n * xy - x * y) / (n * xx - x * x);
        const double expected = -2 * properties_of(tissue).attenuation_db * s.frequency_mhz / 10;
        CHECK(slope == Approx(expected).epsilon(0.02));
    }
}

TEST_CASE("speckle: every instruction set gives the same picture but for rounding") {
    const UltrasoundSettings s = UltrasoundSettings{};
    std::vector<float> first;
    for_each_instruction_set([&] {
        UltrasoundSimulator simulator(tank_of(kTissue), s);
        const Frame frame = simulator.frame(shifted(0.3, 0, 0.2));
        const auto view = frame.intensity.view();
        const std::vector<float> values(view.data, view.data + view.stride * view.height);
        if (first.empty()) first = values;
        REQUIRE(values.size() == first.size());
        std::size_t different = 0;
        for (std::size_t i = 0; i < values.size(); ++i)
            different += std::abs(values[i] - first[i]) > 1 ? 1 : 0;
        CHECK(different < values.size() / 1000);
    });
}
