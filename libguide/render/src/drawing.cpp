// SPDX-License-Identifier: Apache-2.0
#include "drawing.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace guide::render {
namespace {

constexpr double kSoftness = 0.5;     // half the width of an edge's border, px
constexpr double kMinSegment = 0.25;  // px; shorter ones only disturb the joints
constexpr double kMiterLimit = 2.0;

CanvasVector left_normal(CanvasPoint a, CanvasPoint b) {
    const CanvasVector d = b - a;
    const double l = length(d);
    return {-d.y / l, d.x / l};
}

CanvasLine without_duplicates(const CanvasLine& points, bool closed) {
    CanvasLine kept;
    for (const CanvasPoint p : points) {
        if (!std::isfinite(p.x) || !std::isfinite(p.y)) continue;
        if (kept.empty() || distance(kept.back(), p) >= kMinSegment) kept.push_back(p);
    }
    while (closed && kept.size() > 1 && distance(kept.front(), kept.back()) < kMinSegment) {
        kept.pop_back();
    }
    return kept;
}

// The part of a segment within `r`, as fractions of its length (Liang and Barsky 1984).
bool clip_segment(CanvasPoint a, CanvasPoint b, const CanvasRect& r, double& t0, double& t1) {
    t0 = 0;
    t1 = 1;
    const CanvasVector d = b - a;
    const auto cut = [&](double p, double q) {
        if (p == 0) return q >= 0;
        const double t = q / p;
        if (p < 0) {
            t0 = std::max(t0, t);
        } else {
            t1 = std::min(t1, t);
        }
        return t0 <= t1;
    };
    return cut(-d.x, a.x - r.left) && cut(d.x, r.right - a.x) && cut(-d.y, a.y - r.top) &&
           cut(d.y, r.bottom - a.y);
}

bool inside(const CanvasLine& points, const CanvasRect& r) {
    return std::ranges::all_of(points, [&](CanvasPoint p) { return r.contains(p); });
}

std::vector<CanvasLine> clipped(const CanvasLine& points, const CanvasRect& r) {
    std::vector<CanvasLine> parts;
    bool running = false;
    for (std::size_t i = 1; i < points.size(); ++i) {
        double t0 = 0, t1 = 1;
        if (!clip_segment(points[i - 1], points[i], r, t0, t1)) {
            running = false;
            continue;
        }
        if (!running || t0 > 0) parts.push_back({lerp(points[i - 1], points[i], t0)});
        parts.back().push_back(lerp(points[i - 1], points[i], t1));
        running = t1 >= 1;
    }
    return parts;
}

CanvasLine ellipse_points(CanvasPoint centre, double rx, double ry) {
    const int count = std::clamp(static_cast<int>(4 * std::sqrt(std::max(rx, ry)) * 2), 16, 180);
    CanvasLine points;
    for (int i = 0; i < count; ++i) {
        const double angle = 2 * std::numbers::pi * i / count;
        points.push_back({centre.x + rx * std::cos(angle), centre.y + ry * std::sin(angle)});
    }
    return points;
}

}  // namespace

std::uint32_t Drawing::vertex(CanvasPoint p, Colour colour, double alpha_scale) {
    const double alpha = std::clamp(colour.a * alpha_scale, 0.0, 1.0) * 255;
    vertices_.push_back({static_cast<float>(p.x),
                         static_cast<float>(p.y),
                         z_,
                         {colour.r, colour.g, colour.b, static_cast<std::uint8_t>(alpha + 0.5)}});
    return static_cast<std::uint32_t>(vertices_.size() - 1);
}

void Drawing::triangle(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
    triangles_.insert(triangles_.end(), {a, b, c});
}

void Drawing::quad(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
    triangle(a, b, c);
    triangle(a, c, d);
}

void Drawing::rect(const CanvasRect& r, Colour colour) {
    next_layer();
    quad(vertex({r.left - 0.5, r.top - 0.5}, colour), vertex({r.right - 0.5, r.top - 0.5}, colour),
         vertex({r.right - 0.5, r.bottom - 0.5}, colour),
         vertex({r.left - 0.5, r.bottom - 0.5}, colour));
}

