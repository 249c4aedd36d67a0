// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "entry_line.hpp"
#include "scorer.hpp"

#include <vector>

namespace guide::plan {

/// The best path to the segmentation's own target, by branch and bound over the entry alone. Adds
/// allowed paths to `found`.
void find_to_surest(Scorer& scorer, const std::vector<EntryLine>& lines, std::vector<Found>& found);

}  // namespace guide::plan
