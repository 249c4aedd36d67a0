// SPDX-License-Identifier: Apache-2.0
#include "canvas.hpp"

#include "stroke_font.hpp"

#include <algorithm>
#include <cmath>

namespace guide::simulate {
namespace {

double to_segment(double x, double y, PixelPoint a, PixelPoint b) {
    const double dx = b.x - a.x, dy = b.y - a.y, squared = dx * dx + dy * dy;
    const double t =
        squared > 0 ? std::clamp(((x - a.x) * dx + (y - a.y) * dy) / squared, 0.0, 1.0) : 0;
    return std::hypot(x - a.x - t * dx, y - a.y - t * dy);
}

std::uint8_t mixed(std::uint8_t under, std::uint8_t ink, double share) {
    return static_cast<std::uint8_t>(std::lround(under + share * (ink - under)));
}

}  // namespace

/// Inks the pixels of a box whose `distance` to the drawn shape is below 0; half a pixel about its
/// edge the two mix.
template <class Distance>
void Canvas::paint(double x0, double y0, double x1, double y1, Rgb8 ink, const Distance& distance) {
    const int left = std::max(0, static_cast<int>(std::floor(x0 - 1)));
    const int top = std::max(0, static_cast<int>(std::floor(y0 - 1)));
    const int right = std::min(picture_.width - 1, static_cast<int>(std::ceil(x1 + 1)));
    const int bottom = std::min(picture_.height - 1, static_cast<int>(std::ceil(y1 + 1)));
    for (int y = top; y <= bottom; ++y) {
        for (int x = left; x <= right; ++x) {
            const double share = std::clamp(0.5 - distance(x, y), 0.0, 1.0);
            if (share == 0) continue;
            Rgb8& p = picture_.at(x, y);
            p = {mixed(p.r, ink.r, share), mixed(p.g, ink.g, share), mixed(p.b, ink.b, share)};
        }
    }
}

void Canvas::fill(PixelBox box, Rgb8 ink) {
    const PixelBox in = intersection(box, {0, 0, picture_.width, picture_.height});
    for (int y = in.y0; y < in.y1; ++y) {
        for (int x = in.x0; x < in.x1; ++x)
            picture_.at(x, y) = ink;
    }
}

void Canvas::frame(PixelBox box, Rgb8 ink) {
    fill({box.x0, box.y0, box.x1, box.y0 + 1}, ink);
    fill({box.x0, box.y1 - 1, box.x1, box.y1}, ink);
    fill({box.x0, box.y0, box.x0 + 1, box.y1}, ink);
    fill({box.x1 - 1, box.y0, box.x1, box.y1}, ink);
}

void Canvas::line(PixelPoint from, PixelPoint to, double width, Rgb8 ink) {
    paint(std::min(from.x, to.x) - width, std::min(from.y, to.y) - width,
          std::max(from.x, to.x) + width, std::max(from.y, to.y) + width, ink,
          [&](int x, int y) { return to_segment(x, y, from, to) - width / 2; });
}

void Canvas::disc(PixelPoint m, double radius, Rgb8 ink) {
    paint(m.x - radius, m.y - radius, m.x + radius, m.y + radius, ink,
          [&](int x, int y) { return std::hypot(x - m.x, y - m.y) - radius; });
}

void Canvas::ring(PixelPoint m, double radius, double width, Rgb8 ink) {
    const double far = radius + width;
    paint(m.x - far, m.y - far, m.x + far, m.y + far, ink, [&](int x, int y) {
        return std::abs(std::hypot(x - m.x, y - m.y) - radius) - width / 2;
    });
}

void Canvas::triangle(PixelPoint a, PixelPoint b, PixelPoint c, Rgb8 ink) {
    const double turn = (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
    const auto outside = [&](PixelPoint p, PixelPoint q, double x, double y) {
        const double length = std::max(1e-9, std::hypot(q.x - p.x, q.y - p.y));
        const double off = ((q.x - p.x) * (y - p.y) - (q.y - p.y) * (x - p.x)) / length;
        return turn > 0 ? -off : off;
    };
    paint(std::min({a.x, b.x, c.x}), std::min({a.y, b.y, c.y}), std::max({a.x, b.x, c.x}),
          std::max({a.y, b.y, c.y}), ink, [&](int x, int y) {
              return std::max({outside(a, b, x, y), outside(b, c, x, y), outside(c, a, x, y)});
          });
}

void Canvas::wedge(PixelBox box) {
    for (int y = box.y0; y < box.y1; ++y) {
        const auto level = static_cast<std::uint8_t>(
            std::lround(255.0 * (box.y1 - 1 - y) / std::max(1, box.height() - 1)));
        fill({box.x0, y, box.x1, y + 1}, {level, level, level});
    }
}

PixelBox Canvas::text(PixelPoint corner, double height, double width, std::string_view letters,
                      Rgb8 ink) {
    const double unit = height / 6;
    double x = corner.x;
    for (const char letter : letters) {
        double wide = 0;
        const auto strokes = strokes_of(letter, wide);
        if (!strokes.empty()) {
            // All lines of a letter at once, so that their ends do not show.
            paint(x - width, corner.y - width, x + wide * unit + width, corner.y + 8 * unit + width,
                  ink, [&](int px, int py) {
                      double nearest = 1e9;
                      for (const FontStroke& s : strokes) {
                          // Dots are thicker than lines.
                          const bool dot = s.x0 == s.x1 && s.y0 == s.y1;
                          const double off =
                              to_segment(px, py, {x + s.x0 * unit, corner.y + s.y0 * unit},
                                         {x + s.x1 * unit, corner.y + s.y1 * unit});
                          nearest = std::min(nearest, off - (dot ? 0.75 : 0.5) * width);
                      }
                      return nearest;
                  });
        }
        x += (wide + kLetterGap) * unit;
    }
    return {static_cast<int>(std::floor(corner.x - width / 2)),
            static_cast<int>(std::floor(corner.y - width / 2)),
            static_cast<int>(std::ceil(x - kLetterGap * unit + width / 2)) + 1,
            static_cast<int>(std::ceil(corner.y + 8 * unit + width / 2)) + 1};
}

}  // namespace guide::simulate
