// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/bone_surface.hpp>
#include <guide/anatomy/joint_space.hpp>
#include <guide/core/execution.hpp>
#include <guide/core/expected.hpp>
#include <guide/frame/frame.hpp>
#include <guide/segment/radiograph_network.hpp>

#include <vector>

namespace guide::segment {

/// What an AP radiograph (or an AP fluoroscopy frame) shows of the knee.
struct RadiographKnee {
    std::vector<BoneSurface> bones;  ///< joint-facing outlines of femur and tibia, left to right
    Expected<JointSpace> joint_space =
        no_answer("not-searched", "The joint space was not looked for.");
    std::vector<Reason> notes;
};

/// The dark band between femur and tibia on an AP view, from margin to margin, intercondylar notch
/// included.
///
/// The picture is reduced to its exposed part on 224 columns and normalised by local mean and
/// contrast. The band is the pair of curves with the greatest outward flux of brightness
/// (radiograph_band.hpp), searched for bright and for dark bones on half the grid, the better
/// polarity taken, and again on the full grid near that; margins are where the sides of femur and
/// tibia meet it (radiograph_outline.hpp). A knee is believed when both bones are brighter than the
/// band nearly everywhere, the notch rises between the condyles about the middle, and all four bone
/// sides are seen.
///
/// Widths are measured along the normal of the band's mid-line, at the image's left and right side;
/// the laterality is not looked for. Expects
/// the leg upright within some 15 degrees, femur up. Positions in pixels of the frame; millimetres
/// only with `frame.spacing`. No answer: "too-small", "blank", "not-a-radiograph" (many colours),
/// "no-knee" (nothing like it), "metal" (implant). Cost: about 25 ms for 512 x 512, 40 ms for 1760
/// x 1760, one thread; the same bits for any number of threads. Throws Stopped.
/// With a `network` the band is searched by edges and by what it sees, and the confidence falls as
/// far as the two disagree.
[[nodiscard]] RadiographKnee find_radiograph_knee(const Frame& frame, const Execution& execution,
                                                  const RadiographNetwork* network = nullptr);

}  // namespace guide::segment