void Drawing::rounded_rect(const CanvasRect& r, double radius, Colour colour) {
    const double q = std::min({radius, r.width() / 2, r.height() / 2});
    CanvasLine outline;
    const std::array<CanvasPoint, 4> corners{{{r.right - q, r.top + q},
                                              {r.right - q, r.bottom - q},
                                              {r.left + q, r.bottom - q},
                                              {r.left + q, r.top + q}}};
    constexpr int kSteps = 6;
    for (std::size_t c = 0; c < 4; ++c) {
        for (int i = 0; i <= kSteps; ++i) {
            const double angle =
                std::numbers::pi / 2 * (static_cast<double>(c) - 1 + i / double{kSteps});
            outline.push_back({corners[c].x - 0.5 + q * std::cos(angle),
                               corners[c].y - 0.5 + q * std::sin(angle)});
        }
    }
    convex(outline, colour);
}

void Drawing::frame(const CanvasRect& r, double width, Colour colour) {
    const double w = width;
    rect({r.left - w, r.top - w, r.right + w, r.top}, colour);
    rect({r.left - w, r.bottom, r.right + w, r.bottom + w}, colour);
    rect({r.left - w, r.top, r.left, r.bottom}, colour);
    rect({r.right, r.top, r.right + w, r.bottom}, colour);
}

void Drawing::convex(const CanvasLine& outline, Colour colour) {
    const CanvasLine p = without_duplicates(outline, true);
    if (p.size() < 3) return;
    next_layer();
    double twice_area = 0;
    for (std::size_t i = 0; i < p.size(); ++i) {
        const CanvasPoint a = p[i], b = p[(i + 1) % p.size()];
        twice_area += a.x * b.y - a.y * b.x;
    }
    const double outward = twice_area > 0 ? -1 : 1;
    std::vector<std::uint32_t> core, border;
    for (std::size_t i = 0; i < p.size(); ++i) {
        const CanvasVector n0 = left_normal(p[(i + p.size() - 1) % p.size()], p[i]);
        const CanvasVector n1 = left_normal(p[i], p[(i + 1) % p.size()]);
        const double scale = 1 / std::max(1 + dot(n0, n1), 0.5);
        const CanvasVector m = (outward * kSoftness * scale) * (n0 + n1);
        core.push_back(vertex(p[i] + (-1) * m, colour));
        border.push_back(vertex(p[i] + m, colour, 0));
    }
    for (std::size_t i = 0; i < p.size(); ++i) {
        const std::size_t j = (i + 1) % p.size();
        if (i > 0 && j > 0) triangle(core[0], core[i], core[j]);
        quad(core[i], border[i], border[j], core[j]);
    }
}

void Drawing::disc(CanvasPoint centre, double radius, Colour colour) {
    convex(ellipse_points(centre, radius, radius), colour);
}

void Drawing::ellipse(CanvasPoint centre, double rx, double ry, double width, Colour colour) {
    closed_line(ellipse_points(centre, rx, ry), width, colour);
}

void Drawing::dashed_ellipse(CanvasPoint centre, double rx, double ry, double width, double dash,
                             Colour colour) {
    CanvasLine points = ellipse_points(centre, rx, ry);
    points.push_back(points.front());
    double around = 0;
    for (std::size_t i = 1; i < points.size(); ++i)
        around += distance(points[i - 1], points[i]);
    const double pairs = std::max(4.0, std::round(around / (2 * dash)));
    dashed_line(points, width, around / pairs / 2, around / pairs / 2, colour);
}

void Drawing::fill(const std::vector<CanvasLine>& outlines, const CanvasRect& within,
                   Colour colour) {
    double top = within.bottom, bottom = within.top;
    for (const CanvasLine& outline : outlines) {
        for (const CanvasPoint p : outline) {
            top = std::min(top, p.y);
            bottom = std::max(bottom, p.y);
        }
    }
    const int y0 = static_cast<int>(std::ceil(std::max(top, within.top)));
    const int y1 = static_cast<int>(std::floor(std::min(bottom, within.bottom - 1)));
    next_layer();
    std::vector<double> crossings;
    for (int y = y0; y <= y1; ++y) {
        crossings.clear();
        for (const CanvasLine& outline : outlines) {
            for (std::size_t i = 0; i < outline.size(); ++i) {
                const CanvasPoint a = outline[i], b = outline[(i + 1) % outline.size()];
                if ((a.y <= y) == (b.y <= y)) continue;
                crossings.push_back(a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x));
            }
        }
        std::ranges::sort(crossings);
        for (std::size_t i = 0; i + 1 < crossings.size(); i += 2) {
            const double x0 = std::max(crossings[i], within.left - 0.5);
            const double x1 = std::min(crossings[i + 1], within.right - 0.5);
            if (x1 <= x0) continue;
            quad(vertex({x0, y - 0.5}, colour), vertex({x1, y - 0.5}, colour),
                 vertex({x1, y + 0.5}, colour), vertex({x0, y + 0.5}, colour));
        }
    }
}

