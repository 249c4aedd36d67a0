// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "study.hpp"

#include <guide/plan/check.hpp>
#include <guide/render/caption.hpp>

#include <optional>
#include <string>
#include <vector>

namespace guide::viewer {

/// One line of the list of reasons.
struct ReasonLine {
    enum class Kind { heading, allowed, refused, warning, remedy, note };
    Kind kind = Kind::note;
    std::string text;
};

[[nodiscard]] render::Tone tone_of(ReasonLine::Kind kind);

/// The limits that a drawn path breaks or, without one, why the planner refused and what would
/// help.
[[nodiscard]] std::vector<ReasonLine> verdict_of(const Study& study,
                                                 const std::optional<plan::TrajectoryCheck>& trial);

/// What to mind about the path that is shown, its injection and the picture.
[[nodiscard]] std::vector<ReasonLine> remarks_on(const Study& study,
                                                 const std::optional<plan::TrajectoryCheck>& trial,
                                                 int candidate);

}  // namespace guide::viewer
