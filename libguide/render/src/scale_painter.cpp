// SPDX-License-Identifier: Apache-2.0
#include "caption.hpp"
#include "painters.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

namespace guide::render {
namespace {

using namespace palette;

class ScalePainter : Painter {
  public:
    using Painter::Painter;

    // In a lower corner of the ultrasound picture, or of the frame.
    void paint_scale_bar() {
        if (!content_.spacing || !(content_.spacing->x_mm > 0)) return;
        const CanvasRect home = scale_bar_home();
        const double px_per_mm = layout_.scale_x() / content_.spacing->x_mm;
        double mm = 10;
        while (px_per_mm * mm > 0.4 * home.width() && mm > 1)
            mm /= 2;
        while (px_per_mm * mm < px(30) && mm < 1000)
            mm *= 2;
        const double width = px_per_mm * mm;
        if (width < px(12) || width + px(28) > home.width()) return;
        const int line = texts_.set(fixed(mm, mm == std::floor(mm) ? 0 : 1) + " mm",
                                    layout_.small_font, Weight::regular, kText);
        const Size words = texts_.extent(line);
        const double plate = std::max<double>(width, words.width) + px(14);
        const CanvasRect box = scale_bar_place(home, plate, words.height + px(14));
        marks_.rounded_rect(box, px(4), kShade);
        const double middle = (box.left + box.right) / 2, y = box.bottom - px(6);
        const double x0 = middle - width / 2, x1 = middle + width / 2;
        marks_.line({{x0, y}, {x1, y}}, px(1.8), kText);
        marks_.line({{x0, y - px(5)}, {x0, y + px(1)}}, px(1.8), kText);
        marks_.line({{x1, y - px(5)}, {x1, y + px(1)}}, px(1.8), kText);
        texts_.place(line, middle - words.width / 2.0, box.top + px(1));
        labels_.push_back(box);
    }

  private:
    // A corner that is clear of the joint space, the needle and the words, and of the picture hides
    // the least: scanners write depths along its border, so the corners lie well within it.
    [[nodiscard]] CanvasRect scale_bar_place(const CanvasRect& home, double w, double h) const {
        const double inset_x = std::max(px(8), std::min(0.1 * home.width(), home.width() - w) / 2);
        const double inset_y =
            std::max(px(8), std::min(0.1 * home.height(), home.height() - h) / 2);
        const double right = home.right - inset_x - w, left = home.left + inset_x;
        const double bottom = home.bottom - inset_y - h, top = home.top + inset_y;
        std::optional<CanvasRect> best;
        double least = 0;
        for (const double y : {bottom, top}) {
            for (const double x : {right, left, (left + right) / 2}) {
                const CanvasRect box{std::round(x), std::round(y), std::round(x + w),
                                     std::round(y + h)};
                if (!is_free(box) || covers_finding(box)) continue;
                const double hidden = detail_under(box);
                if (best && hidden >= least) continue;
                best = box;
                least = hidden;
            }
            if (best) return *best;
        }
        return {std::round(right), std::round(bottom), std::round(right + w),
                std::round(bottom + h)};
    }

    [[nodiscard]] CanvasRect scale_bar_home() const {
        CanvasRect home = layout_.picture;
        const PixelBox box =
            intersection(content_.anatomy.content_box,
                         {0, 0, content_.picture.width(), content_.picture.height()});
        if (!box.empty()) {
            const CanvasPoint a = layout_.at({box.x0 - 0.5, box.y0 - 0.5});
            const CanvasPoint b = layout_.at({box.x1 - 0.5, box.y1 - 0.5});
            home = {a.x, a.y, b.x, b.y};
        }
        const CanvasRect& room = layout_.room;
        return {std::max(home.left, room.left), std::max(home.top, room.top),
                std::min(home.right, room.right), std::min(home.bottom, room.bottom)};
    }
};

class GridPainter : Painter {
  public:
    using Painter::Painter;

    // Lines 10 mm apart from the upper left of the picture; depths at the left.
    void paint() {
        if (!content_.spacing || !(content_.spacing->x_mm > 0) || !(content_.spacing->y_mm > 0))
            return;
        const PixelBox box =
            intersection(content_.anatomy.content_box,
                         {0, 0, content_.picture.width(), content_.picture.height()});
        if (box.empty()) return;
        const CanvasPoint a = layout_.at({box.x0 - 0.5, box.y0 - 0.5});
        const CanvasPoint b = layout_.at({box.x1 - 0.5, box.y1 - 0.5});
        const double step_x = 10 * layout_.scale_x() / content_.spacing->x_mm;
        const double step_y = 10 * layout_.scale_y() / content_.spacing->y_mm;
        if (step_x < px(8) || step_y < px(8)) return;
        for (double x = a.x + step_x; x < b.x; x += step_x)
            marks_.line({{x, a.y}, {x, b.y}}, px(1), kText.with_alpha(0.28));
        int depth = 10;
        for (double y = a.y + step_y; y < b.y; y += step_y, depth += 10) {
            marks_.line({{a.x, y}, {b.x, y}}, px(1), kText.with_alpha(0.28));
            if (!is_xray(content_.anatomy.view))
                label(std::to_string(depth), {a.x + px(4), y}, {1, 0}, kText);
        }
    }
};

class CalliperPainter : Painter {
  public:
    using Painter::Painter;

    void paint(const Calliper& calliper) {
        if (!finite(calliper.from) || !finite(calliper.to)) return;
        const CanvasPoint a = layout_.at(calliper.from), b = layout_.at(calliper.to);
        haloed_dashes({a, b}, px(1.4), px(5), px(4), kText);
        for (const CanvasPoint p : {a, b}) {
            haloed({p + CanvasVector{-px(7), 0}, p + CanvasVector{px(7), 0}}, px(1.6), kText);
            haloed({p + CanvasVector{0, -px(7)}, p + CanvasVector{0, px(7)}}, px(1.6), kText);
        }
        const PixelVector way = calliper.to - calliper.from;
        const std::string text = content_.spacing
                                     ? fixed(length(to_mm(way, *content_.spacing)), 1) + " mm"
                                     : fixed(length(way), 0) + " px";
        label(text, (a.x > b.x ? a : b) + CanvasVector{px(10), 0}, {1, 0}, kText);
    }
};

}  // namespace

void paint_scale_bar(Board& board) {
    ScalePainter(board).paint_scale_bar();
}

void paint_grid(Board& board) {
    GridPainter(board).paint();
}

void paint_callipers(Board& board) {
    for (const Calliper& calliper : board.options.callipers)
        CalliperPainter(board).paint(calliper);
}

}  // namespace guide::render
