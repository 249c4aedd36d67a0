// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/image.hpp>

#include <array>
#include <string_view>
#include <utility>
#include <vector>

namespace guide::viewer {

/// The colours of the window. Those of the picture are guide::render's: a picture stands on black
/// in every theme, as on a scanner.
struct Theme {
    std::string_view name;   ///< of the interface: "dark", "light", "contrast"
    std::string_view title;  ///< for people
    Rgb8 ground;             ///< of the window
    Rgb8 field;              ///< of lists and pickers
    Rgb8 ink, faint_ink;     ///< words on both
    Rgb8 accent, on_accent;  ///< what is chosen or has the keyboard, and words on it
    Rgb8 rule;               ///< borders
    Rgb8 good, warn, bad;    ///< words on ground and field, and badges
    Rgb8 on_badge;           ///< words on badges
    int focus_px = 2;        ///< width of the ring about what has the keyboard
};

[[nodiscard]] const std::array<Theme, 3>& themes();

/// The theme of that name, the first where there is none.
[[nodiscard]] const Theme& theme_named(std::string_view name);

/// WCAG 2.1 contrast of two colours, 1 to 21.
[[nodiscard]] double contrast(Rgb8 a, Rgb8 b);

/// Every pair of colours in which words are set.
[[nodiscard]] std::vector<std::pair<Rgb8, Rgb8>> word_pairs(const Theme& theme);

}  // namespace guide::viewer
