// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/session/run.hpp>

namespace guide::session {

/// What is wrong with the needle as it is now.
[[nodiscard]] std::vector<Reason> warnings_for(const NeedleState& needle, bool in_plane,
                                               bool touches, bool hub_at_skin);

/// What to do next.
[[nodiscard]] std::vector<Reason> hints_for(const Lesson& lesson, const LessonState& state,
                                            bool in_plane);

}  // namespace guide::session
