// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ultrasound_tissue.hpp"

#include <vector>

namespace guide::segment {

/// Popliteal artery and vein across: two round dark spaces of 3 to 12 mm with walls of their own,
/// next to each other and one deeper than the other (the vein lies on the artery). One mask (255
/// inside, of the grid's size) for each vessel, those of a pair together; empty where no pair is
/// seen. A cyst has no such neighbour.
[[nodiscard]] std::vector<cv::Mat1b> popliteal_vessels(const TissueGrid& grid);

}  // namespace guide::segment
