// SPDX-License-Identifier: Apache-2.0
#include <guide/evaluate/overlap.hpp>

namespace guide::evaluate {

Overlap overlap(ImageView<const std::uint8_t> found, ImageView<const std::uint8_t> truth) {
    require(found.width == truth.width && found.height == truth.height, "overlap",
            "both masks have the same size");
    Overlap result;
    for (int y = 0; y < found.height; ++y) {
        for (int x = 0; x < found.width; ++x) {
            const bool f = found.at(x, y) != 0, t = truth.at(x, y) != 0;
            result.found_px += f;
            result.truth_px += t;
            result.common_px += f && t;
        }
    }
    const std::int64_t sum = result.found_px + result.truth_px;
    if (sum > 0) {
        const auto common = static_cast<double>(result.common_px);
        result.dice = 2 * common / static_cast<double>(sum);
        result.iou = common / static_cast<double>(sum - result.common_px);
    }
    return result;
}

}  // namespace guide::evaluate
