// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/bone_surface.hpp>
#include <guide/anatomy/view.hpp>
#include <guide/core/execution.hpp>
#include <guide/frame/frame.hpp>

#include <vector>

namespace guide::segment {

/// What bone looks like to the beam; the same for every scanner and view.
struct UltrasoundBoneOptions {
    double grid_mm = 0.15;  ///< mm, pixel of the working image; 0.02 to 1
    double line_mm = 1.5;   ///< mm, finest wavelength of the bright line (a second band has twice
                            ///< that); 0.3 to 10
    double leading_edge_mm =
        0.25;  ///< mm, from the middle of the bright line up to the surface; 0 to 2
    double gap_cost_mm =
        0.45;  ///< mm of perfect surface that starting or ending a stretch costs; 0 to 10
    double assumed_depth_mm =
        40;  ///< mm, depth of a picture without a scale: to size the filters, never reported

    /// Throws PreconditionError naming the bad field.
    void validate() const;
};

/// Bone surfaces in the part `content_box` of an ultrasound frame, left to right, at most one in a
/// column; empty when none is seen.
///
/// A pixel counts as bone as far as it is a bright line (symmetry of the monogenic phase, two
/// bands), casts a shadow (the mean below over the mean above, near and far) and has no stronger
/// line below it. Dynamic programming finds the stretches of largest total evidence over all
/// columns at once, with a price on slope and on every start and end, and a stretch ends at a
/// notch; the crest is refined below the pixel and moved up to the leading edge, since the surface
/// lies at the upper edge of the bright line. From the ends of a stretch the surface is followed
/// down its flanks, too steep to send an echo back, along the border of the shadow. In views
/// through the soft tissue onto the femur or the joint line (suprapatellar, trochlea, medial,
/// lateral) bone is the deepest line of the picture, so weaker shadows (reverberation below the
/// cortex) are let pass.
///
/// Foroughi 2007 and Jia 2016 use shadow and phase with dynamic programming; here the evidence is a
/// product, bone may be absent in any column, and there is no training. `kind` is femur or patella
/// where the view tells, else bone. `confidence` is evidence times length, not a probability.
/// Frames without spacing use `assumed_depth_mm`.
[[nodiscard]] std::vector<BoneSurface> find_ultrasound_bones(
    const Frame& frame, PixelBox content_box, View view, const UltrasoundBoneOptions& options = {},
    const Execution& execution = {});

}  // namespace guide::segment
