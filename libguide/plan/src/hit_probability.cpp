// SPDX-License-Identifier: Apache-2.0
#include "hit_probability.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace guide::plan {
namespace {

constexpr int kRings = 16, kSpokes = 24;

}  // namespace

double hit_probability(const std::vector<MmPolygon>& contours, MmPoint aim, double sigma) {
    int inside = 0;
    for (int ring = 0; ring < kRings; ++ring) {
        // Middle of the ring-th of kRings equally likely annuli of a Rayleigh distributed radius.
        const double radius = sigma * std::sqrt(-2 * std::log(1 - (ring + 0.5) / kRings));
        for (int spoke = 0; spoke < kSpokes; ++spoke) {
            // Mirror-symmetric about both axes, so that a mirrored scene has the same probability.
            const double angle = 2 * std::numbers::pi * (spoke + 0.5) / kSpokes;
            const MmPoint tip{aim.x + radius * std::cos(angle), aim.y + radius * std::sin(angle)};
            if (std::ranges::any_of(contours,
                                    [&](const MmPolygon& c) { return polygon_contains(c, tip); }))
                ++inside;
        }
    }
    return static_cast<double>(inside) / (kRings * kSpokes);
}

}  // namespace guide::plan
