// SPDX-License-Identifier: Apache-2.0
// The measures that simulated frames are set beside real ones by.
#include "support/frame_statistics.hpp"

#include <guide/core/random.hpp>

#include <catch2/catch.hpp>

#include <cmath>

using namespace guide;
using namespace guide::test;

namespace {

/// Grey 100 and smooth noise about it, its correlation Gaussian of these widths (sigma, px).
Image<float> blobs(double sigma_x, double sigma_y) {
    constexpr int kWidth = 400, kHeight = 300;
    Random random(3);
    Image<float> noise(kWidth, kHeight), across(kWidth, kHeight), out(kWidth, kHeight);
    for (int y = 0; y < kHeight; ++y) {
        for (int x = 0; x < kWidth; ++x)
            noise.view().at(x, y) = static_cast<float>(random.normal());
    }
    const auto smooth = [&](const Image<float>& from, Image<float>& to, double sigma, bool rows) {
        const int reach = static_cast<int>(4 * sigma);
        for (int y = 0; y < kHeight; ++y) {
            for (int x = 0; x < kWidth; ++x) {
                double sum = 0;
                for (int k = -reach; k <= reach; ++k) {
                    const int u = rows ? (x + k + kWidth) % kWidth : x;
                    const int v = rows ? y : (y + k + kHeight) % kHeight;
                    sum += std::exp(-0.5 * k * k / (sigma * sigma)) *
                           static_cast<double>(from.view().at(u, v));
                }
                to.view().at(x, y) = static_cast<float>(sum);
            }
        }
    };
    smooth(noise, across, sigma_x, true);
    smooth(across, out, sigma_y, false);
    for (int y = 0; y < kHeight; ++y) {
        for (int x = 0; x < kWidth; ++x)
            out.view().at(x, y) = 100 + 3 * out.view().at(x, y);
    }
    return out;
}

}  // namespace

TEST_CASE("frame statistics: correlation lengths are those a texture was made with") {
    const Image<float> frame = blobs(3, 1.5);
    const auto lengths = correlation_lengths(frame.view(), {0, 0, 400, 300}, {0.1, 0.1});
    // Smooth noise is correlated over the square root of two of its sigma.
    const double width = 2 * std::sqrt(2 * std::log(2.0)) * std::sqrt(2.0) * 0.1;
    CHECK(lengths.lateral_mm == Approx(3 * width).epsilon(0.1));
    CHECK(lengths.axial_mm == Approx(1.5 * width).epsilon(0.1));
    const auto coarse = correlation_lengths(frame.view(), {0, 0, 400, 300}, {0.05, 0.2});
    CHECK(coarse.axial_mm / coarse.lateral_mm == Approx(2).epsilon(0.25));
}

TEST_CASE("frame statistics: grey levels, bone, and what lies above and below it") {
    Image<float> frame(200, 220, 60.0F);
    for (int y = 120; y < 220; ++y) {
        for (int x = 0; x < 200; ++x)
            frame.view().at(x, y) = y < 123 ? 200.0F : 3.0F;
    }
    BoneSurface bone;
    bone.points = {{0, 121}, {50, 121}, {199, 121}};
    const Figures f = figures_of(frame.view(), {0, 0, 200, 220}, {0.1, 0.1}, {bone});
    CHECK(f[kBoneGrey] == 200);
    CHECK(f[kAboveGrey] == 60);
    CHECK(f[kBelowGrey] == 3);
    CHECK(f[kBoneOverAbove] == 140);
    CHECK(f[kBelowOverAbove] == Approx(0.05));
    // The uppermost 20 rows do not count.
    CHECK(f[kBlack] == Approx(97.0 / 200));
    CHECK(f[kMean] == Approx((100 * 60 + 3 * 200 + 97 * 3) / 200.0));
    CHECK(f[kP25] == 3);
    CHECK(f[kP75] == 60);
    CHECK(f[kRows1] == Approx(60 / f[kMean]));
    CHECK(std::isnan(figures_of(frame.view(), {0, 0, 200, 220}, {0.1, 0.1}, {})[kBoneGrey]));
}
