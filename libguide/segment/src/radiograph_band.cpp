// SPDX-License-Identifier: Apache-2.0
#include "radiograph_band.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace guide::segment {
namespace {

constexpr int kSteepest = 4;  // rows per column; the walls of the notch are no steeper
constexpr float kImpossible = -1e30f;
constexpr float kOutsideWindow = -5.0f;  // per column; more than any edge can earn

float guide_price(const std::vector<double>& guide, double window, int column, int row) {
    if (guide.empty()) return 0.0f;
    return std::abs(row - guide[static_cast<std::size_t>(column)]) <= window ? 0.0f
                                                                             : kOutsideWindow;
}

}  // namespace

std::optional<Band> find_band(const BandFields& fields, const BandOptions& options) {
    const int height = fields.brightness.height;
    const int first_row = std::max(options.first_row, 0);
    const int last_row = std::min(options.last_row, height - 1 - options.least_thickness);
    const int columns = options.last_column - options.first_column + 1;
    const int rows = last_row - first_row + 1;
    const int thicknesses =
        std::min(options.most_thickness, height - 1) - options.least_thickness + 1;
    if (columns < 2 || rows < 1 || thicknesses < 1) return std::nullopt;

    // State (row of the upper curve, thickness); one column after the other. A step is cut in two:
    // the lower curve moves with the upper one held, then the upper one with the lower held, which
    // costs 9 + 9 instead of 81.
    const auto size = static_cast<std::size_t>(rows) * static_cast<std::size_t>(thicknesses);
    const auto at = [thicknesses](int row, int t) {
        return static_cast<std::size_t>(row) * static_cast<std::size_t>(thicknesses) +
               static_cast<std::size_t>(t);
    };
    std::vector<float> value(size, 0.0f), moved(size), next(size);
    std::vector<std::int8_t> upper_step(size * static_cast<std::size_t>(columns));
    std::vector<std::int8_t> lower_step(size * static_cast<std::size_t>(columns));
    std::vector<float> gx(static_cast<std::size_t>(height)), gy(gx), lower_price(gx);
    std::vector<float> above(static_cast<std::size_t>(height) + 1), seen(above);
    const auto bending = static_cast<float>(options.bending);

    for (int c = 0; c < columns; ++c) {
        const int x = options.first_column + c;
        for (int y = 0; y < height; ++y) {
            const auto i = static_cast<std::size_t>(y);
            gx[i] = fields.gradient_x.at(x, y);
            gy[i] = fields.gradient_y.at(x, y);
            lower_price[i] = guide_price(options.lower_guide, options.window, x, y);
            above[i + 1] =
                above[i] + static_cast<float>(options.area * (fields.brightness.at(x, y) +
                                                              options.area_brightness));
            if (fields.odds.empty()) continue;
            // Of the rows of both curves and all between.
            const float odds = static_cast<float>(options.odds_weight) * fields.odds.at(x, y);
            seen[i + 1] = seen[i] + odds;
            lower_price[i] += seen[i + 1];
        }
        auto* const upper_steps = upper_step.data() + static_cast<std::size_t>(c) * size;
        auto* const lower_steps = lower_step.data() + static_cast<std::size_t>(c) * size;
        if (c > 0) {
            std::fill(moved.begin(), moved.end(), kImpossible);
            for (int r = 0; r < rows; ++r) {
                const int base = first_row + r + options.least_thickness;  // lower row at t = 0
                for (int d = -kSteepest; d <= kSteepest; ++d) {
                    const int t0 = std::max(0, d);
                    const int t1 = std::min({thicknesses, thicknesses + d, height - base});
                    const auto slope = static_cast<float>(d);
                    for (int t = t0; t < t1; ++t) {
                        const auto l = static_cast<std::size_t>(base + t);
                        const float v =
                            value[at(r, t - d)] + gy[l] - slope * gx[l] - bending * slope * slope;
                        if (v > moved[at(r, t)]) {
                            moved[at(r, t)] = v;
                            lower_steps[at(r, t)] = static_cast<std::int8_t>(d);
                        }
                    }
                }
            }
            std::fill(next.begin(), next.end(), kImpossible);
            for (int r = 0; r < rows; ++r) {
                const auto u = static_cast<std::size_t>(first_row + r);
                for (int d = -kSteepest; d <= kSteepest; ++d) {
                    if (r - d < 0 || r - d >= rows) continue;
                    const auto slope = static_cast<float>(d);
                    const float earned = -gy[u] + slope * gx[u] - bending * slope * slope;
                    const int t0 = std::max(0, -d), t1 = std::min(thicknesses, thicknesses - d);
                    for (int t = t0; t < t1; ++t) {
                        const float v = moved[at(r - d, t + d)] + earned;
                        if (v > next[at(r, t)]) {
                            next[at(r, t)] = v;
                            upper_steps[at(r, t)] = static_cast<std::int8_t>(d);
                        }
                    }
                }
            }
            value.swap(next);
        }
        for (int r = 0; r < rows; ++r) {
            const int u = first_row + r;
            const float upper_price = guide_price(options.upper_guide, options.window, x, u) -
                                      seen[static_cast<std::size_t>(u)];
            for (int t = 0; t < thicknesses; ++t) {
                const int l = u + options.least_thickness + t;
                float& v = value[at(r, t)];
                if (l >= height) {
                    v = kImpossible;
                    continue;
                }
                v += upper_price + lower_price[static_cast<std::size_t>(l)] -
                     (above[static_cast<std::size_t>(l)] - above[static_cast<std::size_t>(u)]);
            }
        }
    }

    const auto best = std::max_element(value.begin(), value.end());
    if (*best < 0.5f * kImpossible) return std::nullopt;
    const auto index = static_cast<int>(best - value.begin());
    int r = index / thicknesses, t = index % thicknesses;
    Band band;
    band.upper.resize(static_cast<std::size_t>(columns));
    band.lower.resize(static_cast<std::size_t>(columns));
    band.mean_flux = static_cast<double>(*best) / columns;
    for (int c = columns - 1; c >= 0; --c) {
        const auto i = static_cast<std::size_t>(c);
        band.upper[i] = first_row + r;
        band.lower[i] = first_row + r + options.least_thickness + t;
        if (c == 0) break;
        const int du = upper_step[i * size + at(r, t)];
        r -= du;
        t += du;
        t -= lower_step[i * size + at(r, t)];
    }
    return band;
}

}  // namespace guide::segment
