// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

namespace guide::simulate {

/// A line of a letter. Capitals are 6 units high: y is 0 at their top, 6 on the base line, 8 where
/// letters reach deepest; x begins at 0.
struct FontStroke {
    double x0, y0, x1, y1;
};

/// The lines of an ASCII letter; none for a space and what the font lacks. `width` is set to how
/// wide it is, units.
[[nodiscard]] std::vector<FontStroke> strokes_of(char letter, double& width);

/// Width of a text, units.
[[nodiscard]] double text_width(std::string_view text);

inline constexpr double kLetterGap = 1.9;  ///< units

}  // namespace guide::simulate
