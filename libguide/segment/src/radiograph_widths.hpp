// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "radiograph_edges.hpp"

#include <guide/anatomy/joint_space.hpp>
#include <guide/geometry/pixel_grid.hpp>

#include <optional>

namespace guide::segment {

/// The stretch across a joint space, frame pixels.
struct Crossing {
    PixelPoint femur, tibia;

    /// Its length where a pixel is `x` wide and `y` high.
    [[nodiscard]] double length(double x = 1, double y = 1) const;
};

/// The crossing along the normal of the mid-line at a column: the joint may be tilted, and a width
/// is the distance of the bones, not their vertical one. The mid-line's slope is that of a
/// sixteenth of the joint line to either side.
[[nodiscard]] Crossing crossing_at(const JointEdges& edges, int column);

/// The widths of a joint space, see JointWidths. Compartments are the joint line from 8 to 33 % off
/// either margin: margins are rounded off, the notch begins further in. Needs 16 columns or more.
[[nodiscard]] JointWidths measure_widths(const JointEdges& edges,
                                         const std::optional<Spacing>& spacing);

/// How far the joint space is narrowed, see Narrowing. `edge_sigma_px` is the standard deviation of
/// either edge.
[[nodiscard]] Narrowing judge_narrowing(const JointWidths& widths, double edge_sigma_px,
                                        const std::optional<Spacing>& spacing);

}  // namespace guide::segment
