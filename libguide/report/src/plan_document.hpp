// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "json_values.hpp"

#include <guide/plan/plan.hpp>

namespace guide::report {

/// All that guide.plan/1 says of a plan but its status.
void add_plan(Json& result, const plan::Plan& plan);

}  // namespace guide::report
