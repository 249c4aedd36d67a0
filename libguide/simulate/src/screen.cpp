// SPDX-License-Identifier: Apache-2.0
#include "screen_painter.hpp"

#include <guide/core/error.hpp>

namespace guide::simulate {
namespace {

Rgb8 grey_of(Rgb8 c) {
    const auto level =
        static_cast<std::uint8_t>(std::lround(0.299 * c.r + 0.587 * c.g + 0.114 * c.b));
    return {level, level, level};
}

}  // namespace

void ScreenPainter::surround() {
    const auto paint = [&](PixelBox box) { canvas_.fill(box, theme_.ground); };
    const PixelBox black = s_.style == ScreenStyle::console ? grown(box_, px(4)) : s_.room;
    const PixelBox keep{std::min(black.x0, box_.x0), std::min(black.y0, box_.y0),
                        std::max(black.x1, box_.x1), std::max(black.y1, box_.y1)};
    paint({0, 0, s_.width, keep.y0});
    paint({0, keep.y1, s_.width, s_.height});
    paint({0, keep.y0, keep.x0, keep.y1});
    paint({keep.x1, keep.y0, s_.width, keep.y1});
    if (s_.style == ScreenStyle::console && chance(0.5)) canvas_.frame(keep, theme_.soft);
    if (s_.style == ScreenStyle::band)
        canvas_.fill({0, 0, s_.width, static_cast<int>(4.6 * s_.letter_px)}, theme_.band);
}

void ScreenPainter::ruler() {
    begin(Part::ruler);
    if (s_.ruler == ScreenSide::none) return;
    const bool right = s_.ruler == ScreenSide::right;
    const double outwards = right ? 1 : -1;
    // Close to the picture, or at the edge of its room.
    const double gap = random_.uniform(8, 18) * unit_;
    const bool close = chance(0.5), spine = chance(0.3);
    const double near =
        right ? (close ? box_.x1 : s_.room.x1) + gap : (close ? box_.x0 : s_.room.x0) - 1 - gap;
    const double x = std::round(near);
    truth_.ruler_px = x;
    const double mm = settings_.picture.spacing.y_mm, end = settings_.probe.end_mm;
    const int ratio = static_cast<int>(std::lround(s_.major_mm / s_.minor_mm));
    const bool from_zero = chance(0.8);
    const double number_px = s_.major_mm / mm;
    const int every = number_px < 2 * s_.letter_px ? 5 : 1;
    const double small = std::max(2.0, 5 * unit_), large = std::max(4.0, 10 * unit_);
    for (int i = from_zero ? 0 : 1; i * s_.minor_mm <= end + 1e-6; ++i) {
        RulerMark mark;
        mark.depth_mm = i * s_.minor_mm;
        mark.y_px = truth_.face.y + mark.depth_mm / mm;
        mark.major = i % ratio == 0;
        const double y = std::round(mark.y_px);
        if (s_.ruler_marks == RulerMarks::dots) {
            canvas_.disc({x, y}, std::max(1.0, (mark.major ? 2.2 : 1.2) * unit_), theme_.ink);
        } else {
            const double length = mark.major ? large : small;
            canvas_.line({x, y}, {x + outwards * length, y}, 1, theme_.ink);
        }
        if (s_.ruler_numbers && mark.major && i > 0 && (i / ratio) % every == 0) {
            mark.number = printed("%g", mark.depth_mm / 10);
            const double wide = text_width(mark.number) * s_.letter_px / 6;
            const double at = x + outwards * (large + 5 * unit_);
            write({right ? at : at - wide, y - s_.letter_px / 2}, mark.number, theme_.ink);
        }
        truth_.ruler.push_back(std::move(mark));
    }
    if (spine && s_.ruler_marks == RulerMarks::ticks && !truth_.ruler.empty()) {
        canvas_.line({x, std::round(truth_.ruler.front().y_px)},
                     {x, std::round(truth_.ruler.back().y_px)}, 1, theme_.soft);
    }
}

void ScreenPainter::focus() {
    begin(Part::focus);
    if (!s_.focus_mark) return;
    const double y = truth_.face.y + settings_.focus_mm / settings_.picture.spacing.y_mm;
    if (y > box_.y1) return;
    const bool left = s_.ruler == ScreenSide::left;
    // Between the picture and the ruler, or where that would be.
    const double x = left ? box_.x0 - 5 * unit_ : box_.x1 + 4 * unit_;
    const double r = 4 * unit_, inwards = left ? 1 : -1;
    canvas_.triangle({x + inwards * r, y}, {x - inwards * r, y - r}, {x - inwards * r, y + r},
                     theme_.accent);
    truth_.focus_mark = PixelPoint{x, y};
}

void ScreenPainter::marker() {
    begin(Part::marker);
    if (s_.marker == ScreenSide::none) return;
    const bool left = s_.marker == ScreenSide::left;
    double half = (box_.x1 - box_.x0) / 2.0;
    if (settings_.probe.kind == filters::ProbeKind::curvilinear) {
        half = settings_.probe.radius_mm * std::sin(settings_.probe.opening_rad / 2) /
                   settings_.picture.spacing.x_mm +
               8 * unit_;
    }
    const double r = random_.uniform(4, 7) * unit_;
    const bool within = chance(0.5);
    const double x = truth_.face.x + (left ? -1 : 1) * (half - 1.5 * r);
    const double y = within ? box_.y0 + 1.6 * r : std::max(r + 1, box_.y0 - 1.6 * r);
    switch (static_cast<int>(random_.uniform() * 4)) {
        case 0:
            canvas_.disc({x, y}, r, theme_.accent);
            break;
        case 1:
            canvas_.ring({x, y}, r, std::max(1.0, 1.6 * unit_), theme_.accent);
            break;
        case 2:
            canvas_.triangle({x - r, y - r}, {x + r, y - r}, {x, y + r}, theme_.accent);
            break;
        default:
            canvas_.line({x - r, y + r}, {x, y - r}, 1.6 * unit_, theme_.accent);
            canvas_.line({x, y - r}, {x + r, y + r}, 1.6 * unit_, theme_.accent);
            canvas_.line({x - r / 2, y}, {x + r / 2, y}, 1.6 * unit_, theme_.accent);
            break;
    }
    truth_.marker = around({x, y}, r + unit_);
}

void ScreenPainter::grey_bar() {
    begin(Part::bar);
    if (s_.grey_bar == ScreenSide::none) return;
    const int wide = px(random_.uniform(8, 14));
    const int high = static_cast<int>(s_.room.height() * random_.uniform(0.22, 0.4));
    const bool left = s_.grey_bar == ScreenSide::left;
    // Beyond the ruler, in the strip that the layout left free.
    const bool beside_ruler = s_.grey_bar == s_.ruler;
    const double ruler =
        beside_ruler ? (s_.ruler_numbers ? 3 * s_.letter_px : s_.letter_px) + 26 * unit_ : 0;
    const int x = static_cast<int>(left ? s_.room.x0 - ruler - 22 * unit_
                                        : s_.room.x1 + ruler + 22 * unit_ - wide);
    const PixelBox bar{x, s_.room.y0 + px(4), x + wide, s_.room.y0 + px(4) + high};
    canvas_.wedge(bar);
    if (chance(0.6)) canvas_.frame(grown(bar, 1), theme_.soft);
    truth_.grey_bar = bar;
}

void ScreenPainter::icons() {
    begin(Part::icons);
    if (!s_.icons) return;
    const double size = 9 * unit_;
    // Down the right edge, or along the lower or upper one.
    for (int i = 0; i < 4; ++i) {
        PixelPoint at{s_.width - (14 + i * 34) * unit_ - size, s_.height - 10 * unit_ - size / 2};
        if (s_.style == ScreenStyle::pocket) at.y = 8 * unit_ + size / 2;
        if (s_.style == ScreenStyle::column)
            at = {s_.width - 2.4 * s_.letter_px, s_.height * 0.45 + i * 3.2 * size};
        icon(i, at, size);
        truth_.icons.push_back(around(at, 1.5 * size));
    }
}

void ScreenPainter::callipers(PixelPoint from, PixelPoint to) {
    begin(Part::callipers);
    Callipers c{from, to, 0, {}};
    const Spacing mm = settings_.picture.spacing;
    c.mm = std::hypot((to.x - from.x) * mm.x_mm, (to.y - from.y) * mm.y_mm);
    c.text = chance(0.5) ? printed("D %.1f mm", c.mm) : printed("1 L %.2f cm", c.mm / 10);
    const double r = 5 * unit_, line = std::max(1.0, unit_);
    const bool slanted = chance(0.4);
    for (const PixelPoint p : {from, to}) {
        const double a = slanted ? 0.7 * r : r, b = slanted ? 0.7 * r : 0;
        canvas_.line({p.x - a, p.y - b}, {p.x + a, p.y + b}, line, theme_.accent);
        canvas_.line({p.x - b, p.y + a}, {p.x + b, p.y - a}, line, theme_.accent);
    }
    if (chance(0.6)) {
        const double length = std::hypot(to.x - from.x, to.y - from.y);
        for (double t = 2 * r; t < length - r; t += 4 * unit_) {
            const double share = t / length;
            canvas_.disc({from.x + share * (to.x - from.x), from.y + share * (to.y - from.y)},
                         0.7 * line, theme_.accent);
        }
    }
    // The value stands in a lower corner of the picture's room.
    const double wide = text_width(c.text) * s_.letter_px / 6;
    const double x = chance(0.5) ? s_.room.x0 + 4 * unit_ : s_.room.x1 - wide - 4 * unit_;
    write({x, s_.room.y1 - 2 * s_.letter_px}, c.text, theme_.accent);
    truth_.callipers = std::move(c);
}

PixelBox ScreenPainter::around(PixelPoint p, double r) const {
    return intersection(
        {static_cast<int>(std::floor(p.x - r)), static_cast<int>(std::floor(p.y - r)),
         static_cast<int>(std::ceil(p.x + r)) + 1, static_cast<int>(std::ceil(p.y + r)) + 1},
        {0, 0, s_.width, s_.height});
}

void ScreenPainter::choose_theme() {
    const bool console = s_.style == ScreenStyle::console;
    theme_.ground =
        console ? one_of(std::array<Rgb8, 3>{{{26, 28, 32}, {44, 46, 52}, {12, 14, 22}}})
                : one_of(std::array<Rgb8, 4>{{{0, 0, 0}, {0, 0, 0}, {6, 6, 8}, {14, 15, 18}}});
    theme_.band =
        one_of(std::array<Rgb8, 4>{{{14, 24, 64}, {8, 44, 48}, {38, 38, 42}, {50, 16, 28}}});
    theme_.ink = one_of(std::array<Rgb8, 5>{
        {{225, 225, 225}, {180, 182, 186}, {230, 220, 150}, {150, 215, 220}, {170, 220, 170}}});
    theme_.soft = one_of(std::array<Rgb8, 2>{{{110, 112, 118}, {84, 88, 96}}});
    theme_.accent = one_of(
        std::array<Rgb8, 4>{{{40, 160, 205}, {240, 205, 50}, {80, 225, 110}, {250, 140, 50}}});
    if (s_.colour) return;
    for (Rgb8* ink : {&theme_.ground, &theme_.band, &theme_.ink, &theme_.soft, &theme_.accent})
        *ink = grey_of(*ink);
}

void ScreenPainter::icon(int kind, PixelPoint at, double r) {
    const double line = std::max(1.0, unit_);
    const PixelBox box{static_cast<int>(at.x - r), static_cast<int>(at.y - 0.6 * r),
                       static_cast<int>(at.x + r), static_cast<int>(at.y + 0.6 * r)};
    switch (kind) {
        case 0:  // a battery
            canvas_.frame(box, theme_.soft);
            canvas_.fill({box.x0 + 2, box.y0 + 2, box.x0 + box.width() * 2 / 3, box.y1 - 2},
                         theme_.accent);
            canvas_.fill(
                {box.x1, box.y0 + box.height() / 3, box.x1 + px(2), box.y1 - box.height() / 3},
                theme_.soft);
            break;
        case 1:  // a camera
            canvas_.frame(box, theme_.soft);
            canvas_.ring(at, 0.4 * r, line, theme_.soft);
            break;
        case 2:  // a net
            for (int i = 1; i <= 3; ++i) {
                canvas_.line({at.x + (i - 2.5) * 0.6 * r, at.y + 0.6 * r},
                             {at.x + (i - 2.5) * 0.6 * r, at.y + (0.6 - 0.4 * i) * r}, 2 * line,
                             theme_.soft);
            }
            break;
        default:  // a heart's line
            canvas_.line({at.x - r, at.y}, {at.x - 0.3 * r, at.y}, line, theme_.accent);
            canvas_.line({at.x - 0.3 * r, at.y}, {at.x, at.y - 0.7 * r}, line, theme_.accent);
            canvas_.line({at.x, at.y - 0.7 * r}, {at.x + 0.3 * r, at.y + 0.5 * r}, line,
                         theme_.accent);
            canvas_.line({at.x + 0.3 * r, at.y + 0.5 * r}, {at.x + r, at.y}, line, theme_.accent);
            break;
    }
}

ScreenTruth draw_screen(Frame& frame, const ScreenLayout& layout,
                        const UltrasoundSettings& settings, const ScreenWords& words,
                        const std::optional<std::pair<PixelPoint, PixelPoint>>& callipers) {
    require(frame.intensity.width() == layout.width && frame.intensity.height() == layout.height &&
                settings.picture.width == layout.width && settings.picture.height == layout.height,
            "draw_screen", "the frame has the layout's size");
    require(frame.content_box.has_value() && frame.spacing.has_value(), "draw_screen",
            "the frame has a content_box and a spacing");
    Image<Rgb8> picture(layout.width, layout.height);
    for (std::size_t i = 0; i < picture.size(); ++i) {
        const auto level = static_cast<std::uint8_t>(
            std::lround(std::clamp(frame.intensity.data()[i], 0.0F, 255.0F)));
        picture.data()[i] = {level, level, level};
    }
    ScreenPainter painter(picture, layout, settings, words, *frame.content_box);
    painter.surround();
    painter.grey_bar();
    painter.texts();
    painter.ruler();
    painter.focus();
    painter.marker();
    painter.icons();
    if (callipers) painter.callipers(callipers->first, callipers->second);
    if (layout.colour) {
        frame.intensity = std::move(frame_from_rgb(picture.view()).intensity);
        frame.colour = std::move(picture);
    } else {
        for (std::size_t i = 0; i < picture.size(); ++i)
            frame.intensity.data()[i] = picture.data()[i].r;
    }
    return std::move(painter).truth();
}

}  // namespace guide::simulate
