// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ultrasound_tissue.hpp"

#include <guide/anatomy/anatomy.hpp>
#include <guide/anatomy/view.hpp>
#include <guide/core/execution.hpp>
#include <guide/core/expected.hpp>
#include <guide/frame/frame.hpp>
#include <guide/segment/recess_network.hpp>

#include <vector>

namespace guide::segment {

/// What is dark because it is liquid.
struct LiquidSpaces {
    Expected<JointSpace> joint_space;
    std::vector<Obstacle> vessels;  ///< behind the knee alone, as far as they are told
};

/// What a picture tells before its bones are known.
struct FluidMap {
    TissueGrid grid;
    std::vector<cv::Mat1b> vessels;
    cv::Mat1f probability;  ///< of fluid of the joint, by recess_features.hpp, vessels taken out
};

/// Reads the part `picture` of an ultrasound frame. No answer: "picture-too-small", "dark-frame",
/// "flat-frame", "no-contact", "not-tissue". Cost: about 15 ms for 640 x 480, one thread.
[[nodiscard]] Expected<FluidMap> map_fluid(const Frame& frame, PixelBox picture, View view);

/// The fluid-filled recess, bursa or cyst of the knee joint in what was read from `frame`.
/// `bones`: surfaces seen in the same picture. What lies beyond the femur's is hardly believed.
///
/// Every cell of a 0.2 mm grid gets a probability of fluid from ten features that have a meaning
/// (darker than its surroundings and flanks, below the bright layers, off the bone and its shadow,
/// near the middle; recess_model.hpp); the region with the largest expected Dice is taken
/// (recess_region.hpp), or in suprapatellar views the dark ribbon above the femur where that has
/// the sharper walls (recess_ribbon.hpp). The model knows no left and right and is the same for all
/// views.
///
/// In posterior views a pair of round dark spaces is taken for vein and artery
/// (popliteal_vessels.hpp) and not for joint space; any other must be closed in all round
/// (enclosed_space.hpp).
///
/// With a `network` the log-odds of model and network are averaged where both see a region;
/// `confidence` is multiplied by (1 + overlap of the two regions, Dice) / 2. Where one of them sees
/// none, the other's stands with half its confidence.
///
/// Lengths, area and `effusion` are given for calibrated frames only. `effusion`: at least 4 mm
/// thick (EULAR, D'Agostino 2005, Ann Rheum Dis 64:1703) and clearly filled with fluid; none for
/// a thick space that is not clearly fluid. `depth_mm`
/// counts from the top of the picture, where the probe's face is. `confidence` is the
/// probability that the target lies inside, given that this is a knee (recess_belief.hpp). No
/// answer: "no-joint-space" (also where the target would as likely lie outside; in a long
/// suprapatellar view without shadow where it lies inside in less than four of five), "no-knee"
/// (neither the femur nor a bone's shadow in such a view, no shadow in an unknown one). Throws
/// Stopped. Cost: about 20 ms for 640 x 480, one thread.
[[nodiscard]] LiquidSpaces find_ultrasound_joint_space(const Frame& frame, const FluidMap& fluid,
                                                       const std::vector<BoneSurface>& bones,
                                                       View view, const Execution& execution = {},
                                                       const RecessNetwork* network = nullptr);

}  // namespace guide::segment
