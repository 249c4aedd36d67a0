// SPDX-License-Identifier: Apache-2.0
#include "painters.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace guide::render {
namespace {

using namespace palette;

class PanelPainter : Painter {
  public:
    using Painter::Painter;

    void paint_header(const Caption& caption) {
        const CanvasRect& header = layout_.header;
        const double m = layout_.margin;
        marks_.rect(header, kGround);
        marks_.rect({header.left, header.bottom - 1, header.right, header.bottom}, kRule);
        const double row = std::round(layout_.title_font * 2.1);
        const double middle = row / 2;
        const int title = texts_.set(caption.title, layout_.title_font, Weight::bold, kText);
        texts_.place(title, m, middle - texts_.extent(title).height / 2.0);

        const int status = texts_.set(caption.status, layout_.small_font, Weight::bold, kGround);
        const Size size = texts_.extent(status);
        const double left = std::round(m + texts_.extent(title).width + 1.2 * m);
        const double half = std::round(size.height / 2.0 + px(3));
        marks_.rounded_rect({left, middle - half, left + size.width + 1.4 * m, middle + half}, half,
                            of(caption.status_tone));
        texts_.place(status, left + 0.7 * m, middle - size.height / 2.0);

        const int notice = texts_.set(kNotice, layout_.notice_font, Weight::regular, kFaintText);
        const Size extent = texts_.extent(notice);
        if (layout_.notice_below_title) {
            texts_.place(notice, m, header.bottom - layout_.notice_font * 0.35 - extent.height);
        } else {
            texts_.place(notice, header.right - m - extent.width, middle - extent.height / 2.0);
        }
    }

    void paint_panel() {
        if (layout_.panel.height() < 1) return;
        marks_.rect(layout_.panel, kGround);
        marks_.rect({0, layout_.panel.top, layout_.panel.right, layout_.panel.top + 1}, kRule);
        const double m = layout_.margin;
        for (const Layout::Card& card : layout_.cards) {
            marks_.rounded_rect(card.box, px(5), kCard);
            const int name =
                texts_.set(card.number.label, layout_.small_font, Weight::regular, kFaintText);
            const int value =
                texts_.set(card.number.value, layout_.title_font, Weight::bold, kText);
            texts_.place(name, card.box.left + 0.7 * m, card.box.top + 0.45 * m);
            texts_.place(value, card.box.left + 0.7 * m,
                         card.box.bottom - 0.45 * m - texts_.extent(value).height);
        }
        double y = layout_.messages_top + layout_.message_height / 2;
        for (const Layout::TextLine& line : layout_.messages) {
            write(line.text, m, y, layout_.font, Weight::regular, of(line.tone));
            y += layout_.message_height;
        }
        for (const Layout::Swatch& swatch : layout_.legend) {
            paint_swatch(swatch, layout_.swatch_width);
            write(swatch.entry.label, swatch.left.x + layout_.swatch_width + 0.5 * m, swatch.left.y,
                  layout_.small_font, Weight::regular, kText);
        }
    }

    void paint_legend_box(const Caption& caption) {
        if (caption.legend.empty()) return;
        const double m = layout_.margin, row = std::round(layout_.small_font * 1.7);
        const double swatch = std::round(1.6 * layout_.font);
        double widest = 0;
        for (const LegendEntry& entry : caption.legend) {
            widest = std::max(widest,
                              TextAtlas::width(entry.label, layout_.small_font, Weight::regular));
        }
        const double width = swatch + widest + 2.5 * m;
        const double height = row * static_cast<double>(caption.legend.size()) + m;
        const CanvasRect box = corner(width, height);
        marks_.rounded_rect(box, px(5), kShade);
        labels_.push_back(box);
        double y = box.top + m / 2 + row / 2;
        for (const LegendEntry& entry : caption.legend) {
            const double left = box.left + m;
            paint_swatch({{left, y}, entry}, swatch);
            write(entry.label, left + swatch + m / 2, y, layout_.small_font, Weight::regular,
                  kText);
            y += row;
        }
    }

