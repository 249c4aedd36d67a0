// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "measure.hpp"

#include <guide/anatomy/anatomy.hpp>

namespace guide::session {

/// What a picture from this pose really shows.
[[nodiscard]] Anatomy truth_at(const Body& body, const simulate::UltrasoundSettings& settings,
                               const Pose& pose, View view, const Execution& execution = {});

/// How the joint space is shown from `pose`, against how it is from the textbook's place.
[[nodiscard]] ViewCheck check_view(const Body& body, const simulate::UltrasoundSettings& settings,
                                   const Pose& pose, View view);

/// Where the tip came to, and what the planner says of the path.
[[nodiscard]] TipCheck check_tip(const Body& body, const simulate::UltrasoundSettings& settings,
                                 const Pose& pose, const NeedleState& needle, View view,
                                 const std::string& approach);

}  // namespace guide::session
