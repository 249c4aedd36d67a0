// SPDX-License-Identifier: Apache-2.0
#include "radiograph_widths.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace guide::segment {
namespace {

constexpr double kFromMargin = 0.08, kToNotch = 0.33;  // of the joint line: a compartment

// Of the joint line; fixed locations as in Neumann et al. 2009, on both sides.
constexpr std::array kStandardPlaces{0.10, 0.15, 0.20, 0.25, 0.30, 0.70, 0.75, 0.80, 0.85, 0.90};

constexpr double kNarrowedMm = 3;       // Ahlback's first grade
constexpr double kNarrowedRatio = 0.5;  // or half the other compartment

struct Compartment {
    int narrowest = 0;
    double minimum_px = 1e30, mean_px = 0, minimum_mm = 0, mean_mm = 0;
};

Compartment measure(const JointEdges& edges, int from, int to, Spacing spacing) {
    Compartment c;
    for (int i = from; i < to; ++i) {
        const bool closed = edges.closed[static_cast<std::size_t>(i)] != 0;
        const Crossing crossing = crossing_at(edges, i);
        const double px = closed ? 0 : crossing.length();
        const double mm = closed ? 0 : crossing.length(spacing.x_mm, spacing.y_mm);
        c.mean_px += px / (to - from);
        c.mean_mm += mm / (to - from);
        if (px < c.minimum_px) {
            c.minimum_px = px;
            c.minimum_mm = mm;
            c.narrowest = i;
        }
    }
    return c;
}

/// Share of a normal distribution that lies below `limit`.
double share_below(double limit, double value, double sigma) {
    if (!(sigma > 0)) return value < limit ? 1 : 0;
    return 0.5 * std::erfc((value - limit) / (sigma * std::sqrt(2.0)));
}

}  // namespace

double Crossing::length(double x, double y) const {
    return std::hypot((tibia.x - femur.x) * x, (tibia.y - femur.y) * y);
}

Crossing crossing_at(const JointEdges& edges, int column) {
    const int n = edges.columns(), last = n - 1;
    // Row of an edge at a column, between columns linear.
    const auto row = [&](const std::vector<double>& rows, double at) {
        const double x = std::clamp(at, 0.0, static_cast<double>(last));
        const auto k = static_cast<std::size_t>(x);
        const auto next = std::min(k + 1, rows.size() - 1);
        return rows[k] + (x - static_cast<double>(k)) * (rows[next] - rows[k]);
    };
    const auto middle = [&](int i) {
        const auto k = static_cast<std::size_t>(i);
        return 0.5 * (edges.femur[k] + edges.tibia[k]);
    };
    const int reach = std::max(2, n / 16), from = std::max(0, column - reach),
              to = std::min(last, column + reach);
    double sum_x = 0, sum_y = 0, sum_xx = 0, sum_xy = 0;
    for (int i = from; i <= to; ++i) {
        const double dx = (i - column) * edges.step, y = middle(i);
        sum_x += dx;
        sum_y += y;
        sum_xx += dx * dx;
        sum_xy += dx * y;
    }
    const double count = to - from + 1;
    const double slope = (sum_xy - sum_x * sum_y / count) / (sum_xx - sum_x * sum_x / count);
    const double down = 1 / std::hypot(1.0, slope), right = -slope * down;
    const double x0 = edges.x(column), y0 = middle(column);
    const auto meet = [&](const std::vector<double>& rows, double side) {
        const auto inside = [&](double t) {  // rows that are left to the edge
            const double at = (x0 + side * t * right - edges.x0) / edges.step;
            return side * (row(rows, at) - (y0 + side * t * down));
        };
        const double pace = 0.25 * edges.step;
        double t = 0, here = inside(0);
        while (here > 0 && t < n * edges.step) {
            const double next = inside(t + pace);
            if (next <= 0) {
                t += pace * here / (here - next);
                break;
            }
            t += pace;
            here = next;
        }
        return PixelPoint{x0 + side * t * right, y0 + side * t * down};
    };
    return {meet(edges.femur, -1), meet(edges.tibia, 1)};
}

JointWidths measure_widths(const JointEdges& edges, const std::optional<Spacing>& spacing) {
    const int n = edges.columns();
    const auto column = [n](double place) { return static_cast<int>(place * n); };
    const Spacing mm = spacing.value_or(Spacing{1, 1});
    const Compartment left = measure(edges, column(kFromMargin), column(kToNotch), mm);
    const Compartment right = measure(edges, n - column(kToNotch), n - column(kFromMargin), mm);
    const Compartment& least = left.minimum_px <= right.minimum_px ? left : right;

    JointWidths widths;
    widths.left_px = left.minimum_px;
    widths.right_px = right.minimum_px;
    widths.minimum_px = least.minimum_px;
    widths.bone_on_bone = widths.minimum_px <= 0;
    const Crossing narrowest = crossing_at(edges, least.narrowest);
    widths.minimum_at = {0.5 * (narrowest.femur.x + narrowest.tibia.x),
                         0.5 * (narrowest.femur.y + narrowest.tibia.y)};
    widths.left_mean_px = left.mean_px;
    widths.right_mean_px = right.mean_px;
    const PixelPoint a = edges.tibia_at(0), b = edges.tibia_at(n - 1);
    widths.joint_line_px = std::hypot(b.x - a.x, b.y - a.y);
    if (spacing) {
        widths.left_mm = left.minimum_mm;
        widths.right_mm = right.minimum_mm;
        widths.minimum_mm = least.minimum_mm;
        widths.left_mean_mm = left.mean_mm;
        widths.right_mean_mm = right.mean_mm;
    }
    for (const double place : kStandardPlaces) {
        const int i = static_cast<int>(std::lround(place * (n - 1)));
        const bool closed = edges.closed[static_cast<std::size_t>(i)] != 0;
        const Crossing crossing = crossing_at(edges, i);
        WidthAt at{place, closed ? 0 : crossing.length(), std::nullopt};
        if (spacing) at.mm = closed ? 0 : crossing.length(mm.x_mm, mm.y_mm);
        widths.standard.push_back(at);
    }
    return widths;
}

Narrowing judge_narrowing(const JointWidths& widths, double edge_sigma_px,
                          const std::optional<Spacing>& spacing) {
    Narrowing narrowing;
    const double sigma_px = edge_sigma_px * std::sqrt(2.0);
    const double narrower = std::min(widths.left_mean_px, widths.right_mean_px),
                 wider = std::max(widths.left_mean_px, widths.right_mean_px);
    narrowing.asymmetry = wider > 0 ? (wider - narrower) / wider : 0;
    // Half the other compartment: narrower - wider / 2 < 0, both uncertain.
    double narrowed = share_below(0, widths.minimum_px - kNarrowedRatio * wider,
                                  sigma_px * std::hypot(1.0, kNarrowedRatio));
    if (spacing) {
        const double sigma_mm = sigma_px * spacing->y_mm;
        narrowed = std::max(narrowed, share_below(kNarrowedMm, *widths.minimum_mm, sigma_mm));
    }
    narrowing.narrowed_probability = widths.bone_on_bone ? 1 : narrowed;
    narrowing.degree = widths.bone_on_bone ? NarrowingDegree::bone_on_bone
                       : narrowed >= 0.5   ? NarrowingDegree::narrowed
                                           : NarrowingDegree::none;
    return narrowing;
}

}  // namespace guide::segment
