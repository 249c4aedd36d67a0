// SPDX-License-Identifier: Apache-2.0
#include "recess_belief.hpp"

#include <algorithm>
#include <cmath>

namespace guide::segment {
namespace {

constexpr double kAtTarget = 0.206, kInside = 2.497, kConstant = 2.718;
constexpr double kInsideRibbon = 1.976, kLogThickness = -1.483, kRibbon = 4.938;

double odds(double p) {
    static constexpr double kLeast = 1e-3;
    const double inner = std::clamp(p, kLeast, 1 - kLeast);
    return std::log(inner / (1 - inner));
}

}  // namespace

double probability_inside(const RecessEvidence& evidence) {
    const double sum = evidence.ribbon_mm > 0 ? kRibbon + kInsideRibbon * odds(evidence.inside) +
                                                    kLogThickness * std::log(evidence.ribbon_mm)
                                              : kConstant + kAtTarget * odds(evidence.at_target) +
                                                    kInside * odds(evidence.inside);
    return 1 / (1 + std::exp(-sum));
}

}  // namespace guide::segment
