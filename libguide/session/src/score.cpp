// SPDX-License-Identifier: Apache-2.0
#include "feedback.hpp"
#include "score_items.hpp"

#include <guide/core/error.hpp>
#include <guide/session/score.hpp>

#include <cmath>

namespace guide::session {

SessionScore score(const Log& log) {
    auto scored = assess::score(score_items(log.lesson, series_of(log)), log.lesson.pass_score);
    if (!scored) throw PreconditionError("session::score", scored.error().text);
    SessionScore result{*std::move(scored), {}, {}};
    add_feedback(result);
    return result;
}

}  // namespace guide::session
