// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "recess_belief.hpp"
#include "ultrasound_tissue.hpp"

#include <guide/core/execution.hpp>

namespace guide::segment {

/// The part of the picture taken for joint space, on the tissue grid.
struct RecessRegion {
    cv::Mat1b mask;   ///< 255 inside
    cv::Mat1f field;  ///< outline = where it passes `level`; its values grow towards the inside
    double level = 0;
    cv::Point target;         ///< the cell that is most surely inside, cysts as the model sees them
    RecessEvidence evidence;  ///< that it is
    double mean_probability =
        0;                    ///< of fluid inside the region, before evening out; cysts count full
    double sigma_mm = 0;      ///< uncertainty of the outline along its normal
    double thickness_mm = 0;  ///< diameter of the largest circle inside
};

/// Largest distance from a cell inside to the border, mm, the picture's edge counted as border.
[[nodiscard]] double inner_radius(const cv::Mat1b& mask, double step_mm);

/// `nothing_else`: what is not closed in on all sides is dropped.
/// `may_run_on`: also beyond the left or the right of the picture, as a full recess does that is
/// cut along.
enum class Cysts { not_looked_for, taken_whole, may_run_on, nothing_else };

/// Chooses the set of cells with the largest expected Dice under the evened-out `probability`
/// (cells taken as independent), drops parts that weigh less than half of the heaviest, and
/// takes a wide round anechoic space (a cyst) that it touches as a whole: the features of its
/// middle are weak where no wall is near; and so the dark space with sharp
/// walls in which the region lies (clear_fluid.hpp; `hidden` as there; not looked for where it is
/// empty). No answer, "no-joint-space": nowhere is fluid at all likely, or no cyst is found where
/// nothing else is wanted.
[[nodiscard]] Expected<RecessRegion> choose_region(const TissueGrid& grid,
                                                   const cv::Mat1f& probability,
                                                   double typical_area_mm2, Cysts cysts,
                                                   const cv::Mat1b& hidden,
                                                   const Execution& execution = {});

}  // namespace guide::segment
