// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/render/export.hpp>

#include <string>
#include <string_view>

namespace guide::render {

/// "31.5" for 31.46 and one decimal, "-" for what is no number; the decimal point is a point
/// everywhere.
[[nodiscard]] GUIDE_RENDER_EXPORT std::string fixed(double value, int decimals);

/// "Suprapatellar long" for "suprapatellar-long".
[[nodiscard]] GUIDE_RENDER_EXPORT std::string spoken(std::string_view name);

/// "Baker's cyst" for "bakers-cyst"; an approach that is not in the table is spelt as its code is.
[[nodiscard]] GUIDE_RENDER_EXPORT std::string approach_name(std::string_view code);

/// "Too steep" for "angle": a limit's code (plan::BrokenLimit) in a word or two. Kinds of obstacles
/// are "Too near to vessel".
[[nodiscard]] GUIDE_RENDER_EXPORT std::string limit_name(std::string_view code);

}  // namespace guide::render
