// SPDX-License-Identifier: Apache-2.0
#include "line_candidates.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <utility>

namespace guide::track {
namespace {

constexpr double kSeed = 0.35;  // of the strongest response: what may begin a line
constexpr float kFaintest = 4;  // grey levels
constexpr double kTurn = 0.12;  // rad, between a ridge point and its line
constexpr double kAlive = 0.3;  // of a line's usual response: what is less is dark
constexpr int kFits = 4;        // times that a line is fitted anew

struct RidgePoint {
    double x, y;   // px
    double angle;  // rad
    double response;
};

double turned(double a, double b) {
    const double d = std::remainder(a - b, std::numbers::pi);
    return std::abs(d);
}

struct Line {
    double x, y, angle;  // a point and the direction
    [[nodiscard]] double along(const RidgePoint& p) const {
        return (p.x - x) * std::cos(angle) + (p.y - y) * std::sin(angle);
    }
    [[nodiscard]] double off(const RidgePoint& p) const {
        return (p.y - y) * std::cos(angle) - (p.x - x) * std::sin(angle);
    }
};

/// Grid points that are brighter than their neighbours across the line through them.
std::vector<RidgePoint> find_ridges(const LineMaps& maps, double faintest) {
    std::vector<RidgePoint> ridges;
    const auto& r = maps.response;
    for (int y = 1; y + 1 < r.height; ++y) {
        for (int x = 1; x + 1 < r.width; ++x) {
            const float v = r.at(x, y);
            if (v < faintest) continue;
            const double angle = maps.angle.at(x, y);
            const bool level = std::abs(angle) < std::numbers::pi / 4;
            const float a = level ? r.at(x, y - 1) : r.at(x - 1, y),
                        b = level ? r.at(x, y + 1) : r.at(x + 1, y);
            if (v < a || v <= b) continue;
            // The top of the parabola through the three.
            const double bend = a - 2.0 * v + b,
                         shift = bend < 0 ? std::clamp(0.5 * (a - b) / bend, -0.5, 0.5) : 0;
            ridges.push_back({maps.grid * (x + (level ? 0 : shift)),
                              maps.grid * (y + (level ? shift : 0)), angle, v});
        }
    }
    std::sort(ridges.begin(), ridges.end(),
              [](const RidgePoint& p, const RidgePoint& q) { return p.response > q.response; });
    return ridges;
}

/// Points on a line, sorted along it.
std::vector<std::pair<double, const RidgePoint*>> members(const Line& line,
                                                          const std::vector<RidgePoint>& ridges,
                                                          double reach) {
    std::vector<std::pair<double, const RidgePoint*>> result;
    for (const RidgePoint& p : ridges) {
        if (std::abs(line.off(p)) <= reach && turned(p.angle, line.angle) <= kTurn)
            result.emplace_back(line.along(p), &p);
    }
    std::sort(result.begin(), result.end());
    return result;
}

/// The run of members about the line's own point in which no gap is too long.
template <class Members>
std::pair<std::size_t, std::size_t> run_of(const Members& all, double gap) {
    const auto middle = static_cast<std::size_t>(
        std::lower_bound(all.begin(), all.end(), 0.0,
                         [](const auto& m, double at) { return m.first < at; }) -
        all.begin());
    std::size_t first = std::min(middle, all.size() - 1), last = first;
    while (first > 0 && all[first].first - all[first - 1].first <= gap)
        --first;
    while (last + 1 < all.size() && all[last + 1].first - all[last].first <= gap)
        ++last;
    return {first, last};
}

/// Weighted least squares of the points across the line.
Line refined(const Line& line, const std::vector<std::pair<double, const RidgePoint*>>& all,
             std::size_t first, std::size_t last) {
    double w = 0, s = 0, o = 0, ss = 0, so = 0;
    for (std::size_t i = first; i <= last; ++i) {
        const double weight = all[i].second->response, along = all[i].first,
                     off = line.off(*all[i].second);
        w += weight;
        s += weight * along;
        o += weight * off;
        ss += weight * along * along;
        so += weight * along * off;
    }
    const double spread = ss - s * s / w;
    const double slope = spread > 0 ? (so - s * o / w) / spread : 0;
    const double at = s / w, off = o / w, c = std::cos(line.angle), n = std::sin(line.angle);
    return {line.x + at * c - off * n, line.y + at * n + off * c,
            std::remainder(line.angle + std::atan(slope), std::numbers::pi)};
}

/// How bright the line is, one number each grid step; the best across within its width.
std::vector<double> profile_of(const LineMaps& maps, const Line& line, double from, double to,
                               double width) {
    std::vector<double> profile;
    const int reach = std::max(1, static_cast<int>(0.5 * width / maps.grid));
    const double c = std::cos(line.angle), n = std::sin(line.angle);
    for (double at = from; at <= to; at += maps.grid) {
        double best = 0;
        for (int k = -reach; k <= reach; ++k) {
            const double off = k * maps.grid;
            const int x = static_cast<int>(std::lround((line.x + at * c - off * n) / maps.grid)),
                      y = static_cast<int>(std::lround((line.y + at * n + off * c) / maps.grid));
            if (x < 0 || y < 0 || x >= maps.response.width || y >= maps.response.height) continue;
            if (turned(maps.angle.at(x, y), line.angle) > kTurn) continue;
            best = std::max(best, static_cast<double>(maps.response.at(x, y)));
        }
        profile.push_back(best);
    }
    return profile;
}

double median(std::vector<double> v) {
    const auto middle = v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2);
    std::nth_element(v.begin(), middle, v.end());
    return *middle;
}

/// Where a profile is alive: from its middle outwards until it is dark for longer than a gap.
std::pair<int, int> alive(const std::vector<double>& profile, int middle, int gap, double level) {
    int first = middle, last = middle;
    for (int i = middle, dark = 0; i >= 0 && dark <= gap; --i) {
        dark = profile[static_cast<std::size_t>(i)] < level ? dark + 1 : 0;
        if (dark == 0) first = i;
    }
    for (int i = middle, dark = 0; i < static_cast<int>(profile.size()) && dark <= gap; ++i) {
        dark = profile[static_cast<std::size_t>(i)] < level ? dark + 1 : 0;
        if (dark == 0) last = i;
    }
    return {first, last};
}

std::optional<LineCandidate> grow(const RidgePoint& seed, const std::vector<RidgePoint>& ridges,
                                  const LineMaps& maps, const LineLimits& limits) {
    Line line{seed.x, seed.y, seed.angle};
    double reach = 1.5 * limits.width;
    std::vector<std::pair<double, const RidgePoint*>> all;
    std::pair<std::size_t, std::size_t> run;
    for (int i = 0; i < kFits; ++i) {
        all = members(line, ridges, reach);
        if (all.size() < 3) return std::nullopt;
        run = run_of(all, limits.gap);
        line = refined(line, all, run.first, run.second);
        reach = limits.width;
    }
    all = members(line, ridges, reach);
    if (all.size() < 3) return std::nullopt;
    run = run_of(all, limits.gap);
    const double margin = limits.gap;
    const double from = all[run.first].first - margin, to = all[run.second].first + margin;
    const auto profile = profile_of(maps, line, from, to, limits.width);
    if (profile.size() < 3) return std::nullopt;
    std::vector<double> inner;
    for (std::size_t i = run.first; i <= run.second; ++i)
        inner.push_back(all[i].second->response);
    const double level = kAlive * median(inner);
    const auto strongest = std::max_element(profile.begin(), profile.end());
    const auto [first, last] = alive(profile, static_cast<int>(strongest - profile.begin()),
                                     static_cast<int>(limits.gap / maps.grid), level);
    LineCandidate result;
    const double begin = from + first * maps.grid, end = from + last * maps.grid;
    const double c = std::cos(line.angle), n = std::sin(line.angle);
    result.begin = {line.x + begin * c, line.y + begin * n};
    result.end = {line.x + end * c, line.y + end * n};
    result.angle = line.angle;
    for (int i = first; i <= last; ++i)
        result.strength += maps.grid * profile[static_cast<std::size_t>(i)];
    result.response = result.strength / (maps.grid * (last - first + 1.0));
    return result;
}

bool lies_along(const RidgePoint& p, const LineCandidate& line, double reach) {
    const Line l{line.begin.x, line.begin.y, line.angle};
    const double length = std::hypot(line.end.x - line.begin.x, line.end.y - line.begin.y);
    const double along = l.along(p);
    return std::abs(l.off(p)) <= reach && along >= -reach && along <= length + reach;
}

}  // namespace

