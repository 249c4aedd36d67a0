// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/core/random.hpp>
#include <guide/simulate/screen.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace guide::simulate {
namespace {

constexpr std::uint64_t kStream = 0x73637265;

/// One of a list, each as likely as it stands in it.
template <class T, std::size_t N>
T one_of(Random& random, const std::array<T, N>& list) {
    return list[static_cast<std::size_t>(random.uniform() * static_cast<double>(N))];
}

bool chance(Random& random, double share) {
    return random.uniform() < share;
}

/// The room that is left between what stands at the sides, above and below. Letters are some 0.95
/// of their height apart.
PixelBox room_of(const ScreenLayout& s) {
    const double letter = s.letter_px, unit = s.height / 600.0;
    const double margin = 14 * unit;
    double left = margin, right = margin, top = margin, bottom = margin;
    switch (s.style) {
        case ScreenStyle::band:
            top += 5.2 * letter;
            bottom += s.text ? 2 * letter : 0;
            right += s.text ? 12 * letter : 0;
            break;
        case ScreenStyle::column:
            top += s.text ? 3.2 * letter : 0;
            bottom += 4 * letter;
            right += s.text || s.icons ? 5 * letter : 0;
            left += s.text ? 5 * letter : 0;
            break;
        case ScreenStyle::pocket:
            top += s.text ? 2.2 * letter : 0;
            bottom += s.text ? 2.2 * letter : 0;
            break;
        case ScreenStyle::console:
            top += s.text ? 3.4 * letter : 0;
            bottom += s.text ? 3 * letter : 0;
            left += s.text ? 11 * letter : 0;
            break;
    }
    const double ruler = (s.ruler_numbers ? 3 * letter : letter) + 26 * unit;
    if (s.ruler == ScreenSide::left) left += ruler;
    if (s.ruler == ScreenSide::right) right += ruler;
    if (s.grey_bar == ScreenSide::left) left += 30 * unit;
    if (s.grey_bar == ScreenSide::right) right += 30 * unit;
    return {static_cast<int>(left), static_cast<int>(top), s.width - static_cast<int>(right),
            s.height - static_cast<int>(bottom)};
}

}  // namespace

void ScreenOptions::validate() const {
    const auto rule = [](bool holds, const char* what) { require(holds, "ScreenOptions", what); };
    if (size) {
        rule(size->first >= 320 && size->first <= 4096, "its width is 320 to 4096 px");
        rule(size->second >= 240 && size->second <= 4096, "its height is 240 to 4096 px");
    }
    if (minor_mm) rule(*minor_mm >= 1 && *minor_mm <= 50, "minor_mm is 1 to 50");
    if (major_mm) rule(*major_mm >= 5 && *major_mm <= 100, "major_mm is 5 to 100");
    if (minor_mm && major_mm) {
        const double ratio = *major_mm / *minor_mm;
        rule(ratio >= 1 && std::abs(ratio - std::round(ratio)) < 1e-9,
             "major_mm is a multiple of minor_mm");
    }
}

