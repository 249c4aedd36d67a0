// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "score_series.hpp"

#include <guide/assess/score.hpp>

#include <vector>

namespace guide::session {

/// The figures of a session and what they are worth in this lesson, rounded to a millionth.
[[nodiscard]] std::vector<assess::ScoreItem> score_items(const Lesson& lesson,
                                                         const Series& series);

}  // namespace guide::session
