// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ultrasound_tissue.hpp"

#include <guide/core/random.hpp>

namespace guide::test {

/// 40 x 30 mm of tissue of level 1 with grain, without shadow.
inline segment::TissueGrid speckled_tissue() {
    segment::TissueGrid grid;
    grid.step_mm = 0.2;
    grid.echo = cv::Mat1f(150, 200);
    grid.shadow = cv::Mat1b::zeros(150, 200);
    Random random(3);
    for (float& v : grid.echo)
        v = static_cast<float>(1 + 0.2 * random.normal());
    return grid;
}

}  // namespace guide::test
