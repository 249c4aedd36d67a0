// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/execution.hpp>
#include <guide/session/log.hpp>
#include <guide/session/run.hpp>

#include <functional>
#include <optional>
#include <string>

namespace guide::session {

/// Whether pictures are made again, too.
enum class ReplayPictures { none, checked_ones, all };

struct ReplayResult {
    Log log;  ///< of the replay
    int ticks = 0;
    /// Where what was measured differs from the recorded; none: nowhere.
    std::optional<int> first_difference;
    std::string difference;  ///< one sentence
    int frames_checked = 0, frames_equal = 0;
};

/// Takes a recorded session again, event by event, and compares. `seen` is called after each tick,
/// with a picture where one was made. The reason: see LessonRun::make.
[[nodiscard]] GUIDE_SESSION_EXPORT Expected<ReplayResult> replay(
    const Log& recorded, ReplayPictures pictures = ReplayPictures::checked_ones,
    const std::function<void(const LessonState&, const Frame*)>& seen = {},
    const Execution& execution = {});

}  // namespace guide::session
