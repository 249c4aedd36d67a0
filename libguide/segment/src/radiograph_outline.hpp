// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/image.hpp>

#include <vector>

namespace guide::segment {

/// The side of a bone next to the joint: where the bone ends, for each row counted from the joint
/// line on.
struct SideOutline {
    std::vector<int> columns;  ///< [0] is the row next to the joint line
    double strength = 0;  ///< mean step from bone to soft tissue along it; <= 0 where there is none
};

enum class Side { left, right };
enum class Towards { femur, tibia };  ///< up or down the picture from the joint line

/// Follows the side of a bone away from the joint line by dynamic programming, one column per row
/// at most: the path of the greatest mean drop of brightness outwards. `gradient_x` is that of a
/// bone-bright picture; `joint_line` the row for each of its columns at which the bone begins;
/// searched are the outer 3/10 of the picture, on `rows` rows from `gap` rows off the joint line.
[[nodiscard]] SideOutline find_side_outline(ImageView<const float> gradient_x,
                                            const std::vector<int>& joint_line, Side side,
                                            Towards towards, int gap, int rows);

}  // namespace guide::segment
