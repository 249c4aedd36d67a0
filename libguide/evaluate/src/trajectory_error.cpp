// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/evaluate/trajectory_error.hpp>

#include <cmath>
#include <numbers>

namespace guide::evaluate {

TrajectoryError trajectory_error(MmPoint entry, MmPoint tip, MmPoint true_entry, MmPoint true_tip) {
    const auto way = tip - entry, true_way = true_tip - true_entry;
    require(length(way) > 0 && length(true_way) > 0, "trajectory_error",
            "both needles have a length");
    const auto axis = (1 / length(true_way)) * true_way;
    TrajectoryError error;
    error.tip_mm = distance(tip, true_tip);
    error.along_mm = dot(tip - true_tip, axis);
    error.across_mm = std::abs(cross(axis, tip - true_tip));
    error.angle_deg =
        std::atan2(std::abs(cross(true_way, way)), dot(true_way, way)) * 180 / std::numbers::pi;
    return error;
}

}  // namespace guide::evaluate
