// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fluoroscopy_pose.hpp"

#include <guide/anatomy/bone_surface.hpp>
#include <guide/anatomy/joint_space.hpp>

#include <opencv2/core.hpp>

namespace guide::segment {

/// The part of a frame about a joint, turned so that the joint line runs along x and moved, not
/// scaled: lengths in pixels are the frame's.
struct UprightPart {
    cv::Mat1f grey;     ///< 0 beyond the frame
    cv::Mat1b outside;  ///< not 0: beyond the field or the frame
    PixelPoint centre;  ///< of the part, in the frame
    double angle = 0;   ///< of its x axis in the frame, rad

    [[nodiscard]] PixelPoint to_frame(PixelPoint p) const;
};

/// `pose.width` times `widths` a side.
[[nodiscard]] UprightPart cut_upright(ImageView<const float> frame, const ShadowPicture& picture,
                                      const JointPose& pose, double widths);

/// What was found in the part, as seen in the frame.
void move_to_frame(JointSpace& space, const UprightPart& part);
void move_to_frame(BoneSurface& bone, const UprightPart& part);

}  // namespace guide::segment
