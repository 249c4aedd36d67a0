// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "preferences.hpp"
#include "ruler.hpp"

#include <optional>

namespace guide::plan {

/// An allowed path with its score.
struct Found {
    Path path;
    double score = 0, certainty = 0;
    double angle_deg = 0, length = 0, clearance = 0;
};

/// Scores single paths. Not for two threads at once.
class Scorer {
  public:
    Scorer(Ruler& ruler, const Preferences& preferences)
        : ruler_(ruler), preferences_(preferences) {}

    /// None where the path is not allowed.
    [[nodiscard]] std::optional<Found> score(const Path& path);
    [[nodiscard]] std::optional<Found> score(const Path& path, const TargetMeasures& at_target);
    /// None as well where the score is not above `least` for a certainty of `hoped`.
    [[nodiscard]] std::optional<Found> score_above(const Path& path, double least, double hoped);
    /// The score of a path whose measures are known and that is allowed.
    [[nodiscard]] Found score_of(const Path& path, const Measures& m) const;

    [[nodiscard]] Ruler& ruler() { return ruler_; }
    [[nodiscard]] const Preferences& preferences() const { return preferences_; }
    /// Gaps beyond this are as good as this one.
    [[nodiscard]] double cutoff() const;

  private:
    Ruler& ruler_;
    const Preferences& preferences_;
    Measures measures_;
};

}  // namespace guide::plan
