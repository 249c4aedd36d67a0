// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/assess/export.hpp>
#include <guide/core/expected.hpp>

#include <optional>
#include <string>
#include <vector>

namespace guide::assess {

/// One figure and what it is worth: all of `weight` at `good`, nothing at `bad`, in between along a
/// straight line. `good` may be the larger or the smaller one.
struct ScoreItem {
    std::string code;             ///< kebab-case, e.g. "tip-visible-share"
    std::optional<double> value;  ///< none: it could not be measured, and earns nothing
    std::string unit;
    double good = 1, bad = 0;
    double weight = 1;       ///< 0: reported only
    bool necessary = false;  ///< no pass without: its value has to be at `good` or beyond
};

struct ScoredItem {
    ScoreItem item;
    double share = 0;   ///< 0 to 1 of its weight
    double points = 0;  ///< of the 100
    double lost = 0;    ///< of the 100
};

struct Score {
    double points = 0;  ///< 0 to 100
    bool passed = false;
    double pass_points = 70;
    std::vector<ScoredItem> items;     ///< in the order given
    std::vector<std::string> missing;  ///< codes of what is necessary and was not reached
};

/// Adds up. Only sums, products and quotients, so that the same values give the same bits on any
/// machine. No answer: "bad-item" (not finite, `good` and `bad` the same, a weight below 0, or no
/// weight at all).
[[nodiscard]] GUIDE_ASSESS_EXPORT Expected<Score> score(const std::vector<ScoreItem>& items,
                                                        double pass_points = 70);

}  // namespace guide::assess