    void paint_notice() {
        const CanvasPoint at{layout_.room.left + layout_.margin,
                             layout_.room.bottom - layout_.margin};
        label(std::string(kNotice), at, {1, -1}, kWarn);
    }

  private:
    // The corner of the room that hides the least.
    [[nodiscard]] CanvasRect corner(double width, double height) const {
        const CanvasRect& room = layout_.room;
        const double m = layout_.margin;
        CanvasRect best;
        double least = std::numeric_limits<double>::infinity();
        for (const double x : {room.right - m - width, room.left + m}) {
            for (const double y : {room.top + m, room.bottom - 3.2 * m - height}) {
                const CanvasRect box{std::round(x), std::round(y), std::round(x + width),
                                     std::round(y + height)};
                const double hidden =
                    detail_under(box) + (covers_finding(box) ? 1e6 : 0) + (is_free(box) ? 0 : 1e3);
                if (hidden >= least) continue;
                least = hidden;
                best = box;
            }
        }
        return best;
    }

    void paint_swatch(const Layout::Swatch& swatch, double w) {
        const CanvasPoint a = swatch.left, b{a.x + w, a.y}, middle{a.x + w / 2, a.y};
        const CanvasRect box{a.x, a.y - px(6), b.x, a.y + px(6)};
        switch (swatch.entry.mark) {
            case Mark::joint_space:
                marks_.rounded_rect(box, px(3), kJointSpace);
                marks_.rounded_rect({box.left + px(1.6), box.top + px(1.6), box.right - px(1.6),
                                     box.bottom - px(1.6)},
                                    px(2), {33, 52, 66});
                break;
            case Mark::bone:
                marks_.line({a, b}, px(3), kBone);
                break;
            case Mark::cartilage:
                marks_.line({a, b}, px(1.2), kBone);
                break;
            case Mark::skin:
                marks_.line({a, b}, px(2), kSkin);
                break;
            case Mark::obstacle:
                marks_.dashed_line({a, b}, px(1.8), px(7), px(4), kObstacle);
                break;
            case Mark::needle:
                marks_.line({a, b}, px(2.4), kNeedle);
                break;
            case Mark::ruled_needle: {
                const Colour colour = swatch.entry.tone == Tone::good  ? kAllowed
                                      : swatch.entry.tone == Tone::bad ? kRefused
                                                                       : kNeedle;
                marks_.line({{a.x, a.y + px(3)}, {b.x, b.y + px(3)}}, px(2.4), colour);
                for (int i = 0; i < 5; ++i) {
                    const double x = a.x + px(2) + (w - px(4)) * i / 4;
                    marks_.line({{x, a.y + px(2)}, {x, a.y - px(i % 2 == 0 ? 5 : 2)}}, px(1.2),
                                colour);
                }
                break;
            }
            case Mark::other_needle:
                marks_.dashed_line({a, b}, px(1.3), px(6), px(5), kNeedle.with_alpha(0.6));
                break;
            case Mark::entry:
                marks_.convex({{middle.x + px(8), a.y},
                               {middle.x - px(7), a.y - px(7)},
                               {middle.x - px(7), a.y + px(7)}},
                              kNeedle);
                break;
            case Mark::target:
                crosshair({middle.x, a.y}, kTarget);
                break;
            case Mark::tip:
                marks_.dashed_ellipse(middle, px(7.5), px(7.5), px(1.3), px(3), kTarget);
                break;
        }
    }
};

}  // namespace

void paint_panel(Board& board, const Caption& caption) {
    PanelPainter painter(board);
    painter.paint_header(caption);
    painter.paint_panel();
}

void paint_legend_box(Board& board, const Caption& caption) {
    PanelPainter(board).paint_legend_box(caption);
}

void paint_notice(Board& board) {
    PanelPainter(board).paint_notice();
}

}  // namespace guide::render
