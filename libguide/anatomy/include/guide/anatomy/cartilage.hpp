// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/export.hpp>
#include <guide/geometry/polyline.hpp>

#include <optional>
#include <vector>

namespace guide {

/// Cartilage on a bone, over the stretch where both of its borders are seen.
struct Cartilage {
    PixelPolyline surface;  ///< px, left to right: the border with what lies above
    PixelPolyline bone;     ///< px: the bone's surface below each point of `surface`
    std::optional<std::vector<double>>
        thickness_mm;       ///< of each point, across the layer; none without a scale
    double confidence = 0;  ///< 0..1
};

struct ThicknessRange {
    double mean_mm = 0, least_mm = 0, largest_mm = 0;
};

/// None without a scale.
[[nodiscard]] GUIDE_ANATOMY_EXPORT std::optional<ThicknessRange> thickness_range(
    const Cartilage& cartilage);

}  // namespace guide
