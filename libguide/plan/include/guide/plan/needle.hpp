// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/expected.hpp>
#include <guide/plan/export.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace guide::plan {

/// A straight hypodermic needle.
struct Needle {
    int gauge = 22;
    double outer_diameter_mm = 0.718;
    double inner_diameter_mm = 0.413;
    double length_mm = 50;  ///< from hub to tip

    friend bool operator==(const Needle&, const Needle&) = default;
};

/// The regular-wall needle of `gauge` (ISO 9626 series as in docs/literature.md), or the reason why
/// there is none.
[[nodiscard]] GUIDE_PLAN_EXPORT Expected<Needle> standard_needle(int gauge, double length_mm);

/// Reads "22G:50mm" (case and "mm" optional). The reason names the faulty part.
[[nodiscard]] GUIDE_PLAN_EXPORT Expected<Needle> parse_needle(std::string_view text);

/// Gauges of the table, thick to thin.
[[nodiscard]] GUIDE_PLAN_EXPORT std::vector<int> standard_gauges();

}  // namespace guide::plan
