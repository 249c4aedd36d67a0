// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/expected.hpp>
#include <guide/plan/export.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace guide::plan {

/// Shape of the tip, which says how far the needle is pushed aside (docs/literature.md 40).
enum class Bevel { quincke, short_bevel, chiba, tuohy, pencil_point };

[[nodiscard]] GUIDE_PLAN_EXPORT std::string_view name_of(Bevel bevel);
[[nodiscard]] GUIDE_PLAN_EXPORT Expected<Bevel> bevel_from_name(std::string_view name);

/// A straight hypodermic needle.
struct Needle {
    int gauge = 22;
    double outer_diameter_mm = 0.718;
    double inner_diameter_mm = 0.413;
    double length_mm = 50;  ///< from hub to tip
    Bevel bevel = Bevel::quincke;
    bool echogenic = false;  ///< made to be seen at steep angles
    std::string name = {};   ///< of an own needle; empty for one of the table

    /// The field that is wrong and why, after the needle's name.
    [[nodiscard]] GUIDE_PLAN_EXPORT Expected<void> validate() const;

    friend bool operator==(const Needle&, const Needle&) = default;
};

/// The regular-wall needle of `gauge` (ISO 9626 series as in docs/literature.md), or the reason why
/// there is none.
[[nodiscard]] GUIDE_PLAN_EXPORT Expected<Needle> standard_needle(int gauge, double length_mm);

/// Reads "22G:50mm" (case and "mm" optional), or the name of one of `own`. The reason names the
/// faulty part.
[[nodiscard]] GUIDE_PLAN_EXPORT Expected<Needle> parse_needle(std::string_view text,
                                                              std::span<const Needle> own = {});

/// Gauges of the table, thick to thin.
[[nodiscard]] GUIDE_PLAN_EXPORT std::vector<int> standard_gauges();

/// Lengths in which needles are commonly sold, mm, short to long (catalogues; engineering choice).
[[nodiscard]] GUIDE_PLAN_EXPORT std::span<const double> common_lengths_mm();

}  // namespace guide::plan
