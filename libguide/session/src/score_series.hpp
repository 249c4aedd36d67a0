// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/assess/insertion.hpp>
#include <guide/assess/motion.hpp>
#include <guide/session/log.hpp>

#include <optional>
#include <vector>

namespace guide::session {

/// One insertion, from the skin until the needle is out or the lesson ends.
struct InsertionSeries {
    Insertion placed;
    std::vector<assess::ToolSample> tool;
};

/// What the measures of `assess` take, from a log.
struct Series {
    std::vector<InsertionSeries> insertions;
    std::vector<assess::InsertionSample> picture;  ///< of all insertions, one after the other
    std::optional<ViewCheck> view;
    std::optional<TipCheck> tip;
    std::optional<Ending> ending;
    std::array<std::int64_t, 5> probe{};  ///< at the end, see Sample
    double elapsed_s = 0;
    std::string approach;  ///< the last one chosen; empty: none
};

[[nodiscard]] Series series_of(const Log& log);

/// How a hand moved, all insertions together: sums, and means weighted with the way in tissue. None
/// without a needle on the skin.
[[nodiscard]] std::optional<assess::MotionMetrics> motion_of(const Series& series);

}  // namespace guide::session
