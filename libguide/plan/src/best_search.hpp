// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cell_bounds.hpp"
#include "scorer.hpp"

#include <vector>

namespace guide::plan {

/// Looks for the best path to anywhere in the joint space by branch and bound over entry and
/// target. A cell is given up only where no path in it can be allowed, or better by more than half
/// a per cent than what is known.
class BestSearch {
  public:
    BestSearch(Scorer& scorer, const std::vector<EntryLine>& lines);

    /// Adds allowed paths to `found`, which may hold some already. No more than `most` cells are
    /// looked at.
    void run(std::vector<Found>& found, int most);

  private:
    [[nodiscard]] std::vector<PathCell> first_cells();
    /// Whether anything in it may be allowed and better: sets its bound, clearance and edges.
    [[nodiscard]] bool look(PathCell& cell);
    void probe(PathCell& cell, std::vector<Found>& found);
    void cut(const PathCell& cell, std::vector<PathCell>& parts);
    [[nodiscard]] bool smallest(const PathCell& cell) const;

    Scorer& scorer_;
    const Ruler& ruler_;
    const Preferences& preferences_;
    const std::vector<EntryLine>& lines_;
    Passage passage_;
    CellBounds bounds_;
    double unit_, longest_, best_ = -1;
    Measures measures_;
    int looked_ = 0;
};

}  // namespace guide::plan
