// SPDX-License-Identifier: Apache-2.0
#include "gaussian_weights.hpp"
#include "sheetness_tile.hpp"
#include "tiles.hpp"

#include <guide/core/error.hpp>
#include <guide/filters/sheetness.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

namespace guide::filters {
namespace {

/// Sigmas where the Gaussians end: second derivatives are then right to 0.1 % at all frequencies
/// that sampling leaves alone, three times nearer than recursive fits of fourth order.
constexpr double kReach = 4.5;

/// What all tiles have in common.
SheetnessTile tile_of(ImageView<const float> in, const SheetnessOptions& options) {
    // Finite, so that its product with 0 is 0.
    const auto exponent_of_2 = [](double divisor) {
        return static_cast<float>(std::max(-std::numbers::log2e / divisor, -1e30));
    };
    SheetnessTile tile{};
    tile.in = in;
    tile.polarity = options.polarity;
    tile.ratio_factor = exponent_of_2(2 * options.beta * options.beta);
    tile.all_norms = options.gamma == 0;
    tile.norm_factor = tile.all_norms ? 0 : exponent_of_2(4 * options.gamma * options.gamma);
    tile.times_curvature = options.times_curvature;
    return tile;
}

}  // namespace

void SheetnessOptions::validate() const {
    require(sigma_min >= 0.5 && sigma_min <= 100, "SheetnessOptions", "sigma_min is 0.5 to 100 px");
    require(sigma_max >= sigma_min && sigma_max <= 100, "SheetnessOptions",
            "sigma_max is sigma_min to 100 px");
    require(scales >= 1 && scales <= 32, "SheetnessOptions", "scales is 1 to 32");
    require(beta > 0 && beta <= 1e6, "SheetnessOptions", "beta is above 0, to 10^6");
    require(gamma >= 0 && gamma <= 1e6, "SheetnessOptions", "gamma is 0 to 10^6");
}

std::vector<double> SheetnessOptions::sigmas() const {
    std::vector<double> all;
    for (int i = 0; i < scales; ++i) {
        const double part = scales == 1 ? 0 : static_cast<double>(i) / (scales - 1);
        all.push_back(steps == SigmaSteps::equispaced
                          ? sigma_min + part * (sigma_max - sigma_min)
                          : sigma_min * std::pow(sigma_max / sigma_min, part));
    }
    return all;
}

void sheetness(ImageView<const float> in, const SheetnessViews& out,
               const SheetnessOptions& options, const Execution& execution) {
    options.validate();
    for (const auto& view : {out.measure, out.orientation, out.scale}) {
        require(view.empty() || (view.width == in.width && view.height == in.height), "sheetness",
                "in and out are of one size");
    }
    if (in.empty()) return;
    const auto sigmas = options.sigmas();
    std::vector<GaussianWeights> scales;
    for (const double sigma : sigmas)
        scales.emplace_back(sigma, kReach);
    const int radius = scales.back().radius;
    const SheetnessTile common = tile_of(in, options);

    // Tiles lose 2 radius rows of work each.
    const TileCut cut(in.width, in.height, kSheetnessWidth, 9 * radius);
    for_each_tile(execution, cut, [&](const Tile& part, Workspace& scratch) {
        const auto area = [](int rows) { return static_cast<std::size_t>(rows) * kSheetnessWidth; };
        SheetnessTile tile = common;
        tile.x = part.x;
        tile.columns = part.columns;
        tile.y = part.y;
        tile.rows = part.rows;
        tile.line_pitch = kSheetnessWidth + 2 * radius + kSheetnessSlack;
        tile.lines =
            scratch.take<float>(static_cast<std::size_t>(kSheetnessLines * tile.line_pitch));
        auto* across = scratch.take<float>(3 * area(part.rows + 2 * radius));
        auto* best = scratch.take<float>(3 * area(part.rows));
        std::fill_n(best, 3 * area(part.rows), 0.0F);
        tile.measure = best;
        if (!out.orientation.empty()) tile.orientation = best + area(part.rows);
        if (!out.scale.empty()) tile.scale = best + 2 * area(part.rows);
        for (std::size_t s = 0; s < scales.size(); ++s) {
            const GaussianWeights& weights = scales[s];
            tile.smooth = weights.smooth.data();
            tile.slope = weights.slope.data();
            tile.curve = weights.curve.data();
            tile.radius = weights.radius;
            tile.sigma = static_cast<float>(sigmas[s]);
            tile.across0 = across;
            tile.across1 = tile.across0 + area(part.rows + 2 * weights.radius);
            tile.across2 = tile.across1 + area(part.rows + 2 * weights.radius);
            add_sheetness_scale(tile);
        }
        const auto give = [&](const float* from, ImageView<float> to) {
            for (int y = 0; y < part.rows && !to.empty(); ++y)
                std::copy_n(from + area(y), part.columns, to.row(part.y + y) + part.x);
        };
        give(tile.measure, out.measure);
        give(tile.orientation, out.orientation);
        give(tile.scale, out.scale);
    });
}

}  // namespace guide::filters
