// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/assess/motion.hpp>

#include <vector>

namespace guide::assess {

/// A stretch of a line, by its parameter.
struct Stretch {
    double begin, end;
};

/// Where the line from `a` to `b` (parameter 0 to 1) lies in tissue, cut at the skin. What is
/// shorter than half a millimetre may be missed.
[[nodiscard]] std::vector<Stretch> in_tissue(const Eigen::Vector3d& a, const Eigen::Vector3d& b,
                                             const DepthBelowSkin& depth);

/// mm^2 that the shaft sweeps sideways in tissue while it moves from one sample to the next; both
/// directions are unit vectors.
[[nodiscard]] double swept_area(const ToolSample& from, const ToolSample& to, double shaft_mm,
                                const DepthBelowSkin& depth);

}  // namespace guide::assess
