// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace guide::segment {

/// What a joint recess that holds fluid looks like and where it lies: log-odds per unit of each
/// feature of a spot. "tissue" is the frame's tissue level (75th percentile of the smoothed echo).
/// Fitted by training/fit_recess.py, which says what the weights reach on people left out.
struct RecessModel {
    double contrast = -7.2695;      ///< echo less that of the surroundings (4-5 mm), per tissue
    double speckle = 2.47274;       ///< local spread of the echo over its mean (1 mm)
    double flanks = 2.47373;        ///< how much brighter it is 8 mm to either side, per tissue
    double layers = 3.79897;        ///< share (0..1) of the column's bright layers that lie above
    double layers_sq = -1.5652;     ///< the square of that
    double bone_below = -4.61123;   ///< exp(-h / 3 mm), h: height above the bone's shadow
    double shadow_near = -9.5664;   ///< share (0..1) of shadow in the neighbourhood (2 mm)
    double off_axis_sq = -3.32889;  ///< square of the distance from the mid-line per half width
    double depth = 0.136284;        ///< per mm below the probe's face
    double depth_sq = -0.00233952;  ///< per mm squared
    double constant = -7.17115;

    double in_shadow = 0.2;      ///< factor on the probability of a spot in full shadow
    double cartilage_mm = 5.0;   ///< above bone shadow in transverse views: trochlear cartilage (up
                                 ///< to 3.5 mm) and the bone's bright line (1.5 mm) are no recess
    double in_cartilage = 0.05;  ///< factor on the probability of a spot in cartilage
    double in_bone = 0.1;        ///< factor beyond the femur's surface: reverberation
    double skin_mm = 3.0;        ///< nothing above is joint: skin, and text burnt into the picture
    double typical_area_mm2 = 60;  ///< of fluid in one frame (rounded mean of the drawn ones)
};

inline constexpr RecessModel kRecessModel{};

}  // namespace guide::segment
