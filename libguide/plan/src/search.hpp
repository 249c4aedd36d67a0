// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "entry_line.hpp"
#include "scorer.hpp"
#include "survey.hpp"

#include <optional>
#include <vector>

namespace guide::plan {

/// Looks for allowed paths under one approach: a fixed grid first, which says what the limits cost;
/// then the best path to the surest target where the approach wants it, or to anywhere.
class Search {
  public:
    /// `full` measures on outlines that are not thinned.
    Search(Ruler& ruler, const Preferences& preferences, Scorer& full);

    void run();
    /// The same where one path is known.
    void run_from(const Found& known);

    /// A path that the full outlines allow and the thinned ones do not, when nothing else was
    /// found.
    [[nodiscard]] const std::optional<Found>& slit() const { return slit_; }
    /// Allowed paths with their scores, in no order. Not empty when any was met.
    [[nodiscard]] const std::vector<Found>& found() const { return survey_.found; }
    [[nodiscard]] const Survey& survey() const { return survey_; }

    /// The allowed path next to `path`: its entry moved to where entries lie, its side found.
    [[nodiscard]] std::optional<Found> nearest(const Path& path);
    /// The best path that small steps from `start` lead to.
    [[nodiscard]] Found polished(const Found& start);

  private:
    void look_closely();
    void climb_from_ends();

    Scorer scorer_;
    Scorer& full_;
    std::vector<EntryLine> lines_;
    Survey survey_;
    std::optional<Found> slit_;
};

}  // namespace guide::plan
