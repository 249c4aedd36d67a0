// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ultrasound_tissue.hpp"

#include <guide/anatomy/bone_surface.hpp>

#include <array>
#include <vector>

namespace guide::segment {

/// What tells the views of the knee apart, the same for a picture and its mirror image. Lengths in
/// millimetres of the grid.
struct ViewFeatures {
    double mirror = 0;          ///< -1..1, correlation of the echo with its mirror image, over 2 mm
    double lines_below = 0;     ///< 0..1, coherence of the lines in the lower half
    double layers_above = 0;    ///< log of changes downwards over sideways, upper half
    double level_above = 0;     ///< -1..1, how level the lines of the upper half run
    double level = 0;           ///< the same of all tissue
    double bone_depth = 0;      ///< mm, of the deepest line, middle third; the picture's if none
    double bone_bend = 0;       ///< mm per cm^2, middle half; positive over a convex bone
    double bone_cover = 0;      ///< 0..1, columns with bone
    double bone_stretches = 0;  ///< number
    double groove_aside = 0;    ///< mm, from the middle to the deepest place between two heights
    double groove = 0;          ///< log of 1 + mm that this place is the deeper
    double shadow = 0;          ///< 0..1, share of the picture
    double shadow_middle = 0;   ///< mm that shadow begins deeper in the middle than at the sides

    static constexpr int kCount = 13;
    [[nodiscard]] std::array<double, kCount> values() const {
        return {mirror,     lines_below, layers_above, level_above,    level,
                bone_depth, bone_bend,   bone_cover,   bone_stretches, groove_aside,
                groove,     shadow,      shadow_middle};
    }
};

/// `bones`: of the picture, found as in a view onto the femur.
[[nodiscard]] ViewFeatures view_features(const TissueGrid& grid,
                                         const std::vector<BoneSurface>& bones);

}  // namespace guide::segment
