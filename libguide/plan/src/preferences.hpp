// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ruler.hpp"

namespace guide::plan {

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
    /// No path near this one scores more: the entry within `entry_reach`, the target within
    /// `target_reach`, `ready` the certainty of this one's target.
    [[nodiscard]] double score_bound(const Measures& m, double ready, double entry_reach,
                                     double target_reach) const;

    [[nodiscard]] double visibility(double angle_deg) const;
    /// Gap to bone or, where that is less, to the obstacle nearest to its margin, as one length.
    [[nodiscard]] double clearance(const Measures& m) const;
    [[nodiscard]] double ample() const { return ample_; }
    [[nodiscard]] TipErrors errors(const TargetMeasures& t) const;
    [[nodiscard]] TipCovariance covariance(const Path& path, const TargetMeasures& t) const;

  private:
    [[nodiscard]] double ease(double angle_deg) const;
    [[nodiscard]] double sum(double certainty, double angle_deg, double clearance,
                             double length) const;

    const Ruler& ruler_;
    double ample_ = 5, longest_ = 50, aiming_ = 1;
};

}  // namespace guide::plan
