// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/anatomy.hpp>
#include <guide/geometry/camera.hpp>
#include <guide/plan/export.hpp>

#include <array>

namespace guide::plan {

/// One picture of a calibrated pair and what was found in it.
struct XrayView {
    const Anatomy* anatomy = nullptr;
    PinholeCamera camera;
};

struct JointCentreOptions {
    /// mm, 0.1 to 10: how well the height of the joint line is known. Engineering choice.
    double apart_sigma_mm = 0.5;
    /// mm, 0.1 to 50: how well the middle along the joint line is known. Engineering choice.
    double middle_sigma_mm = 5;
    /// 0 to 0.5 of a joint line: as far as the place may lie from the middle.
    double reach = 0.25;

    /// Throws PreconditionError naming the bad field.
    GUIDE_PLAN_EXPORT void validate() const;
};

/// The middle of a knee's joint as two pictures of one moment show it.
struct JointCentre {
    Eigen::Vector3d point;           ///< mm, X of the cameras
    std::array<PixelPoint, 2> seen;  ///< px: the places that agree best, on either joint line
    /// mm, shortest distance between the rays through `seen`. Both lie half way between the bones
    /// as found in their own picture, so this is what the two pictures disagree by.
    double rays_apart_mm = 0;
    double middles_apart_mm = 0;           ///< the same of the rays through both lines' middles
    std::array<double, 2> from_middle_mm;  ///< from the middles to `seen`, along the joint lines
};

/// Middles of a joint found in two pictures are not one point of the knee: from in front it lies
/// between the spines, from the side between the condyles. What both do show is the height along
/// the leg, and each says where along its own joint line the other one's place may be. Of all pairs
/// of places on the two joint lines (half way between femur and tibia) the one is taken whose rays
/// miss least for what they are off the middles, both in units of their sigmas.
///
/// No answer: "no-joint-space" (of either), "no-joint-line" (no edges of femur and tibia of equal
/// length), "bad-camera", "parallel-rays", "behind-camera", "views-disagree" (rays miss by more
/// than 5 mm). Throws PreconditionError for bad options.
[[nodiscard]] GUIDE_PLAN_EXPORT Expected<JointCentre> find_joint_centre(
    const XrayView& one, const XrayView& other, const JointCentreOptions& options = {});

}  // namespace guide::plan
