// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "radiograph_joint_space.hpp"

#include <guide/anatomy/view.hpp>

namespace guide::segment {

/// What a fluoroscopic frame shows of a knee, and from which side it was taken.
struct FluoroscopyKnee {
    RadiographKnee knee;
    View view = View::unknown;  ///< xray_ap: condyles with a notch between; else xray_lateral
};

/// The joint space between femur and tibia in a fluoroscopic frame (bones dark) in which the leg
/// lies in any direction, from in front or from the side, with wires across it.
///
/// The frame is taken for the shadow that tissue casts (minus the logarithm of grey), wires are
/// taken out (fluoroscopy_shadow.hpp), and places that look like a gap between two bones are looked
/// for at all angles (fluoroscopy_pose.hpp). The likeliest eight are cut out upright, femur up, and
/// looked at closely, again until nothing changes: the band of radiographs between two curves;
/// margins where the bone with straighter edge and clearer ends, the tibia, ends; from in front
/// where an edge recedes into a notch by 7 % of the joint line and more. The place whose margins,
/// contrast and agreement with a knee's silhouette are best is taken, if a pixel within the
/// silhouette is denser than one beside it with a probability of 0.85 or more, the negative has no
/// clearer band, and nothing ends as sharply as metal.
///
/// From in front: widths and landmarks as on radiographs. From the side: none, the target half way
/// between the bones in the middle of the plateau; ends where the bones part. `stated`: xray_ap and
/// xray_lateral are held to, others recognised. Edges of the bones run from left to right of the
/// upright leg. No answer: "no-knee", "metal". Some 0.3 s for any size, one thread; same bits for
/// any number of threads.
[[nodiscard]] FluoroscopyKnee find_fluoroscopy_knee(const Frame& frame, View stated,
                                                    const Execution& execution);

}  // namespace guide::segment
