// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/export.hpp>
#include <guide/geometry/polygon.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace guide {

/// The width of a joint space at one place of the joint line.
struct WidthAt {
    double place = 0;          ///< 0 left margin of the image .. 1 right margin
    double px = 0;             ///< 0 where the bones touch
    std::optional<double> mm;  ///< none without calibration
};

/// Widths of a knee's joint space on a radiograph, between the bones' outlines, at the image's left
/// and right side: which of them is medial is known only when the laterality is.
struct JointWidths {
    double left_px = 0, right_px = 0;  ///< smallest width within the outer thirds
    double minimum_px = 0;             ///< smallest of all outside the notch
    PixelPoint minimum_at;             ///< where
    std::optional<double> left_mm, right_mm, minimum_mm;  ///< none without calibration
    bool bone_on_bone = false;                   ///< the outlines touch somewhere outside the notch
    double left_mean_px = 0, right_mean_px = 0;  ///< mean width within the outer thirds
    std::optional<double> left_mean_mm, right_mean_mm;
    std::vector<WidthAt> standard;  ///< at fixed places off both margins, left to right
    double joint_line_px = 0;       ///< from margin to margin: the unit of ratios
};

/// `narrowed`: the narrowest place is below 3 mm, or below half the mean of the wider compartment
/// (the first grade of Ahlback 1968). Information about a picture, not a diagnosis: width depends
/// on load, flexion and the beam.
enum class NarrowingDegree { none, narrowed, bone_on_bone };

[[nodiscard]] GUIDE_ANATOMY_EXPORT std::string_view name_of(NarrowingDegree degree);

struct Narrowing {
    NarrowingDegree degree = NarrowingDegree::none;
    double narrowed_probability = 0;  ///< 0..1, that it is narrowed, given the edges' uncertainty
    double asymmetry = 0;  ///< 0 alike .. 1: difference of the compartments' means, of the wider
};

/// A point of a bone's outline that has a name.
struct Landmark {
    std::string name;  ///< "tibia-left-spine": left and right are the image's
    PixelPoint at;     ///< px
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
    std::optional<JointWidths> widths;   ///< radiographs only
    std::optional<Narrowing> narrowing;  ///< radiographs only
    /// Radiographs only: margins, plateaus, spines and their feet of the tibia (9), margins,
    /// condyles, notch and its walls of the femur (7), each bone's left to right.
    std::vector<Landmark> landmarks;
};

}  // namespace guide
