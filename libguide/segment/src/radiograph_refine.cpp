// SPDX-License-Identifier: Apache-2.0
#include "radiograph_refine.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <utility>

namespace guide::segment {
namespace {

constexpr double kBending = 0.1;  // price of one step per column, of the strongest rise
// Of the joint line, on an adult's 2 mm, 1.2 mm, 0.6 mm: gaps that show how dark open ones are,
// gaps that may be none, and the width that is none, times depth in that of open gaps.
constexpr double kOpen = 1.0 / 40, kNarrow = 1.0 / 65, kTouch = 1.0 / 130;
constexpr double kBlur = 0.75;  // px, of a picture: its pixels, the screen, the focal spot
constexpr double kLevel = 0.1;  // of the steepest rise: the gap is level

/// A picture unrolled along an edge: a row for each column of the edge, from the gap into the bone.
struct Strip {
    int rows = 0, samples = 0;
    std::vector<double> values;

    [[nodiscard]] double& at(int row, int sample) {
        return values[static_cast<std::size_t>(row * samples + sample)];
    }
    [[nodiscard]] double at(int row, int sample) const {
        return values[static_cast<std::size_t>(row * samples + sample)];
    }
};

double sample(ImageView<const float> grey, double x, double y) {
    x = std::clamp(x, 0.0, grey.width - 1.001);
    y = std::clamp(y, 0.0, grey.height - 1.001);
    const int x0 = static_cast<int>(x), y0 = static_cast<int>(y);
    const int x1 = std::min(x0 + 1, grey.width - 1), y1 = std::min(y0 + 1, grey.height - 1);
    const double u = x - x0, v = y - y0;
    const auto g = [&](int i, int j) {
        const float value = grey.at(i, j);
        return std::isfinite(value) ? static_cast<double>(value) : 0.0;
    };
    return (1 - v) * ((1 - u) * g(x0, y0) + u * g(x1, y0)) +
           v * ((1 - u) * g(x0, y1) + u * g(x1, y1));
}

std::vector<double> kernel_of(double sigma, bool slope) {
    const int radius = std::max(1, static_cast<int>(std::ceil(3 * sigma)));
    std::vector<double> kernel;
    double sum = 0;
    for (int i = -radius; i <= radius; ++i) {
        kernel.push_back(std::exp(-0.5 * i * i / (sigma * sigma)));
        sum += kernel.back();
    }
    for (int i = -radius; i <= radius; ++i)
        kernel[static_cast<std::size_t>(i + radius)] *= (slope ? i / (sigma * sigma) : 1.0) / sum;
    return kernel;
}

/// Correlation along one direction, ends repeated.
Strip filtered(const Strip& strip, const std::vector<double>& kernel, bool across) {
    Strip result = strip;
    const int radius = static_cast<int>(kernel.size() / 2);
    for (int row = 0; row < strip.rows; ++row) {
        for (int s = 0; s < strip.samples; ++s) {
            double sum = 0;
            for (int k = -radius; k <= radius; ++k) {
                sum += kernel[static_cast<std::size_t>(k + radius)] *
                       (across ? strip.at(row, std::clamp(s + k, 0, strip.samples - 1))
                               : strip.at(std::clamp(row + k, 0, strip.rows - 1), s));
            }
            result.at(row, s) = sum;
        }
    }
    return result;
}

/// The path of the steepest rise, samples within `margin` of the ends left out; one step a row.
std::vector<double> steepest_path(const Strip& rise, int margin) {
    const int n = rise.samples;
    const double strongest = *std::max_element(rise.values.begin(), rise.values.end());
    const double price = kBending * std::max(strongest, 0.0);
    std::vector<double> value(static_cast<std::size_t>(n), -1e30), next(value);
    std::vector<std::int8_t> from(rise.values.size(), 0);
    for (int s = margin; s < n - margin; ++s)
        value[static_cast<std::size_t>(s)] = rise.at(0, s);
    for (int row = 1; row < rise.rows; ++row) {
        std::fill(next.begin(), next.end(), -1e30);
        for (int s = margin; s < n - margin; ++s) {
            for (int d = -1; d <= 1; ++d) {
                if (s - d < margin || s - d >= n - margin) continue;
                const double v = value[static_cast<std::size_t>(s - d)] - (d == 0 ? 0 : price);
                if (v > next[static_cast<std::size_t>(s)]) {
                    next[static_cast<std::size_t>(s)] = v;
                    from[static_cast<std::size_t>(row * n + s)] = static_cast<std::int8_t>(d);
                }
            }
            next[static_cast<std::size_t>(s)] += rise.at(row, s);
        }
        value.swap(next);
    }
    int s = static_cast<int>(std::max_element(value.begin(), value.end()) - value.begin());
    std::vector<double> path(static_cast<std::size_t>(rise.rows));
    for (int row = rise.rows - 1; row >= 0; --row) {
        // Between samples by a parabola.
        double off = 0;
        if (s > 0 && s + 1 < n) {
            const double a = rise.at(row, s - 1), b = rise.at(row, s), c = rise.at(row, s + 1);
            const double curve = a - 2 * b + c;
            if (curve < 0) off = std::clamp(0.5 * (a - c) / curve, -0.5, 0.5);
        }
        path[static_cast<std::size_t>(row)] = s + off;
        s -= from[static_cast<std::size_t>(row * n + s)];
    }
    return path;
}

/// Where the bone begins, samples: the shadow of a rounded bone rises over some way. From the
/// steepest place to where its tangent meets the level of the gap it is that way and blur (its
/// `sigma`), squares added; what is left without blur is the way into the bone.
double edge_of(const Strip& level, const Strip& rise, int row, double steepest, double sigma) {
    const int s = static_cast<int>(std::lround(steepest));
    const double slope = rise.at(row, s);
    if (!(slope > 0)) return steepest;
    int out = s;
    while (out > 0 && rise.at(row, out) > kLevel * slope)
        --out;
    const double way = (level.at(row, s) - level.at(row, out)) / slope,
                 blur = std::sqrt(0.5 * std::numbers::pi) * sigma;  // the way of a blurred step
    return std::max<double>(out, steepest - std::sqrt(std::max(0.0, way * way - blur * blur)));
}

std::vector<double> refined(const std::vector<double>& rows, double step, double x0, double into,
                            ImageView<const float> grey, const RefineOptions& options) {
    const int n = static_cast<int>(rows.size());
    const auto smooth = [&](int i) {
        const int from = std::max(0, i - 2), to = std::min(n - 1, i + 2);
        double sum = 0;
        for (int k = from; k <= to; ++k)
            sum += rows[static_cast<std::size_t>(k)];
        return sum / (to - from + 1);
    };
    const int half = static_cast<int>(std::lround(options.reach_px / options.step_px()));
    Strip strip{n, 2 * half + 1, {}};
    strip.values.resize(static_cast<std::size_t>(strip.rows * strip.samples));
    std::vector<std::pair<double, double>> normals;
    const double sign = options.bones_bright ? 1 : -1;
    for (int i = 0; i < n; ++i) {
        const int a = std::max(0, i - 2), b = std::min(n - 1, i + 2);
        const double slope = (smooth(b) - smooth(a)) / ((b - a) * step);
        const double length = std::hypot(1.0, slope);
        normals.emplace_back(-into * slope / length, into / length);
        const auto [nx, ny] = normals.back();
        for (int s = 0; s < strip.samples; ++s) {
            const double t = (s - half) * options.step_px();
            strip.at(i, s) = sign * sample(grey, x0 + i * step + t * nx,
                                           rows[static_cast<std::size_t>(i)] + t * ny);
        }
    }
    const Strip along =
        filtered(strip, kernel_of(std::max(0.3, options.along_px / step), false), false);
    const double sigma = options.across_px / options.step_px();
    const Strip level = filtered(along, kernel_of(sigma, false), true),
                rise = filtered(along, kernel_of(sigma, true), true);
    const auto path = steepest_path(rise, 2);
    const double blur = std::hypot(options.across_px, kBlur) / options.step_px();
    std::vector<std::pair<double, double>> points;
    for (int i = 0; i < n; ++i) {
        const auto k = static_cast<std::size_t>(i);
        const double t = (edge_of(level, rise, i, path[k], blur) - half) * options.step_px();
        points.emplace_back(x0 + i * step + t * normals[k].first, rows[k] + t * normals[k].second);
    }
    // Back to the columns.
    std::sort(points.begin(), points.end());
    std::vector<double> result(rows);
    std::size_t k = 0;
    for (int i = 0; i < n; ++i) {
        const double x = x0 + i * step;
        while (k + 2 < points.size() && points[k + 1].first < x)
            ++k;
        const auto &p = points[k], &q = points[k + 1];
        const double u =
            q.first > p.first ? std::clamp((x - p.first) / (q.first - p.first), 0.0, 1.0) : 0;
        result[static_cast<std::size_t>(i)] = (1 - u) * p.second + u * q.second;
    }
    return result;
}

/// How much darker than the darker of both bones each column's gap is, grey.
std::vector<double> depths_of(const JointEdges& edges, ImageView<const float> grey,
                              const RefineOptions& options) {
    const int n = edges.columns();
    const double sign = options.bones_bright ? 1 : -1;
    std::vector<double> raw(static_cast<std::size_t>(n)), depths(raw);
    for (int i = 0; i < n; ++i) {
        const auto k = static_cast<std::size_t>(i);
        const double middle = 0.5 * (edges.femur[k] + edges.tibia[k]),
                     half = 0.5 * std::max(0.0, edges.tibia[k] - edges.femur[k]) + options.reach_px;
        const auto level = [&](double y) {  // three columns, three rows
            double sum = 0;
            for (int column = -1; column <= 1; ++column)
                for (int row = -1; row <= 1; ++row)
                    sum += sample(grey, edges.x(i + column), middle + y + 0.6 * row);
            return sign * sum / 9;
        };
        double above = -1e30, below = -1e30, least = 1e30;
        for (double y = 0.5 * half; y <= half; y += options.step_px()) {
            above = std::max(above, level(-y));
            below = std::max(below, level(y));
        }
        for (double y = -0.5 * half; y <= 0.5 * half; y += options.step_px())
            least = std::min(least, level(y));
        raw[k] = std::min(above, below) - least;
    }
    for (int i = 0; i < n; ++i) {
        double sum = 0;
        const int from = std::max(0, i - 2), to = std::min(n - 1, i + 2);
        for (int j = from; j <= to; ++j)
            sum += raw[static_cast<std::size_t>(j)];
        depths[static_cast<std::size_t>(i)] = sum / (to - from + 1);
    }
    return depths;
}

/// Bones that touch still leave a line between them that blur makes as wide as itself, but not as
/// dark as an open gap.
void close_touching(JointEdges& edges, ImageView<const float> grey, const RefineOptions& options) {
    const int n = edges.columns();
    const double line = (n - 1) * edges.step;
    const auto gap = [&](std::size_t i) { return edges.tibia[i] - edges.femur[i]; };
    const auto columns = static_cast<std::size_t>(n);
    std::size_t narrow = 0;
    while (narrow < columns && gap(narrow) > kNarrow * line)
        ++narrow;
    if (narrow == columns) return;
    const auto depths = depths_of(edges, grey, options);
    std::vector<double> open;
    for (std::size_t i = 0; i < depths.size(); ++i) {
        const double place = static_cast<double>(i) / n;
        const bool compartment = std::abs(place - 0.5) > 0.17 && std::abs(place - 0.5) < 0.42;
        if (compartment && gap(i) > kOpen * line) open.push_back(depths[i]);
    }
    if (static_cast<int>(open.size()) < n / 20) return;
    const auto middle = open.begin() + static_cast<std::ptrdiff_t>(open.size() / 2);
    std::nth_element(open.begin(), middle, open.end());
    if (!(*middle > 0)) return;
    for (std::size_t i = 0; i < depths.size(); ++i) {
        const double missing = gap(i) * std::min(1.0, depths[i] / *middle);
        if (gap(i) <= kNarrow * line && missing <= kTouch * line) edges.closed[i] = 1;
    }
}

}  // namespace

JointEdges refine_edges(const JointEdges& edges, ImageView<const float> grey,
                        const RefineOptions& options) {
    JointEdges result = edges;
    if (edges.columns() < 8 || grey.empty()) return result;
    result.femur = refined(edges.femur, edges.step, edges.x0, -1, grey, options);
    result.tibia = refined(edges.tibia, edges.step, edges.x0, 1, grey, options);
    close_touching(result, grey, options);
    return result;
}

}  // namespace guide::segment
