// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/expected.hpp>
#include <guide/plan/approach.hpp>
#include <guide/plan/needle.hpp>
#include <guide/report/export.hpp>

#include <string_view>
#include <vector>

namespace guide::report {

/// Own approaches from JSON: {"schema": "guide.approaches/1", "approaches": [{"name": ..., ...}]}.
/// Fields are those of plan::Approach; "like" names an entry of the table to begin with, and what
/// is left out keeps its default. The reason names the entry and the field that are wrong; unknown
/// fields are wrong.
[[nodiscard]] GUIDE_REPORT_EXPORT Expected<std::vector<plan::Approach>> read_approaches(
    std::string_view json);

/// Own needles from JSON: {"schema": "guide.needles/1", "needles": [{"name", "gauge", "length_mm",
/// "outer_diameter_mm", "inner_diameter_mm", "bevel", "echogenic"}]}. Diameters left out are those
/// of the gauge's regular-wall needle.
[[nodiscard]] GUIDE_REPORT_EXPORT Expected<std::vector<plan::Needle>> read_needles(
    std::string_view json);

}  // namespace guide::report
