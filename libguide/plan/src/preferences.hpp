// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ruler.hpp"

namespace guide::plan {

/// Shares of the score, engineering choices.
struct Weights {
    double certainty = 0.5, ease = 0.25, clearance = 0.15, shortness = 0.10;
};
inline constexpr Weights kWeights;

/// What makes one allowed path better than another.
class Preferences {
  public:
    explicit Preferences(const Ruler& ruler);

    /// Probability of a hit; without millimetres how far from the wall the target lies, 0..1.
    [[nodiscard]] double certainty(const Path& path, const TargetMeasures& t) const;
    /// The same for a needle that errs in aim alone: at least as large in a convex space, and
    /// common to all entries.
    [[nodiscard]] double ready_certainty(MmPoint target, const TargetMeasures& t) const;
    [[nodiscard]] double score(double angle_deg, double length, double clearance,
                               double certainty) const;
    [[nodiscard]] double visibility(double angle_deg) const;
    /// Gap to bone or, where that is less, to the obstacle nearest to its margin, as one length.
    [[nodiscard]] double clearance(const Measures& m) const;
    [[nodiscard]] double ample() const { return ample_; }
    [[nodiscard]] double longest() const { return longest_; }
    [[nodiscard]] TipErrors errors(const TargetMeasures& t) const;
    [[nodiscard]] TipCovariance covariance(const Path& path, const TargetMeasures& t) const;

  private:
    [[nodiscard]] double ease(double angle_deg) const;

    const Ruler& ruler_;
    double ample_ = 5, longest_ = 50, aiming_ = 1;
};

}  // namespace guide::plan
