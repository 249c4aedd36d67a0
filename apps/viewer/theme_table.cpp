// SPDX-License-Identifier: Apache-2.0
#include "theme_table.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace guide::viewer {
namespace {

constexpr std::array<Theme, 3> kThemes{{
    {"dark",
     "Dark",
     {24, 28, 35},
     {33, 39, 48},
     {236, 240, 245},
     {168, 179, 194},
     {86, 180, 233},
     {8, 14, 20},
     {78, 90, 106},
     {60, 200, 160},
     {245, 176, 50},
     {255, 125, 102},
     {10, 12, 16},
     2},
    {"light",
     "Light",
     {243, 245, 248},
     {255, 255, 255},
     {22, 27, 34},
     {78, 88, 101},
     {0, 94, 160},
     {255, 255, 255},
     {176, 186, 198},
     {0, 112, 104},
     {140, 100, 0},
     {115, 0, 25},
     {255, 255, 255},
     2},
    {"contrast",
     "High contrast",
     {0, 0, 0},
     {0, 0, 0},
     {255, 255, 255},
     {255, 255, 255},
     {255, 230, 0},
     {0, 0, 0},
     {255, 255, 255},
     {70, 240, 190},
     {255, 200, 70},
     {255, 150, 130},
     {0, 0, 0},
     4},
}};

double linear(std::uint8_t channel) {
    const double c = channel / 255.0;
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

double luminance(Rgb8 c) {
    return 0.2126 * linear(c.r) + 0.7152 * linear(c.g) + 0.0722 * linear(c.b);
}

}  // namespace

const std::array<Theme, 3>& themes() {
    return kThemes;
}

const Theme& theme_named(std::string_view name) {
    const auto found = std::ranges::find(kThemes, name, &Theme::name);
    return found == kThemes.end() ? kThemes.front() : *found;
}

double contrast(Rgb8 a, Rgb8 b) {
    const auto [dark, bright] = std::minmax({luminance(a), luminance(b)});
    return (bright + 0.05) / (dark + 0.05);
}

std::vector<std::pair<Rgb8, Rgb8>> word_pairs(const Theme& theme) {
    std::vector<std::pair<Rgb8, Rgb8>> pairs{{theme.on_accent, theme.accent}};
    for (const Rgb8 under : {theme.ground, theme.field}) {
        for (const Rgb8 ink :
             {theme.ink, theme.faint_ink, theme.good, theme.warn, theme.bad, theme.accent})
            pairs.emplace_back(ink, under);
    }
    for (const Rgb8 badge : {theme.good, theme.warn, theme.bad})
        pairs.emplace_back(theme.on_badge, badge);
    return pairs;
}

}  // namespace guide::viewer
