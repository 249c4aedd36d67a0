// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/plan/plan.hpp>

#include <vector>

namespace guide::plan {

/// The approach that was asked for, or all that the view allows; never empty. The reason is
/// "no-approach" or "wrong-view". Pointers into `options` or the table.
[[nodiscard]] Expected<std::vector<const Approach*>> approaches_to_try(View view,
                                                                       const PlanOptions& options);

}  // namespace guide::plan
