// SPDX-License-Identifier: Apache-2.0
#include "screen_painter.hpp"

namespace guide::simulate {

void ScreenPainter::texts() {
    begin(Part::texts);
    if (!s_.text) return;
    switch (s_.style) {
        case ScreenStyle::band:
            band_texts();
            break;
        case ScreenStyle::column:
            column_texts();
            break;
        case ScreenStyle::pocket:
            pocket_texts();
            break;
        case ScreenStyle::console:
            console_texts();
            break;
    }
}

double ScreenPainter::write(PixelPoint corner, const std::string& text, Rgb8 ink, double larger) {
    const double letter = larger * s_.letter_px;
    const PixelBox box = canvas_.text(corner, letter, stroke_ * larger, text, ink);
    const PixelBox seen = intersection(box, {0, 0, s_.width, s_.height});
    if (!seen.empty()) truth_.texts.emplace_back(text, seen);
    return 1.75 * letter;
}

std::string ScreenPainter::date() {
    const int year = 2012 + static_cast<int>(random_.uniform() * 14);
    const int month = 1 + static_cast<int>(random_.uniform() * 12);
    const int day = 1 + static_cast<int>(random_.uniform() * 28);
    return chance(0.5) ? printed("%02d/%02d/%04d", day, month, year)
                       : printed("%04d-%02d-%02d", year, month, day);
}

std::string ScreenPainter::clock() {
    const int hour = 8 + static_cast<int>(random_.uniform() * 10);
    const int minute = static_cast<int>(random_.uniform() * 60);
    return printed("%02d:%02d:%02d", hour, minute, static_cast<int>(random_.uniform() * 60));
}

void ScreenPainter::title(double y) {
    const double wide = 1.15 * text_width(words_.title) * s_.letter_px / 6;
    const double room = s_.room.x0 + s_.room.x1;
    const double x = chance(0.5) ? std::max(s_.room.x0 + 2.0, room / 2 - wide / 2)
                                 : s_.room.x0 + 2.0 * s_.letter_px;
    write({x, y}, words_.title, theme_.ink, 1.15);
}

void ScreenPainter::band_texts() {
    const double row = 0.9 * s_.letter_px, next = row + 1.9 * s_.letter_px;
    write({12 * unit_, row}, patient(), theme_.ink);
    write({12 * unit_, next}, date() + "  " + clock(), theme_.ink);
    const std::string safety = "MI " + mechanical() + "  TIS " + thermal();
    write({0.42 * s_.width, row}, safety, theme_.ink);
    write({0.42 * s_.width, next}, words_.probe, theme_.ink);
    write_right(s_.width - 12 * unit_, row, "KNEE MSK", theme_.ink);
    const std::array<std::pair<std::string, std::string>, 7> lines{
        {{"Frq", printed("%.1f MHz", words_.frequency_mhz)},
         {"Gn", printed("%d", gain())},
         {"D", depth()},
         {"DR", printed("%.0f", words_.dynamic_range_db)},
         {"Foc", printed("%.0f mm", words_.focus_mm)},
         {"FR", printed("%d Hz", 14 + static_cast<int>(random_.uniform() * 30))},
         {"Map", printed("%d/0", 1 + static_cast<int>(random_.uniform() * 8))}}};
    double y = s_.room.y0 + 2 * unit_;
    const double x = s_.width - 11.5 * s_.letter_px;
    for (const auto& [name, value] : lines) {
        write({x, y}, name, theme_.soft);
        y += write({x + 4.4 * s_.letter_px, y}, value, theme_.ink);
    }
    title(s_.room.y1 + 0.3 * s_.letter_px);
}

void ScreenPainter::column_texts() {
    double y = 10 * unit_;
    y += write({8 * unit_, y}, "Knee", theme_.soft);
    write({8 * unit_, y}, chance(0.5) ? "Res" : "Gen", theme_.soft);
    const double x = s_.width - 4.6 * s_.letter_px;
    y = 10 * unit_;
    y += write({x, y}, "Msk", theme_.soft);
    y += write({x, y}, words_.probe.substr(0, 3), theme_.soft) * 1.6;
    y += write({x, y}, "MI", theme_.ink);
    y += write({x, y}, mechanical(), theme_.ink);
    y += write({x, y}, "TIS", theme_.ink);
    write({x, y}, thermal(), theme_.ink);
    write_right(s_.width - 8 * unit_, s_.room.y1 - 1.4 * s_.letter_px,
                printed("%.1f", words_.depth_mm / 10), theme_.soft);
    // Above the picture, or upon its upper edge.
    title(chance(0.6) ? std::max(4 * unit_, box_.y0 - 2.2 * s_.letter_px)
                      : box_.y0 + 0.4 * s_.letter_px);
    const std::array<const char*, 6> keys{"Freeze", "Depth", "Gain", "Needle", "Calc", "Pg 1/2"};
    const double from = 0.12 * s_.width, wide = 0.76 * s_.width / 6;
    const double top = s_.height - 3.6 * s_.letter_px;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const double left = from + static_cast<double>(i) * wide;
        const PixelBox key{static_cast<int>(left), static_cast<int>(top),
                           static_cast<int>(left + 0.94 * wide),
                           static_cast<int>(top + 2.8 * s_.letter_px)};
        canvas_.fill(key, {30, 31, 34});
        canvas_.frame(key, theme_.soft);
        const double text = text_width(keys[i]) * s_.letter_px / 6;
        write({left + (0.94 * wide - text) / 2, top + 0.8 * s_.letter_px}, keys[i], theme_.soft);
    }
}

void ScreenPainter::pocket_texts() {
    const double foot = s_.height - 2 * s_.letter_px;
    write_right(s_.width - 10 * unit_, foot, depth(), theme_.ink);
    if (chance(0.6)) write({10 * unit_, foot}, "MI " + mechanical(), theme_.soft);
    if (chance(0.5)) write({10 * unit_, 8 * unit_}, patient(), theme_.soft);
    if (chance(0.5)) title(8 * unit_);
}

void ScreenPainter::console_texts() {
    write({10 * unit_, 0.8 * s_.letter_px}, "ID " + patient(), theme_.ink);
    write_right(s_.width - 10 * unit_, 0.8 * s_.letter_px, date() + " " + clock(), theme_.ink);
    const std::array<std::string, 9> lines{words_.probe,
                                           printed("%.1f MHZ", words_.frequency_mhz),
                                           printed("R %.1f CM", words_.depth_mm / 10),
                                           printed("G %d", gain()),
                                           printed("DR %.0f DB", words_.dynamic_range_db),
                                           "MI " + mechanical(),
                                           "TIS " + thermal(),
                                           printed("F %.0f MM", words_.focus_mm),
                                           "KNEE"};
    double y = s_.height * random_.uniform(0.12, 0.4);
    for (const std::string& line : lines)
        y += write({10 * unit_, y}, line, theme_.ink);
    title(s_.height - 2.4 * s_.letter_px);
}

}  // namespace guide::simulate
