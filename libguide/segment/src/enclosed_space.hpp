// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ultrasound_tissue.hpp"

namespace guide::segment {

/// The parts (connected by edges) of `mask` that hold fluid within walls, as cysts do: nine tenths
/// of the inside are darker than four fifths of the tissue next to it. Dark muscle and fat fade
/// into what is around them, and the margin of a shadow has walls on one side alone.
[[nodiscard]] cv::Mat1b enclosed_parts(const TissueGrid& grid, const cv::Mat1b& mask);

}  // namespace guide::segment
