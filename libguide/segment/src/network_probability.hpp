// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ultrasound_tissue.hpp"

#include <guide/anatomy/view.hpp>
#include <guide/segment/recess_network.hpp>

namespace guide::segment {

/// For every cell of the grid the probability (0..1) that it lies in the joint space, as the
/// network has it: the mean over the picture and its mirror image. Some 15 ms for 50 x 33 mm, one
/// thread.
[[nodiscard]] cv::Mat1f network_probability(const RecessNetwork& network, const TissueGrid& grid,
                                            View view);

}  // namespace guide::segment
