// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "entry_line.hpp"
#include "scorer.hpp"

#include <map>
#include <string>
#include <vector>

namespace guide::plan {

/// What a limit cost.
struct Cost {
    Breach example{};
    int count = 0;
    double closest = 0;
};

/// A fixed grid over entries and targets: what the limits cost there, and the better ones of the
/// paths that they leave.
struct Survey {
    std::map<std::string, Cost> costs;  ///< by code_of
    int tried = 0, allowed = 0;
    std::vector<Found> found;
    /// The best path from each end of the lines, where one is allowed: a way that is narrower than
    /// the grid often opens there, between the gap beside the probe and another limit.
    std::vector<Found> from_ends;
};

[[nodiscard]] Survey make_survey(Scorer& scorer, const std::vector<EntryLine>& lines);

}  // namespace guide::plan
