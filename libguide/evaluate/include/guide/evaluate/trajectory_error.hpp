// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/evaluate/export.hpp>
#include <guide/geometry/pixel_grid.hpp>

namespace guide::evaluate {

/// How far a needle ended from where it should have.
struct TrajectoryError {
    double tip_mm = 0;     ///< distance between the two tips
    double along_mm = 0;   ///< part of it along the true needle, positive when too deep
    double across_mm = 0;  ///< part of it across the true needle, not negative
    double angle_deg = 0;  ///< between the two needles, 0..180
};

/// Both needles run from entry to tip. Throws PreconditionError when one of them has no length.
[[nodiscard]] GUIDE_EVALUATE_EXPORT TrajectoryError trajectory_error(MmPoint entry, MmPoint tip,
                                                                     MmPoint true_entry,
                                                                     MmPoint true_tip);

}  // namespace guide::evaluate