void Drawing::line(const CanvasLine& points, double width, Colour colour) {
    for (const CanvasLine& part : clipped(points, clip_))
        stroke(part, false, width, colour);
}

void Drawing::closed_line(const CanvasLine& points, double width, Colour colour) {
    if (inside(points, clip_)) {
        stroke(points, true, width, colour);
        return;
    }
    CanvasLine around = points;
    if (!around.empty()) around.push_back(around.front());
    line(around, width, colour);
}

void Drawing::dashed_line(const CanvasLine& points, double width, double dash, double gap,
                          Colour colour) {
    // Cut first: a line may reach far beyond what is shown.
    for (const CanvasLine& part : clipped(points, clip_))
        dash_part(part, width, dash, gap, colour);
}

void Drawing::dash_part(const CanvasLine& points, double width, double dash, double gap,
                        Colour colour) {
    bool drawn = true;
    double left = dash;
    CanvasLine piece;
    for (std::size_t i = 1; i < points.size(); ++i) {
        const double l = distance(points[i - 1], points[i]);
        if (!(l > 0) || !std::isfinite(l)) continue;
        if (drawn && piece.empty()) piece.push_back(points[i - 1]);
        double at = 0;
        while (l - at > left) {
            at += left;
            const CanvasPoint p = lerp(points[i - 1], points[i], at / l);
            if (drawn) {
                piece.push_back(p);
                stroke(piece, false, width, colour);
                piece.clear();
            } else {
                piece.assign(1, p);
            }
            drawn = !drawn;
            left = drawn ? dash : gap;
        }
        left -= l - at;
        if (drawn) piece.push_back(points[i]);
    }
    if (drawn && piece.size() > 1) stroke(piece, false, width, colour);
}

void Drawing::stroke(const CanvasLine& points, bool closed, double width, Colour colour) {
    const CanvasLine p = without_duplicates(points, closed);
    const std::size_t n = p.size();
    if (n < 2) return;
    if (n < 3) closed = false;
    next_layer();
    // A line thinner than a pixel is a pixel wide and fainter.
    const double strength = std::min(width, 1.0);
    const double half = std::max(width, 1.0) / 2;
    const std::array<double, 4> offsets{-half - kSoftness, -half + kSoftness, half - kSoftness,
                                        half + kSoftness};
    const std::array<double, 4> alphas{0, strength, strength, 0};
    std::vector<std::array<std::uint32_t, 4>> ribs;
    for (std::size_t i = 0; i < n; ++i) {
        const bool has_before = closed || i > 0, has_after = closed || i + 1 < n;
        const CanvasVector n0 =
            has_before ? left_normal(p[(i + n - 1) % n], p[i]) : left_normal(p[i], p[(i + 1) % n]);
        const CanvasVector n1 = has_after ? left_normal(p[i], p[(i + 1) % n]) : n0;
        const CanvasVector sum = n0 + n1;
        const double scale = std::min(1 / std::max(1 + dot(n0, n1), 1e-9),
                                      kMiterLimit / std::max(length(sum), 1e-9));
        const CanvasVector miter = scale * sum;
        std::array<std::uint32_t, 4> rib{};
        for (std::size_t k = 0; k < 4; ++k) {
            rib[k] = vertex(p[i] + offsets[k] * miter, colour, alphas[k]);
        }
        ribs.push_back(rib);
    }
    for (std::size_t i = 0; i + (closed ? 0 : 1) < n; ++i) {
        const auto& a = ribs[i];
        const auto& b = ribs[(i + 1) % n];
        for (std::size_t k = 0; k < 3; ++k)
            quad(a[k], a[k + 1], b[k + 1], b[k]);
    }
}

}  // namespace guide::render
