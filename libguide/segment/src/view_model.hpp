// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "view_features.hpp"

#include <guide/anatomy/view.hpp>

#include <array>
#include <cstddef>

namespace guide::segment {

inline constexpr std::size_t kViewClasses = 6, kNoKneeView = 5;
inline constexpr std::array<View, kViewClasses> kViewOfClass = {View::suprapatellar_long,
                                                                View::suprapatellar_transverse,
                                                                View::medial,
                                                                View::posterior,
                                                                View::trochlea,
                                                                View::unknown};

/// Written by training/fit_views.py: log-odds of each class over the standardised measurements.
struct ViewModel {
    std::array<double, ViewFeatures::kCount> mean, spread;
    std::array<double, kViewClasses> constant;
    std::array<std::array<double, kViewClasses>, ViewFeatures::kCount> weight;
};

inline constexpr ViewModel kViewModel = {
    {0.57352, 0.6504, 1.2133, 0.77595, 0.63599, 24.923, -0.3448, 0.72272, 2.1217, 5.4236, 1.0327,
     0.12599, 0.35943},
    {0.42602, 0.13083, 0.47182, 0.17821, 0.2619, 10.892, 2.5526, 0.3004, 1.2257, 5.6695, 0.90005,
     0.16658, 6.3898},
    {-2.3049, 1.3493, -0.90833, -0.68174, 0.61822, 1.9274},
    {{{-2.0841, 0.92923, 1.7975, -2.5377, 0.13527, 1.7598} /* mirror */,
      {0.78877, -0.17999, 0.18859, -1.5568, 1.4963, -0.73677} /* lines_below */,
      {0.89361, 0.44774, -0.1242, -1.5297, -1.0551, 1.3677} /* layers_above */,
      {0.65337, -0.031364, 1.2344, 0.61486, 0.055094, -2.5264} /* level_above */,
      {1.4258, -0.30512, -1.8873, 0.51093, 0.85734, -0.60161} /* level */,
      {1.3578, 0.68287, -2.2544, -0.42124, 0.6696, -0.034644} /* bone_depth */,
      {-0.54654, 0.64317, 0.26074, 0.56605, -1.2278, 0.30436} /* bone_bend */,
      {-0.41134, 0.44408, 2.2879, -2.5778, 0.62957, -0.37245} /* bone_cover */,
      {0.32389, -0.36353, 0.6266, 0.49078, -1.534, 0.45625} /* bone_stretches */,
      {0.99996, -0.44094, -1.1764, 0.79358, -0.99376, 0.81759} /* groove_aside */,
      {-0.53113, -1.3648, 1.2756, 0.39517, 0.923, -0.69781} /* groove */,
      {-0.46799, -0.19614, 0.052284, -0.36604, -0.35942, 1.3373} /* shadow */,
      {1.2752, 0.41216, -0.28188, 0.91805, -1.0678, -1.2557} /* shadow_middle */}}};

}  // namespace guide::segment
