// SPDX-License-Identifier: Apache-2.0
// Parts of an ultrasound frame's truth.
#pragma once

#include "us_plane.hpp"

#include <guide/simulate/truth.hpp>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

namespace guide::simulate {

inline constexpr double kNoShadow = std::numeric_limits<double>::infinity();

/// Where bone begins on the scan line nearest to `line`, in samples, or kNoShadow.
inline double shadow_at(const std::vector<double>& shadow, double line) {
    const double last = static_cast<double>(shadow.size()) - 1;
    return shadow[static_cast<std::size_t>(std::clamp(line + 0.5, 0.0, last))];
}

/// The measures of a joint space with these outlines, largest first, at least one.
[[nodiscard]] JointSpace joint_space_of(std::vector<PixelPolygon> contours,
                                        const PixelPolyline& skin, Spacing spacing);

[[nodiscard]] NeedleTruth needle_truth(
    const InsertedNeedle& needle, const UltrasoundPlane& plane, const UltrasoundSettings& settings,
    const RigidTransform<PatientSpace, ProbeSpace>& patient_from_probe,
    const std::vector<double>& shadow);

}  // namespace guide::simulate
