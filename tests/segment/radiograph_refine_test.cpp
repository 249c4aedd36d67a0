// SPDX-License-Identifier: Apache-2.0
#include "radiograph_refine.hpp"

#include "radiograph_widths.hpp"

#include <guide/core/image.hpp>
#include <guide/core/random.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace {

using guide::Image;
using guide::segment::JointEdges;

constexpr int kWidth = 200, kHeight = 120;

/// Two bones whose shadows get opaque over `way` px, with a gap between them, blurred by `blur` px.
struct Gap {
    double width = 12, way = 3, blur = 0.75, noise = 0, slope = 0;
    bool bones_bright = true;
    double closed_from = 1e9;  ///< column where the bones begin to overlap by 3 px

    [[nodiscard]] double gap_at(double x) const { return x < closed_from ? width : -3; }
    [[nodiscard]] double femur(double x) const { return 60 + slope * (x - 100) - 0.5 * gap_at(x); }
    [[nodiscard]] double tibia(double x) const { return 60 + slope * (x - 100) + 0.5 * gap_at(x); }
    [[nodiscard]] double bone(double depth) const {
        return depth <= 0 ? 0 : 60 * std::sqrt(std::min(1.0, depth / way));
    }

    [[nodiscard]] Image<float> drawn() const {
        Image<float> image(kWidth, kHeight);
        guide::Random random(3);
        for (int y = 0; y < kHeight; ++y) {
            for (int x = 0; x < kWidth; ++x) {
                double sum = 0, weights = 0;
                for (double t = -3 * blur; t <= 3 * blur + 1e-9; t += 0.1) {
                    const double w = std::exp(-0.5 * t * t / (blur * blur)), at = y + t;
                    sum += w * (80 + bone(femur(x) - at) + bone(at - tibia(x)));
                    weights += w;
                }
                const double grey = sum / weights + noise * random.normal();
                image.at(x, y) = static_cast<float>(bones_bright ? grey : 255 - grey);
            }
        }
        return image;
    }

    /// Edges as a search on a coarse grid would give them: some px too far in the bones.
    [[nodiscard]] JointEdges guess() const {
        JointEdges edges;
        edges.x0 = 20;
        for (int i = 0; i < 160; ++i) {
            const double x = edges.x(i), wave = std::sin(0.2 * i);
            edges.femur.push_back(femur(x) - 1.5 + 0.5 * wave);
            edges.tibia.push_back(tibia(x) + 1.5 + 0.5 * wave);
        }
        edges.closed.assign(160, 0);
        return edges;
    }
};

/// Mean error of the width over the middle columns.
double width_error(const Gap& gap) {
    const Image<float> image = gap.drawn();
    const JointEdges edges =
        refine_edges(gap.guess(), image.view(), {5, 1.5, 0.65, gap.bones_bright});
    double sum = 0;
    for (int i = 20; i < 140; ++i) {
        const auto k = static_cast<std::size_t>(i);
        sum += edges.tibia[k] - edges.femur[k] - gap.gap_at(edges.x(i));
    }
    return sum / 120;
}

}  // namespace

TEST_CASE("refined edges: a rounded bone begins where its shadow does") {
    CHECK(std::abs(width_error({})) < 0.7);
    CHECK(std::abs(width_error({12, 6})) < 1.0);
}

TEST_CASE("refined edges: a sharp edge stays where it is to within two thirds of a pixel") {
    CHECK(std::abs(width_error({12, 0.05})) < 1.3);
    CHECK(std::abs(width_error({12, 0.05, 0.75, 0, 0.15})) < 1.3);
}

TEST_CASE("refined edges: bones may be dark") {
    Gap gap;
    const double bright = width_error(gap);
    gap.bones_bright = false;
    CHECK(width_error(gap) == Approx(bright).margin(1e-3));
}

TEST_CASE("refined edges: noise moves the mean by little") {
    Gap gap;
    const double still = width_error(gap);
    gap.noise = 4;
    CHECK(width_error(gap) == Approx(still).margin(0.3));
}

TEST_CASE("refined edges: bones that overlap are closed, open ones are not") {
    Gap gap;
    gap.closed_from = 110;
    const Image<float> image = gap.drawn();
    JointEdges guess = gap.guess();
    for (int i = 0; i < guess.columns(); ++i) {  // a search leaves a narrow band there
        const auto k = static_cast<std::size_t>(i);
        if (guess.x(i) < gap.closed_from) continue;
        guess.femur[k] = 59.5;
        guess.tibia[k] = 60.5;
    }
    const JointEdges edges = refine_edges(guess, image.view(), {});
    for (int i = 10; i < 80; ++i)
        CHECK(edges.closed[static_cast<std::size_t>(i)] == 0);
    const auto closed = std::count(edges.closed.begin() + 95, edges.closed.begin() + 155, char{1});
    CHECK(closed > 50);
}

TEST_CASE("refined edges: too few columns or no picture change nothing") {
    const Gap gap;
    JointEdges few = gap.guess();
    few.femur.resize(5);
    few.tibia.resize(5);
    few.closed.resize(5);
    const Image<float> image = gap.drawn();
    CHECK(refine_edges(few, image.view(), {}).femur == few.femur);
    CHECK(refine_edges(gap.guess(), {}, {}).femur == gap.guess().femur);
}
