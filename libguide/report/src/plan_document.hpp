// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "json_values.hpp"

#include <guide/frame/frame.hpp>
#include <guide/plan/plan.hpp>

namespace guide::report {

/// All that guide.plan/1 says of a plan but its status. Paths in a tracked `frame` are told in the
/// space of its reference as well; none is a label volume's.
void add_plan(Json& result, const plan::Plan& plan, const Frame* frame);

/// Where a path of `frame` lies in the space that a tracked frame's transform leads to, LPS mm;
/// none where it is not tracked, or has no scale.
struct PlacedPath {
    Eigen::Vector3d entry_mm, target_mm;
};
[[nodiscard]] std::optional<PlacedPath> placed_path(const Frame& frame,
                                                    const plan::Candidate& candidate);

}  // namespace guide::report
