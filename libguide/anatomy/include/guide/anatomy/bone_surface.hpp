// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/export.hpp>
#include <guide/geometry/polyline.hpp>

#include <string_view>
#include <vector>

namespace guide {

/// `bone`: a bone of which the frame does not tell which one it is.
enum class BoneKind { bone, femur, tibia, patella, fibula };

[[nodiscard]] GUIDE_ANATOMY_EXPORT std::string_view name_of(BoneKind kind);

/// A stretch of bone surface that was seen: the side that faces the beam in ultrasound, the
/// cortical outline in radiographs. One surface with a gap is two stretches.
struct BoneSurface {
    BoneKind kind = BoneKind::bone;
    PixelPolyline points;   ///< px, sub-pixel, left to right
    double confidence = 0;  ///< 0..1
};

}  // namespace guide
