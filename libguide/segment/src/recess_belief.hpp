// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace guide::segment {

/// What tells whether a region's target lies in the joint.
struct RecessEvidence {
    double at_target = 0;  ///< 0..1: mean probability of fluid about the target
    double inside = 0;     ///< 0..1: share of all the fluid to be expected that lies in the region
    double ribbon_mm = 0;  ///< mean thickness of a ribbon (recess_ribbon.hpp); 0: it is none
};

/// The probability (0..1) that the target lies in fluid of the joint, given that the frame shows a
/// knee. Logistic in the log-odds of both, of a ribbon in those of `inside` and in its thickness;
/// docs/ultrasound.md says on what it was fitted and how well it is calibrated.
[[nodiscard]] double probability_inside(const RecessEvidence& evidence);

}  // namespace guide::segment