ScreenLayout screen_layout(const ScreenOptions& options, double depth_mm) {
    options.validate();
    require(depth_mm >= 5 && depth_mm <= 300, "screen_layout", "depth_mm is 5 to 300");
    Random random(options.seed, kStream);
    ScreenLayout s;
    s.seed = options.seed;
    // Everything is drawn, asked for or not, so that one wish does not change the rest.
    using Style = ScreenStyle;
    using Side = ScreenSide;
    s.style = options.style.value_or(
        one_of(random, std::array{Style::band, Style::column, Style::pocket, Style::console}));
    const auto size = options.size.value_or(
        one_of(random, std::array<std::pair<int, int>, 5>{
                           {{640, 480}, {800, 600}, {1024, 768}, {1024, 768}, {1280, 720}}}));
    s.width = size.first;
    s.height = size.second;
    const bool console = s.style == Style::console, pocket = s.style == Style::pocket;
    s.colour = options.colour.value_or(chance(random, console ? 0.2 : 0.75));
    s.ruler = options.ruler.value_or(chance(random, 0.3) ? Side::left : Side::right);
    s.ruler_marks = options.ruler_marks.value_or(
        chance(random, pocket ? 0.8 : 0.3) ? RulerMarks::dots : RulerMarks::ticks);
    s.ruler_numbers = chance(random, pocket ? 0.2 : 0.6);
    const bool deep = depth_mm > 70;
    const double major = deep && chance(random, 0.5) ? 50.0 : 10.0;
    // 10 / 5, 10 / 10 (none between), 10 / 2, 50 / 10.
    const double minor = major == 50.0 ? 10.0
                                       : one_of(random, deep ? std::array{5.0, 10.0, 5.0}
                                                             : std::array{5.0, 10.0, 2.0});
    // Where one is stated alone, the other fits it.
    s.minor_mm = options.minor_mm.value_or(options.major_mm ? *options.major_mm / 2 : minor);
    s.major_mm = options.major_mm.value_or(
        options.minor_mm ? s.minor_mm * std::max(1.0, std::round(major / s.minor_mm)) : major);
    s.marker = options.marker.value_or(chance(random, 0.12) ? Side::right : Side::left);
    const double bar = random.uniform();
    s.grey_bar = options.grey_bar.value_or(pocket || bar < 0.3 ? Side::none
                                           : bar < 0.75        ? Side::left
                                                               : Side::right);
    s.text = options.text.value_or(!pocket || chance(random, 0.7));
    s.ruler_numbers = options.ruler_numbers.value_or(s.ruler_numbers && s.text);
    s.icons = options.icons.value_or(chance(random, console ? 0.1 : 0.6));
    s.focus_mark = options.focus_mark.value_or(chance(random, 0.6));
    s.letter_px = std::max(6.0, s.height / 600.0 * random.uniform(8.0, 10.5));
    s.centred = chance(random, 0.25);
    s.room = room_of(s);
    require(s.room.width() >= 64 && s.room.height() >= 64, "screen_layout",
            "the screen is large enough for a picture beside all that is asked for");
    return s;
}

filters::PictureGrid picture_on_screen(const ScreenLayout& layout,
                                       const filters::ProbeGeometry& probe,
                                       const std::optional<double>& pixel_mm) {
    probe.validate();
    double half_wide = probe.width_mm / 2, top = 0, bottom = probe.end_mm;
    if (probe.kind == filters::ProbeKind::curvilinear) {
        const double half = probe.opening_rad / 2;
        half_wide = (probe.radius_mm + probe.end_mm) * std::sin(std::min(half, 1.5707963));
        top = (probe.radius_mm + probe.start_mm) * std::cos(half) - probe.radius_mm;
    } else {
        half_wide += probe.end_mm * std::abs(std::tan(probe.steering_rad));
    }
    const double fit = std::max(2 * half_wide / (layout.room.width() - 2),
                                (bottom - top) / (layout.room.height() - 2));
    const double pixel = pixel_mm.value_or(std::ceil(fit * 1e4) / 1e4);
    require(pixel > 0 && pixel >= fit * (1 - 1e-9), "picture_on_screen",
            "a picture of that pixel_mm fits on the screen");
    const double high = (bottom - top) / pixel;
    const double free = layout.room.height() - 2 - high;
    const int face = static_cast<int>(std::lround(layout.room.y0 + 1 - top / pixel +
                                                  (layout.centred ? std::max(0.0, free) / 2 : 0)));
    const int middle = (layout.room.x0 + layout.room.x1 - 1) / 2;
    filters::PictureGrid grid{layout.width, layout.height, {pixel, pixel}, {}};
    grid.origin = {-pixel * middle, -pixel * face};
    return grid;
}

}  // namespace guide::simulate
