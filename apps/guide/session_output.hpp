// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/session/score.hpp>

#include <string>

namespace guide::app {

/// A score for people, some lines.
[[nodiscard]] std::string summary_of(const session::Lesson& lesson,
                                     const session::SessionScore& score);

}  // namespace guide::app
