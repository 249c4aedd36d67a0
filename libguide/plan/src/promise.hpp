// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "preferences.hpp"
#include "ruler.hpp"

namespace guide::plan {

/// The certainty of one path and how it changes nearby.
struct Promise {
    MmPoint at;
    double certainty = 0;
    MmVector slope{0, 0};
    TipCovariance curve;  ///< second derivatives by the target
    TipCovariance covariance;
};

/// Bounds the certainty of paths by that of one nearby. The second derivative of a Gaussian's mass
/// of any region is at most 2 phi(1) / sigma^2 in any direction, and it changes with the covariance
/// by half its second derivatives.
class Promises {
  public:
    Promises(const Ruler& ruler, const Preferences& preferences);

    [[nodiscard]] Promise at(const Path& path, const TargetMeasures& t) const;
    /// What it becomes at another target, to the second order.
    [[nodiscard]] double near(const Promise& promise, MmPoint target) const;
    /// No path is surer whose target lies within `reach` of `centre`, and whose covariance differs
    /// from the promise's by at most `other` (the sum of the difference's eigenvalues, unsigned).
    [[nodiscard]] double most(const Promise& promise, MmPoint centre, double reach,
                              double other) const;
    /// How much the covariance of paths can differ from that of one of `length` and `depth`, whose
    /// ends lie within `reach` of its and whose direction within `turn`.
    [[nodiscard]] double spread(double length, double depth, double reach, double turn) const;
    /// How fast the certainty changes by the covariance alone where `curve` holds its second
    /// derivatives, when target, depth and entry move so for each unit.
    [[nodiscard]] double change(const Path& path, const TargetMeasures& t, MmVector target,
                                double depth, MmVector entry, const TipCovariance& curve) const;
    /// The least standard deviation in any direction.
    [[nodiscard]] double sigma() const;
    [[nodiscard]] TipCovariance covariance(const Path& path, const TargetMeasures& t) const;

  private:
    const Ruler& ruler_;
    const Preferences& preferences_;
    bool scaled_;
    double variance_ = 1;  ///< the least in any direction
};

/// The sum of the eigenvalues of the difference, unsigned.
[[nodiscard]] double difference(const TipCovariance& a, const TipCovariance& b);

}  // namespace guide::plan
