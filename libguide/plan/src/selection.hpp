// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "search.hpp"

#include <guide/plan/plan.hpp>

#include <optional>
#include <vector>

namespace guide::plan {

/// What of all allowed paths is shown.
struct Selection {
    std::vector<Found> ranked;  ///< best first, no two of them the same advice
    std::optional<Found> safest, shortest, most_visible;
};

/// Makes `f` the safest, shortest or most visible path where it is.
void renew_ends(Selection& selection, const Found& f);

/// `unit` is one millimetre in the scene's units. `previous` is kept first while it is nearly as
/// good as the best.
[[nodiscard]] Selection select(Search& search, const PlanOptions& options, double unit,
                               const std::optional<Found>& previous);

}  // namespace guide::plan
