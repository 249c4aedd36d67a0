// SPDX-License-Identifier: Apache-2.0
// What can be measured of an ultrasound frame without knowing what it shows.
#pragma once

#include <guide/anatomy/bone_surface.hpp>
#include <guide/core/image.hpp>
#include <guide/geometry/pixel_grid.hpp>

#include <array>
#include <string_view>
#include <vector>

namespace guide::test {

enum Figure {
    kMean,
    kDeviation,
    kP5,
    kP25,
    kP50,
    kP75,
    kP95,
    kP99,
    kBlack,           ///< share of pixels of grey 4 or less
    kAxialMm,         ///< full width at half of the autocovariance, down the frame
    kLateralMm,       ///< the same across it
    kBoneGrey,        ///< brightest within 0.6 mm of the bone lines, mean along them
    kAboveGrey,       ///< mean from 1 to 5 mm above them
    kBelowGrey,       ///< mean from 2 to 8 mm below them
    kBoneOverAbove,   ///< bone less soft tissue above, grey
    kBelowOverAbove,  ///< grey of the shadow over that of the soft tissue above
    kRows1,           ///< mean of the frame's first quarter of depth over the mean of all
    kRows2,
    kRows3,
    kRows4,
    kFigureCount
};

inline constexpr std::array<std::string_view, kFigureCount> kFigureNames{
    "mean",        "std",      "p5",         "p25",        "p50",
    "p75",         "p95",      "p99",        "black",      "axial-mm",
    "lateral-mm",  "bone",     "above-bone", "below-bone", "bone-minus-above",
    "below/above", "rows-1/4", "rows-2/4",   "rows-3/4",   "rows-4/4"};

/// NaN: cannot be told, there is no bone.
using Figures = std::array<double, kFigureCount>;

/// Figures of the part of `grey` (0 to 255) in `box`, less its uppermost two millimetres, where
/// screens carry letters.
[[nodiscard]] Figures figures_of(ImageView<const float> grey, PixelBox box, Spacing spacing,
                                 const std::vector<BoneSurface>& bones);

/// Full width at half height of the autocovariance along x and y, mm, of what is left when the mean
/// of the neighbourhood (a Gaussian of 1 mm) is taken away; where that mean is dark nothing counts.
struct CorrelationLengths {
    double lateral_mm, axial_mm;
};
[[nodiscard]] CorrelationLengths correlation_lengths(ImageView<const float> grey, PixelBox box,
                                                     Spacing spacing);

}  // namespace guide::test
