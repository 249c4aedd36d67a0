// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/plan/plan.hpp>

#include <vector>

namespace guide::plan {

/// What would make a path possible where the plan was refused: each remedy changes one thing, or at
/// last needle and entry together, and was tried by planning again. Empty where nothing helps, or
/// where there is no joint space or scale. Takes some tens of plans. Throws as plan_trajectories.
[[nodiscard]] GUIDE_PLAN_EXPORT std::vector<Remedy> find_remedies(const Anatomy& anatomy,
                                                                  const PlanOptions& options);

}  // namespace guide::plan
