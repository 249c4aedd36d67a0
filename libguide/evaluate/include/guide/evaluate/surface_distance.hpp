// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/evaluate/export.hpp>
#include <guide/geometry/polyline.hpp>

#include <vector>

namespace guide::evaluate {

struct SurfaceOptions {
    double tolerance_mm = 0.5;  ///< > 0: what counts as found, and as right
    double step_mm = 0.05;  ///< > 0: distance between the points at which both lines are sampled
};

/// Distances between two sets of open lines, both ways, in millimetres. Distances go from sampled
/// points of one set to the segments of the other, so no pixel size enters. Definitions:
/// docs/literature.md, Podobnik and Vrtovec 2024.
struct SurfaceDistance {
    double mean_mm = 0;         ///< truth to found
    double back_mean_mm = 0;    ///< found to truth
    double rms_mm = 0;          ///< truth to found
    double hausdorff95_mm = 0;  ///< larger of the two 95th percentiles
    double recall = 0;          ///< share of the truth within the tolerance of what was found
    double precision = 0;       ///< share of what was found within the tolerance of the truth
    double f1 = 0;              ///< harmonic mean of the two, 0 when both are 0
};

/// Nothing found: infinite distances and zero shares. Throws PreconditionError when the truth has
/// no line of two points or an option is not positive.
[[nodiscard]] GUIDE_EVALUATE_EXPORT SurfaceDistance
surface_distance(const std::vector<MmPolyline>& found, const std::vector<MmPolyline>& truth,
                 const SurfaceOptions& options = {});

}  // namespace guide::evaluate
