// SPDX-License-Identifier: Apache-2.0
#include "layout.hpp"

#include "text_atlas.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <sstream>

namespace guide::render {
namespace {

// Of a canvas that may choose its size, px.
constexpr double kComfortable = 960;  // longer side a small frame is enlarged to
constexpr double kLargest = 1760;     // longer side a large frame is shrunk to
constexpr double kMostEnlarged = 8;
constexpr double kNarrowest = 900;
constexpr double kMostStretched = 8;

// How far beside the frame an entry is followed, in frame widths and heights.
constexpr double kFarthest = 1.0;

// Share of a given canvas's height that the frame has at least; captions give way.
constexpr double kPictureShare = 0.62;

constexpr double kFontsPerWidth = 62, kFontsPerHeight = 40;

/// What of the captions is shown; smaller canvases go without the later ones.
struct Detail {
    std::size_t numbers = 100;
    int message_lines = 6;
    bool legend = true;
};

// How a frame is stretched so that a millimetre is as long along x as along y, and angles look as
// they are; never shrunk. Pixels that are square but for a hundredth are left alone.
CanvasVector aspect_of(const Content& content) {
    const double ratio = content.spacing ? content.spacing->y_mm / content.spacing->x_mm
                                         : content.pixel_aspect.value_or(1);
    if (!std::isfinite(ratio) || ratio <= 0 || std::abs(ratio - 1) < 0.01) return {1, 1};
    const double believed = std::clamp(ratio, 1 / kMostStretched, kMostStretched);
    return {std::max(1.0, 1 / believed), std::max(1.0, believed)};
}

// The frame and the needle's entry, in frame px times the aspect.
CanvasRect extent_of(const Content& content, CanvasVector aspect) {
    const double w = aspect.x * content.picture.width(), h = aspect.y * content.picture.height();
    CanvasRect e{-0.5 * aspect.x, -0.5 * aspect.y, w - 0.5 * aspect.x, h - 0.5 * aspect.y};
    const plan::Candidate* best = content.best();
    if (best == nullptr) return e;
    // Room for the arrowhead at the entry and its name, also where it lies just within the frame.
    const double pad = 0.05 * std::max(w, h);
    if (!std::isfinite(best->entry.x) || !std::isfinite(best->entry.y)) return e;
    const double x = std::clamp(aspect.x * best->entry.x, -kFarthest * w, (1 + kFarthest) * w);
    const double y = std::clamp(aspect.y * best->entry.y, -kFarthest * h, (1 + kFarthest) * h);
    e.left = std::min(e.left, x - pad);
    e.right = std::max(e.right, x + pad);
    e.top = std::min(e.top, y - pad);
    e.bottom = std::max(e.bottom, y + pad);
    return e;
}

void set_fonts(Layout& layout, double font) {
    layout.font = static_cast<int>(std::lround(font));
    layout.small_font = std::max(9, static_cast<int>(std::lround(0.84 * font)));
    layout.title_font = static_cast<int>(std::lround(1.2 * font));
    layout.margin = std::round(0.8 * font);
}

double lay_header(Layout& layout, const Caption& caption) {
    const double w = layout.canvas.width;
    const auto title_width = [&] {
        return TextAtlas::width(caption.title, layout.title_font, Weight::bold) +
               TextAtlas::width(caption.status, layout.small_font, Weight::bold) +
               5 * layout.margin;
    };
    double title = title_width();
    while (title > w && layout.title_font > 7) {
        --layout.title_font;
        title = title_width();
    }
    layout.notice_font = layout.small_font;
    double notice = TextAtlas::width(kNotice, layout.notice_font, Weight::regular);
    layout.notice_below_title = title + notice + 3 * layout.margin > w;
    while (notice + 2 * layout.margin > w && layout.notice_font > 6) {
        notice = TextAtlas::width(kNotice, --layout.notice_font, Weight::regular);
    }
    const double height = std::round(layout.title_font * 2.1 +
                                     (layout.notice_below_title ? layout.notice_font * 1.5 : 0));
    layout.header = {0, 0, w, height};
    return height;
}

// Lays the panel out from y = 0; `move_panel` brings it to its place. Returns its height.
double lay_panel(Layout& layout, const Caption& caption, const Detail& detail) {
    layout.cards.clear();
    layout.messages.clear();
    layout.legend.clear();
    const double w = layout.canvas.width, m = layout.margin;
    const double inner = w - 2 * m;
    double y = m;

    const std::size_t count = std::min(caption.numbers.size(), detail.numbers);
    if (count > 0) {
        double widest = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const KeyNumber& n = caption.numbers[i];
            widest =
                std::max({widest, TextAtlas::width(n.label, layout.small_font, Weight::regular),
                          TextAtlas::width(n.value, layout.title_font, Weight::bold)});
        }
        const double gap = std::round(0.5 * m);
        const double least = widest + 1.4 * m;
        const auto fit = static_cast<std::size_t>(std::max(1.0, (inner + gap) / (least + gap)));
        const std::size_t rows = (count + fit - 1) / fit;
        const std::size_t columns = (count + rows - 1) / rows;
        const double width =
            (inner - gap * static_cast<double>(columns - 1)) / static_cast<double>(columns);
        const double height = std::round(layout.small_font * 1.35 + layout.title_font * 1.25 + m);
        for (std::size_t i = 0; i < count; ++i) {
            const double left = std::round(m + static_cast<double>(i % columns) * (width + gap));
            const double top = y + static_cast<double>(i / columns) * (height + gap);
            layout.cards.push_back(
                {{left, top, std::round(left + width), top + height}, caption.numbers[i]});
        }
        y += static_cast<double>(rows) * (height + gap) - gap + m;
    }

