// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fluoroscopy_shadow.hpp"

#include <guide/core/execution.hpp>

#include <vector>

namespace guide::segment {

/// Where a knee's joint space may lie, and which way it runs.
struct JointPose {
    PixelPoint centre;  ///< px of the frame
    double angle = 0;   ///< rad, from the picture's x axis (y down) to the joint line's
    double width = 0;   ///< px of the frame: length of the joint line
    double score = 0;   ///< in local standard deviations
};

/// Places that look like a gap between two bones, the likeliest first, whichever way the leg lies.
///
/// A box template at twelve angles and four sizes (0.18 to 0.5 of the field) on the locally
/// normalised shadow: a thin strip that less stands in the way of than of the strips along both its
/// sides; blocks of bone on both sides of it, denser than what is beside the joint; and more bone
/// behind these on both sides, which the kneecap lacks. Box means by integral images; what lies
/// outside the field counts neither way. At most `most` places; none further than half a joint line
/// from a likelier one at the same angle.
[[nodiscard]] std::vector<JointPose> find_joint_poses(const ShadowPicture& picture, int most,
                                                      const Execution& execution);

}  // namespace guide::segment
