// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "entry_line.hpp"
#include "passage.hpp"
#include "promise.hpp"

#include <vector>

namespace guide::plan {

/// Paths whose entry lies within `s_half` of s on a line, and whose target in a square.
struct PathCell {
    double bound = 0;  ///< no path in it scores more
    std::size_t line = 0;
    double s = 0, s_half = 0;
    MmPoint target;
    double half = 0;  ///< of the square around it
    TargetMeasures at;
    Promise promise;
    Passage::Clearance clearance{};
    Passage::Edges edges{};
    bool probed = false, open = false;  ///< whether its middle is known, and allowed
};

/// How much the paths of a cell can score.
class CellBounds {
  public:
    CellBounds(const Ruler& ruler, const Preferences& preferences,
               const std::vector<EntryLine>& lines);

    struct Angles {
        double least, most;  ///< degrees
    };
    [[nodiscard]] Path path_of(const PathCell& cell) const;  ///< its middle
    [[nodiscard]] FatRay ray_of(const PathCell& cell) const;
    [[nodiscard]] Angles angles(const PathCell& cell, const FatRay& ray) const;
    [[nodiscard]] double length(const PathCell& cell, const FatRay& ray) const;  ///< at least
    /// Each term of the score at its best.
    [[nodiscard]] double rough(const PathCell& cell, const FatRay& ray) const;
    /// The score of the middle, all its terms grown together to the second order: what a target
    /// nearer to the middle of the joint space gains is lost where the needle gets steeper. The
    /// promise has to be that of the middle. Infinite where a term is cut off.
    [[nodiscard]] double close(const PathCell& cell, const FatRay& ray) const;

    [[nodiscard]] const Promises& promises() const { return promises_; }

  private:
    [[nodiscard]] double off_plane(double down) const;

    const Ruler& ruler_;
    const Preferences& preferences_;
    const std::vector<EntryLine>& lines_;
    Promises promises_;
    bool across_plane_;
    MmVector level_, down_;
};

}  // namespace guide::plan
