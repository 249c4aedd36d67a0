// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/geometry/polygon.hpp>

#include <optional>
#include <vector>

namespace guide {

/// Widths of a knee's joint space on a radiograph, between the bones' outlines, at the image's left
/// and right side: which of them is medial is known only when the laterality is.
struct JointWidths {
    double left_px = 0, right_px = 0;  ///< smallest width within the outer thirds
    double minimum_px = 0;             ///< smallest of all outside the notch
    PixelPoint minimum_at;             ///< where
    std::optional<double> left_mm, right_mm, minimum_mm;  ///< none without calibration
    bool bone_on_bone = false;  ///< the outlines touch somewhere outside the notch
};

/// The joint space as seen in one frame. Millimetre fields are empty where the frame has no
/// calibration.
struct JointSpace {
    std::vector<PixelPolygon> contours;  ///< px, the largest first; never empty
    PixelPoint target;                   ///< px, the point that is most surely inside
    double confidence = 0;               ///< 0..1
    /// px: standard deviation of the outline along its normal, the uncertainty that planning
    /// carries on.
    double boundary_sigma_px = 0;
    std::optional<double> area_mm2;
    std::optional<double> depth_mm;      ///< ultrasound: skin to the roof, at the target
    std::optional<double> thickness_mm;  ///< ultrasound: largest local thickness
    /// Ultrasound: as thick as the published threshold and clearly fluid; none where unsure.
    std::optional<bool> effusion;
    std::optional<JointWidths> widths;  ///< radiographs only
};

}  // namespace guide