    layout.messages_top = y;
    layout.message_height = std::round(layout.font * 1.4);
    int left_over = detail.message_lines;
    for (const Message& message : caption.messages) {
        if (left_over <= 0) break;
        for (std::string& line : wrapped(message.text, inner, layout.font, left_over)) {
            layout.messages.push_back({std::move(line), message.tone});
            --left_over;
        }
    }
    if (!layout.messages.empty()) {
        y += layout.message_height * static_cast<double>(layout.messages.size()) + 0.5 * m;
    }

    if (detail.legend && !caption.legend.empty()) {
        layout.swatch_width = std::round(1.6 * layout.font);
        const double row = std::round(layout.small_font * 1.7);
        double x = m;
        for (const LegendEntry& entry : caption.legend) {
            const double width = layout.swatch_width + 0.5 * m +
                                 TextAtlas::width(entry.label, layout.small_font, Weight::regular) +
                                 1.2 * m;
            if (x > m && x + width - 1.2 * m > w - m) {
                x = m;
                y += row;
            }
            layout.legend.push_back({{x, y + std::round(row / 2)}, entry});
            x += width;
        }
        y += row + 0.5 * m;
    }
    return y > m ? std::round(y) : 0;
}

void move_panel(Layout& layout, double top, double height) {
    layout.panel = {0, top, static_cast<double>(layout.canvas.width), top + height};
    for (Layout::Card& card : layout.cards) {
        card.box.top += top;
        card.box.bottom += top;
    }
    layout.messages_top += top;
    for (Layout::Swatch& swatch : layout.legend)
        swatch.left.y += top;
}

void place_picture(Layout& layout, const Content& content, const CanvasRect& extent,
                   const std::optional<PixelPoint>& centre) {
    const double w = content.picture.width(), h = content.picture.height();
    const CanvasRect& room = layout.room;
    const double s = layout.scale, sx = layout.scale_x(), sy = layout.scale_y();
    double left = room.left + (room.width() - s * extent.width()) / 2 - s * extent.left;
    double top = room.top + (room.height() - s * extent.height()) / 2 - s * extent.top;
    if (centre) {
        left = (room.left + room.right) / 2 - sx * centre->x;
        top = (room.top + room.bottom) / 2 - sy * centre->y;
    }
    // Whole pixels: a frame shown at its own size is shown unchanged.
    layout.picture.left = std::round(left - 0.5 * sx);
    layout.picture.top = std::round(top - 0.5 * sy);
    layout.picture.right = layout.picture.left + std::max(1.0, std::round(sx * w));
    layout.picture.bottom = layout.picture.top + std::max(1.0, std::round(sy * h));
    layout.origin = {layout.picture.left - 0.5 + 0.5 * sx, layout.picture.top - 0.5 + 0.5 * sy};
}

double snapped(double scale) {
    return scale > 0.97 && scale < 1.03 ? 1.0 : scale;
}

void lay_out_free(Layout& layout, const Content& content, const Caption& caption,
                  const SceneOptions& options, const CanvasRect& extent) {
    const double longer = std::max(layout.aspect.x * content.picture.width(),
                                   layout.aspect.y * content.picture.height());
    layout.scale = snapped(
        std::min(longer < kComfortable ? kComfortable / longer : std::min(1.0, kLargest / longer),
                 kMostEnlarged));
    const bool captions = options.captions == Captions::full;
    const double picture_width = layout.scale * extent.width();
    const double guess = std::max(captions ? kNarrowest : 320.0, picture_width);
    set_fonts(layout, std::clamp(guess / kFontsPerWidth, 12.0, 34.0));
    layout.canvas.width = static_cast<int>(std::ceil(guess + 2 * layout.margin));
    double header = 0, panel = 0;
    if (captions) {
        header = lay_header(layout, caption);
        panel = lay_panel(layout, caption, {});
    }
    const double room =
        std::max(std::ceil(layout.scale * extent.height() + 2 * layout.margin), 6.0 * layout.font);
    layout.canvas.height = static_cast<int>(header + room + panel);
    layout.room = {0, header, static_cast<double>(layout.canvas.width), header + room};
    move_panel(layout, header + room, panel);
}

void lay_out_fixed(Layout& layout, const Caption& caption, const SceneOptions& options,
                   const CanvasRect& extent) {
    layout.canvas = options.canvas;
    const double w = options.canvas.width, h = options.canvas.height;
    set_fonts(layout, std::clamp(std::min(w / kFontsPerWidth, h / kFontsPerHeight), 11.0, 40.0));
    double header = 0, panel = 0;
    if (options.captions == Captions::full) {
        header = lay_header(layout, caption);
        for (const Detail& detail :
             {Detail{}, Detail{100, 2, true}, Detail{6, 2, true}, Detail{6, 2, false},
              Detail{4, 1, false}, Detail{0, 1, false}, Detail{0, 0, false}}) {
            panel = lay_panel(layout, caption, detail);
            if (h - header - panel >= kPictureShare * h) break;
        }
    }
    layout.room = {0, header, w, h - panel};
    move_panel(layout, h - panel, panel);
    const double margin = layout.room.height() > 8 * layout.margin ? 2 * layout.margin : 0;
    layout.scale =
        std::max(1e-3, snapped(std::min((w - margin) / extent.width(),
                                        (layout.room.height() - margin) / extent.height())));
}

}  // namespace

