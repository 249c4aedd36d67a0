// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "radiograph_edges.hpp"

#include <guide/core/image.hpp>

#include <algorithm>

namespace guide::segment {

/// How an edge is looked for about a guess, frame pixels.
struct RefineOptions {
    double reach_px = 4;      ///< along the normal, to either side
    double along_px = 1.5;    ///< sigma along the edge, of the mean of profiles
    double across_px = 0.65;  ///< sigma across
    bool bones_bright = true;

    /// Of profiles: fine against what they are smoothed with.
    [[nodiscard]] double step_px() const { return std::max(0.25, 0.3 * across_px); }
};

/// The edges at the resolution of the frame. On the smooth path where the grey rises most steeply
/// along the normal into either bone, the way back to where the shadow begins is estimated: a
/// rounded bone gets opaque over some way, and the steepest place lies within. What blur makes of
/// that way is taken out. Columns where the bones touch are closed: blur leaves a line between
/// them, but width times depth, in depths of the open joint, is 0.6 mm or less on an adult. Columns
/// stay as they are. Needs 8 columns, else the same edges.
[[nodiscard]] JointEdges refine_edges(const JointEdges& edges, ImageView<const float> grey,
                                      const RefineOptions& options);

}  // namespace guide::segment