std::vector<LineCandidate> find_lines(const LineMaps& maps, const LineLimits& limits) {
    float strongest = 0;
    for (int y = 0; y < maps.response.height; ++y)
        for (int x = 0; x < maps.response.width; ++x)
            strongest = std::max(strongest, maps.response.at(x, y));
    const double faintest = std::max(kFaintest, 0.12F * strongest);
    const auto ridges = find_ridges(maps, faintest);
    std::vector<LineCandidate> lines;
    std::vector<bool> used(ridges.size(), false);
    for (std::size_t i = 0; i < ridges.size() && static_cast<int>(lines.size()) < limits.count;
         ++i) {
        if (used[i]) continue;
        if (ridges[i].response < kSeed * strongest) break;
        used[i] = true;
        const auto line = grow(ridges[i], ridges, maps, limits);
        if (!line) continue;
        // It may have grown into one that is known.
        const RidgePoint middle{0.5 * (line->begin.x + line->end.x),
                                0.5 * (line->begin.y + line->end.y), line->angle, 0};
        if (std::any_of(lines.begin(), lines.end(), [&](const LineCandidate& known) {
                return turned(known.angle, line->angle) < kTurn &&
                       lies_along(middle, known, limits.width);
            }))
            continue;
        for (std::size_t k = 0; k < ridges.size(); ++k)
            used[k] = used[k] || lies_along(ridges[k], *line, 2 * limits.width);
        lines.push_back(*line);
    }
    std::sort(lines.begin(), lines.end(), [](const LineCandidate& a, const LineCandidate& b) {
        return a.strength > b.strength;
    });
    return lines;
}

}  // namespace guide::track
