// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/assess/score.hpp>
#include <guide/session/log.hpp>

#include <string>

namespace guide::session {

/// The score of a session, and what to say to the trainee.
struct SessionScore {
    assess::Score score;
    std::vector<std::string> went_well, to_change;  ///< sentences, at most three each
};

/// Scores what a log holds, and looks at nothing else: the same log gives the same figures, rounded
/// to a millionth, on any machine. A log without an end is scored as given up.
[[nodiscard]] GUIDE_SESSION_EXPORT SessionScore score(const Log& log);

/// Schema "guide.score/1".
[[nodiscard]] GUIDE_SESSION_EXPORT std::string score_json(const Log& log,
                                                          const SessionScore& score);

}  // namespace guide::session
