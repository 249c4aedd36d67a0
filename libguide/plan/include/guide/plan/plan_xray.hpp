// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/anatomy.hpp>
#include <guide/geometry/camera.hpp>
#include <guide/plan/joint_centre.hpp>
#include <guide/plan/plan.hpp>

#include <optional>
#include <vector>

namespace guide::plan {

/// A second picture of the same moment, of a calibrated set.
struct OtherXray {
    PinholeCamera camera;
    /// px: outlines of the joint space in it, as found by segmentation; or
    std::vector<PixelPolygon> joint_space;
    std::optional<PixelPoint> target;  ///< px: where somebody showed the joint space's target
    std::optional<PixelPoint> skin;    ///< px: where the first picture's beam meets the skin
};

/// Where the C-arm stood. X of the cameras is patient space (LPS), mm.
struct XrayPlace {
    PinholeCamera camera;  ///< of the picture that is planned on
    std::optional<OtherXray> other;
    std::optional<double> target_depth_mm;  ///< where there is no other: from the focal spot along
                                            ///< the middle of the beam, 100 to 3000
    std::optional<double> skin_mm;  ///< along the beam from target to skin, 1 to 300, where known

    /// "bad-camera", "bad-xray-place": what is missing or wrong.
    [[nodiscard]] GUIDE_PLAN_EXPORT Expected<void> validate() const;
};

struct XrayPlan {
    /// Paths have `placed`, pixels of the first picture, and millimetres at the target's depth.
    Plan plan;
    double mm_per_pixel = 0;  ///< at the target's depth, which magnification and parallax set
    double ray_miss_mm = 0;   ///< how far the shown targets of both pictures lie apart
    /// Of the best path, in the other picture.
    std::optional<PixelPoint> entry_in_other, target_in_other;
    /// Probability that its tip is seen within the joint space there; where that has outlines.
    std::optional<double> p_hit_in_other;
    /// Where somebody found it in both pictures and planned on it.
    std::optional<JointCentre> centre = {};
};

/// The best path as a plan on the other picture, to be drawn there; none where it is not seen.
[[nodiscard]] GUIDE_PLAN_EXPORT std::optional<Plan> seen_in_other(const XrayPlan& plan);

/// Plans on a radiograph or fluoroscopic picture whose camera is known. The other picture, or a
/// stated depth, tells where along its beam the target lies: that gives the true scale there, and
/// each path's place in the patient. Targets lie in the middle of what the other picture shows of
/// the joint space along their beam. Paths from the frame's side run level with the detector; paths
/// along the beam end at the skin where it is known ("needle-length" is then a limit), else as far
/// out as the needle reaches. Bones that lie before or behind are not known: what two pictures show
/// is all there is.
///
/// The reason: that of validate(), "wrong-view" (no radiograph), the joint space's, or
/// "views-disagree" where the beam to the target does not meet the other picture's joint space, or
/// misses its target by more than 5 mm. Throws PreconditionError where options.validate() has a
/// complaint.
[[nodiscard]] GUIDE_PLAN_EXPORT Expected<XrayPlan> plan_on_xray(const Anatomy& anatomy,
                                                                const XrayPlace& place,
                                                                const PlanOptions& options = {});

}  // namespace guide::plan
