// SPDX-License-Identifier: Apache-2.0
#include "session_output.hpp"

#include <cstdio>

namespace guide::app {

std::string summary_of(const session::Lesson& lesson, const session::SessionScore& score) {
    char points[64];
    std::snprintf(points, sizeof points, ": %.1f of 100 points, %s\n", score.score.points,
                  score.score.passed ? "passed" : "not passed");
    std::string text = lesson.title + points;
    for (const std::string& sentence : score.went_well)
        text += "  + " + sentence + "\n";
    for (const std::string& sentence : score.to_change)
        text += "  - " + sentence + "\n";
    return text;
}

}  // namespace guide::app
