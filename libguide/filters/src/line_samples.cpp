// SPDX-License-Identifier: Apache-2.0
#include "line_samples.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace guide::filters {

std::vector<LineSample> line_samples(double slope, double length, double apart, int unit) {
    const double cosine = 1 / std::sqrt(1 + slope * slope);
    const auto reach = static_cast<std::size_t>(std::lround(0.5 * length / apart));
    std::vector<LineSample> side(reach);
    std::vector<double> off(reach);  // of the line, units
    double moment = 0;               // 0 where the mean slope is that of the line
    for (std::size_t j = 0; j < reach; ++j) {
        const double along = std::round(static_cast<double>(j + 1) * apart * cosine);
        const double exact = 2 * slope * along / unit, nearest = std::round(exact);
        side[j] = {static_cast<int>(along), static_cast<int>(nearest) * unit};
        off[j] = nearest - exact;
        moment += along * off[j];
    }
    // One place after the other goes to its other neighbour as long as that brings the slope
    // nearer.
    while (true) {
        std::size_t best = reach;
        double least = std::abs(moment) - 1e-9;
        for (std::size_t j = 0; j < reach; ++j) {
            const double turned = std::abs(moment + (off[j] > 0 ? -side[j].along : side[j].along));
            if (off[j] != 0 && turned < least) {
                least = turned;
                best = j;
            }
        }
        if (best == reach) break;
        const int way = off[best] > 0 ? -1 : 1;
        side[best].across += way * unit;
        off[best] += way;
        moment += way * side[best].along;
    }
    std::vector<LineSample> all{{0, 0}};
    for (const LineSample& sample : side) {
        all.push_back(sample);
        all.push_back({-sample.along, -sample.across});
    }
    return all;
}

}  // namespace guide::filters
