// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/image.hpp>
#include <guide/evaluate/export.hpp>

#include <cstdint>

namespace guide::evaluate {

/// How two masks agree, pixel by pixel. Pixels above 0 count as set.
struct Overlap {
    double dice = 1;  ///< 2 |A and B| / (|A| + |B|); 1 when both are empty
    double iou = 1;   ///< |A and B| / |A or B|; 1 when both are empty
    std::int64_t found_px = 0, truth_px = 0, common_px = 0;
};

/// Throws PreconditionError when the sizes differ.
[[nodiscard]] GUIDE_EVALUATE_EXPORT Overlap overlap(ImageView<const std::uint8_t> found,
                                                    ImageView<const std::uint8_t> truth);

}  // namespace guide::evaluate
