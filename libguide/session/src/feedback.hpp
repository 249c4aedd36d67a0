// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/session/score.hpp>

namespace guide::session {

/// Sentences on a score: what earned most, what lost most.
void add_feedback(SessionScore& score);

}  // namespace guide::session
