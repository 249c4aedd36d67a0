// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "radiograph_search.hpp"

#include <vector>

namespace guide::segment {

/// Not 0 in columns where bones and all between them are clipped to one white: whatever runs there,
/// nothing of it is seen. All 0 where less than a thirtieth of the picture is of the whitest grey.
[[nodiscard]] std::vector<char> hidden_columns(const KneeBand& knee);

}  // namespace guide::segment
