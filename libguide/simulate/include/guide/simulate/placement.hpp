// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/view.hpp>
#include <guide/simulate/knee.hpp>

namespace guide::simulate {

/// How a hand moves a probe away from the standard place; all 0: not at all.
struct ProbeOffset {
    double along_mm = 0;   ///< towards the right of the picture
    double across_mm = 0;  ///< out of the picture, to whom looks at it from the front
    double turn_deg = 0;   ///< about the beam
    double tilt_deg = 0;   ///< about the long side of the face: the plane sweeps
    double rock_deg = 0;   ///< about the short side: one end is pressed
};

/// The probe where textbooks put it for an ultrasound view, its face on the skin. Along the limb
/// the head is at the left of the picture; across it the patient's left is at its right. The middle
/// of the face lies so deep that half of it presses and half would not touch: press the knee with
/// it (Knee::pressed), or bridge the rest with gel. A curved face has `face_radius_mm` and is
/// `face_mm` wide from end to end. Throws PreconditionError for views without a
/// probe and where there is no skin.
[[nodiscard]] GUIDE_SIMULATE_EXPORT RigidTransform<PatientSpace, ProbeSpace> standard_pose(
    const Knee& knee, View view, const ProbeOffset& offset = {}, double face_mm = 51,
    double face_radius_mm = 0);

/// A point of the limb's axis at the place of an ultrasound view, patient mm: septa lie around it
/// (UltrasoundSettings::limb_centre). The knee's own middle, but for views of the shank.
[[nodiscard]] GUIDE_SIMULATE_EXPORT Eigen::Vector3d limb_centre(const Knee& knee, View view);

/// Whether a straight needle to `tip`, probe mm, would have to go through the probe's housing above
/// the face; `direction` points inwards. The contact's pose does not matter.
[[nodiscard]] GUIDE_SIMULATE_EXPORT bool through_probe(const ProbeContact& face,
                                                       const Eigen::Vector3d& tip,
                                                       const Eigen::Vector3d& direction);

}  // namespace guide::simulate
