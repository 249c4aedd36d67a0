// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "entry_line.hpp"
#include "scorer.hpp"

#include <vector>

namespace guide::plan {

/// The best path that small steps from `start` lead to.
[[nodiscard]] Found polished(Scorer& scorer, const std::vector<EntryLine>& lines,
                             const Found& start);

}  // namespace guide::plan
