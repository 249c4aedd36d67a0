// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/image.hpp>
#include <guide/geometry/polygon.hpp>

#include <cstdint>
#include <functional>
#include <vector>

namespace guide::simulate {

/// The outlines of the region where `inside` is not 0, largest first, holes left out. `is_inside`
/// answers between the pixels: the outlines' points lie on the lines between neighbouring pixels,
/// found by bisection to 1/256 px. At the border of the picture they run half a pixel outside.
[[nodiscard]] std::vector<PixelPolygon> outlines_of(
    ImageView<const std::uint8_t> inside, const std::function<bool(PixelPoint)>& is_inside);

}  // namespace guide::simulate