Layout make_layout(const Content& content, const Caption& caption, const SceneOptions& options) {
    Layout layout;
    layout.aspect = aspect_of(content);
    const CanvasRect extent = extent_of(content, layout.aspect);
    if (options.canvas.empty()) {
        lay_out_free(layout, content, caption, options, extent);
    } else {
        lay_out_fixed(layout, caption, options, extent);
    }
    layout.scale *= options.lens.zoom;
    place_picture(layout, content, extent, options.lens.centre);
    return layout;
}

namespace {

// Within a UTF-8 character, not at its start.
bool is_continuation(char c) {
    return (static_cast<unsigned char>(c) & 0xC0u) == 0x80u;
}

}  // namespace

std::vector<std::string> wrapped(const std::string& text, double width, int size_px, int limit) {
    const auto fits = [&](const std::string& s) {
        return TextAtlas::width(s, size_px, Weight::regular) <= width;
    };
    std::vector<std::string> lines;
    std::istringstream words(printable(text));
    std::string line;
    for (std::string word; static_cast<int>(lines.size()) <= limit && words >> word;) {
        std::string longer = line.empty() ? word : line + " " + word;
        if (fits(longer)) {
            line = std::move(longer);
            continue;
        }
        if (!line.empty()) lines.push_back(std::move(line));
        while (static_cast<int>(lines.size()) <= limit && word.size() > 1 && !fits(word)) {
            // The most letters that fit, by halving: `most` do not.
            std::size_t n = 1, most = word.size();
            while (most - n > 1) {
                const std::size_t middle = (n + most) / 2;
                (fits(word.substr(0, middle)) ? n : most) = middle;
            }
            while (n > 1 && is_continuation(word[n]))
                --n;
            lines.push_back(word.substr(0, n));
            word.erase(0, n);
        }
        line = std::move(word);
    }
    if (!line.empty()) lines.push_back(std::move(line));
    if (static_cast<int>(lines.size()) > limit) {
        lines.resize(static_cast<std::size_t>(limit));
        std::string& last = lines.back();
        while (!last.empty() && (is_continuation(last.back()) || !fits(last + "..."))) {
            last.pop_back();
        }
        last += "...";
    }
    return lines;
}

}  // namespace guide::render
