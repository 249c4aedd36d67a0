// SPDX-License-Identifier: Apache-2.0
#include "path_line.hpp"

#include <algorithm>
#include <cmath>

namespace guide::plan {
namespace {

double to_stretch2(OnPath p, Stretch s) {
    const double beyond = std::max({s.from - p.along, p.along - s.to, 0.0});
    return beyond * beyond + p.aside * p.aside;
}

double to_edge2(double along, OnPath p, OnPath q) {
    const double dx = q.along - p.along, dy = q.aside - p.aside;
    const double squared = dx * dx + dy * dy;
    double t = squared > 0 ? ((along - p.along) * dx - p.aside * dy) / squared : 0;
    t = std::clamp(t, 0.0, 1.0);
    const double ex = p.along + t * dx - along, ey = p.aside + t * dy;
    return ex * ex + ey * ey;
}

}  // namespace

double gap_to_edge(OnPath p, OnPath q, Stretch s, double best) {
    if ((p.aside >= best && q.aside >= best) || (p.aside <= -best && q.aside <= -best)) return best;
    if ((p.along >= s.to + best && q.along >= s.to + best) ||
        (p.along <= s.from - best && q.along <= s.from - best)) {
        return best;
    }
    if ((p.aside > 0) != (q.aside > 0)) {
        const double crossing = p.along + (q.along - p.along) * (p.aside / (p.aside - q.aside));
        if (crossing >= s.from && crossing <= s.to) return 0;
    }
    const double squared = std::min(
        {to_stretch2(p, s), to_stretch2(q, s), to_edge2(s.from, p, q), to_edge2(s.to, p, q)});
    return squared < best * best ? std::sqrt(squared) : best;
}

PathLine::PathLine(MmPoint from, MmPoint to) : from_(from) {
    const MmVector way = to - from;
    length_ = std::sqrt(dot(way, way));  // std::hypot is what a plan would wait for
    if (length_ > 0) x_ = way.x / length_, y_ = way.y / length_;
}

void PathLine::see(std::span<const MmPoint> points, std::vector<OnPath>& seen) const {
    seen.resize(points.size());
    for (std::size_t i = 0; i < points.size(); ++i)
        seen[i] = see(points[i]);
}

double gap_to_line(std::span<const OnPath> line, Stretch s, double cutoff) {
    double best = cutoff;
    for (std::size_t i = 1; i < line.size() && best > 0; ++i)
        best = gap_to_edge(line[i - 1], line[i], s, best);
    return best;
}

double gap_to_region(std::span<const OnPath> outline, Stretch s, double cutoff) {
    double best = cutoff;
    bool starts_inside = false;
    for (std::size_t i = 0, j = outline.size() - 1; i < outline.size() && best > 0; j = i++) {
        const OnPath p = outline[j], q = outline[i];
        best = gap_to_edge(p, q, s, best);
        if ((p.aside > 0) != (q.aside > 0)) {
            const double crossing = p.along + (q.along - p.along) * (p.aside / (p.aside - q.aside));
            if (crossing > s.from) starts_inside = !starts_inside;
        }
    }
    return starts_inside ? 0 : best;
}

void add_inside(std::span<const OnPath> outline, double length, std::vector<double>& crossings,
                std::vector<Stretch>& inside) {
    crossings.clear();
    for (std::size_t i = 0, j = outline.size() - 1; i < outline.size(); j = i++) {
        const OnPath p = outline[j], q = outline[i];
        if ((p.aside > 0) != (q.aside > 0))
            crossings.push_back(p.along + (q.along - p.along) * (p.aside / (p.aside - q.aside)));
    }
    std::ranges::sort(crossings);
    for (std::size_t i = 0; i + 1 < crossings.size(); i += 2) {
        const Stretch s{std::max(0.0, crossings[i]), std::min(length, crossings[i + 1])};
        if (s.to > s.from) inside.push_back(s);
    }
}

void unite(std::vector<Stretch>& stretches) {
    std::ranges::sort(stretches, {}, &Stretch::from);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < stretches.size(); ++i) {
        if (kept > 0 && stretches[i].from <= stretches[kept - 1].to) {
            stretches[kept - 1].to = std::max(stretches[kept - 1].to, stretches[i].to);
        } else {
            stretches[kept++] = stretches[i];
        }
    }
    stretches.resize(kept);
}

void complement(std::span<const Stretch> stretches, double length, std::vector<Stretch>& rest) {
    rest.clear();
    double from = 0;
    for (const Stretch s : stretches) {
        if (s.from > from) rest.push_back({from, s.from});
        from = s.to;
    }
    if (from < length) rest.push_back({from, length});
}

double depth_below(const MmPolyline& roof, MmPoint a, MmPoint b) {
    if (a.x > b.x) std::swap(a, b);
    double deepest = 0;
    for (std::size_t i = 1; i < roof.size(); ++i) {
        // Both are straight between these abscissas, so the ends of the overlap are enough.
        const double low = std::max(a.x, roof[i - 1].x), high = std::min(b.x, roof[i].x);
        if (low > high || roof[i].x <= roof[i - 1].x) continue;
        for (const double x : {low, high}) {
            const double t = (x - roof[i - 1].x) / (roof[i].x - roof[i - 1].x);
            const double u = b.x > a.x ? (x - a.x) / (b.x - a.x) : 1.0;
            deepest = std::max(deepest, lerp(a, b, u).y - lerp(roof[i - 1], roof[i], t).y);
        }
    }
    return deepest;
}

}  // namespace guide::plan
