// SPDX-License-Identifier: Apache-2.0
#include "painter.hpp"

#include <guide/geometry/polygon.hpp>

#include <algorithm>
#include <cmath>

namespace guide::render {

using namespace palette;

Painter::Painter(Board& board)
    : content_(board.content),
      options_(board.options),
      layout_(board.drawing.layout),
      marks_(board.drawing.marks),
      texts_(board.drawing.texts),
      labels_(board.labels),
      unit_(board.drawing.layout.font / 16.0) {}

CanvasLine Painter::on_canvas(const std::vector<PixelPoint>& points) const {
    CanvasLine line;
    for (const PixelPoint p : points) {
        const CanvasPoint c = layout_.at(p);
        // Sub-pixel detail only makes a stroke rough.
        if (line.empty() || distance(line.back(), c) >= 1.5) line.push_back(c);
    }
    return line;
}

bool Painter::finite(PixelPoint p) {
    return std::isfinite(p.x) && std::isfinite(p.y);
}

void Painter::haloed(const CanvasLine& line, double width, Colour colour) {
    marks_.line(line, width + px(2.4), kHalo);
    marks_.line(line, width, colour);
}

void Painter::haloed_dashes(const CanvasLine& line, double width, double dash, double gap,
                            Colour colour) {
    marks_.dashed_line(line, width + px(1.8), dash, gap, kHalo);
    marks_.dashed_line(line, width, dash, gap, colour);
}

void Painter::crosshair(CanvasPoint p, Colour colour) {
    for (const bool halo : {true, false}) {
        const double width = px(halo ? 4.2 : 1.8);
        const Colour shade = halo ? kHalo : colour;
        marks_.ellipse(p, px(6), px(6), width, shade);
        for (const CanvasVector d : {CanvasVector{1, 0}, {-1, 0}, {0, 1}, {0, -1}}) {
            marks_.line({p + px(6) * d, p + px(11) * d}, width, shade);
        }
    }
}

void Painter::label(const std::string& text, CanvasPoint at, CanvasVector side, Colour colour) {
    // What lies out of sight, as when zoomed in, is not named at the border.
    const double far = px(48);
    const CanvasRect& sight = layout_.room;
    if (!CanvasRect{sight.left - far, sight.top - far, sight.right + far, sight.bottom + far}
             .contains(at))
        return;
    const int line = texts_.set(text, layout_.small_font, Weight::regular, colour);
    const Size size = texts_.extent(line);
    const double pad_x = px(4), pad_y = px(2);
    const double w = size.width + 2 * pad_x, h = size.height + 2 * pad_y;
    const CanvasRect& room = layout_.room;
    double left = at.x + (side.x - 1) / 2 * w;
    double top = at.y + (side.y - 1) / 2 * h;
    left = std::round(std::clamp(left, room.left + 1, std::max(room.left + 1, room.right - w - 1)));
    const double wish = top;
    // Words that stand on words are read by nobody: look a little lower, then a little higher.
    for (const double step : {0.0, 1.0, -1.0, 2.0, -2.0}) {
        top = std::round(std::clamp(wish + step * (h + 1), room.top + 1,
                                    std::max(room.top + 1, room.bottom - h - 1)));
        if (is_free({left, top, left + w, top + h})) break;
    }
    labels_.push_back({left, top, left + w, top + h});
    marks_.rounded_rect(labels_.back(), px(4), kShade);
    texts_.place(line, left + pad_x, top + pad_y);
}

bool Painter::is_free(const CanvasRect& r) const {
    return std::ranges::none_of(labels_, [&](const CanvasRect& other) {
        return r.left < other.right && other.left < r.right && r.top < other.bottom &&
               other.top < r.bottom;
    });
}

void Painter::write(const std::string& text, double left, double middle, int size, Weight weight,
                    Colour colour) {
    const int line = texts_.set(text, size, weight, colour);
    texts_.place(line, left, middle - texts_.extent(line).height / 2.0);
}
bool Painter::covers_finding(const CanvasRect& box) const {
    const double pad = px(4);
    const CanvasRect wide{box.left - pad, box.top - pad, box.right + pad, box.bottom + pad};
    const auto meets = [&](const CanvasLine& line) {
        Drawing trial;
        trial.set_clip(wide);
        trial.line(line, 1, kText);
        return !trial.triangles().empty();
    };
    if (content_.anatomy.joint_space) {
        for (const PixelPolygon& contour : content_.anatomy.joint_space->contours) {
            if (contour.empty()) continue;
            CanvasLine outline = on_canvas(contour);
            outline.push_back(outline.front());
            const PixelPoint corner{(box.left - layout_.origin.x) / layout_.scale_x(),
                                    (box.top - layout_.origin.y) / layout_.scale_y()};
            if (meets(outline) || polygon_contains(contour, corner)) return true;
        }
    }
    const plan::Candidate* best = content_.shown();
    if (best == nullptr || !finite(best->entry) || !finite(best->target)) return false;
    return meets({layout_.at(best->entry), layout_.at(best->target)});
}

double Painter::detail_under(const CanvasRect& box) const {
    const auto column = [&](double x) {
        const double at = std::clamp((x - layout_.origin.x) / layout_.scale_x(), 0.0,
                                     static_cast<double>(content_.picture.width() - 1));
        return static_cast<int>(std::lround(at));
    };
    const auto row = [&](double y) {
        const double at = std::clamp((y - layout_.origin.y) / layout_.scale_y(), 0.0,
                                     static_cast<double>(content_.picture.height() - 1));
        return static_cast<int>(std::lround(at));
    };
    const int x0 = column(box.left), x1 = column(box.right);
    const int y0 = row(box.top), y1 = row(box.bottom);
    double sum = 0;
    for (int y = y0; y <= y1; ++y) {
        const Rgb8* pixels = content_.picture.row(y);
        for (int x = x0; x < x1; ++x)
            sum += std::abs(pixels[x + 1].g - pixels[x].g);
    }
    return sum / (std::max(1, x1 - x0) * (y1 - y0 + 1.0));
}

}  // namespace guide::render
