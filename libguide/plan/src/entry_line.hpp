// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ruler.hpp"

#include <vector>

namespace guide::plan {

/// Where entries lie: origin + s * direction, s from low to high.
struct EntryLine {
    MmPoint origin;
    MmVector direction;
    double low = 0, high = 0;
    bool from_left = false;
};

/// One millimetre in the scene's units; without a scale the probe's face is taken as 50 mm wide.
[[nodiscard]] double unit_length(const Scene& scene);

/// The lines that the approach's rule and side leave.
[[nodiscard]] std::vector<EntryLine> entry_lines(const Ruler& ruler);

[[nodiscard]] Path path_from(const Ruler& ruler, const EntryLine& line, double s, MmPoint target,
                             bool to_surest = false);

}  // namespace guide::plan
