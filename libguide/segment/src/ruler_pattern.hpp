// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ruler_marks.hpp"

#include <optional>

namespace guide::segment {

/// Which marks of a ruler are larger: every `period`-th, from `phase` on; 1: all are alike.
struct MarkPattern {
    int period = 1, phase = 0;
};

/// The pattern of a ruler; none where sizes follow none, as those of letters do.
[[nodiscard]] std::optional<MarkPattern> find_pattern(const MarkSeries& series);

/// Whether a step of the ruler may be so many millimetres, by convention.
[[nodiscard]] bool may_stand_for(MarkPattern pattern, double step);

/// The step, mm, that a pattern stands for where no number says more; none where that is open, or
/// where there are too few marks to be sure.
[[nodiscard]] std::optional<double> usual_step(const MarkSeries& series, MarkPattern pattern);

}  // namespace guide::segment
