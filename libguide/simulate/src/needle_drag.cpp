// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/simulate/needle_drag.hpp>

#include <algorithm>
#include <cmath>

namespace guide::simulate {
namespace {

constexpr double kReach = 3;  // mm; with it no tissue folds over up to a drag of 3.5 mm

bool is_rigid(Tissue tissue) {
    return is_bone(tissue) || tissue == Tissue::cartilage;
}

}  // namespace

TissueSample dragged_tissue(const std::function<TissueSample(const Eigen::Vector3d&)>& sample,
                            const InsertedNeedle& needle, double drag_mm,
                            const Eigen::Vector3d& point) {
    require(drag_mm >= 0 && drag_mm <= 2, "dragged_tissue", "drag_mm is 0 to 2");
    const double from_tip =
        std::clamp((needle.tip - point).dot(needle.direction), 0.0, needle.inserted_mm);
    const double away = (point - needle.point_at(from_tip)).norm() / kReach;
    const TissueSample here = sample(point);
    if (drag_mm == 0 || away > 4 || is_rigid(here.tissue)) return here;
    const double taken = drag_mm * std::exp(-away * away);
    const TissueSample before = sample(point - taken * needle.direction_at(from_tip));
    return is_rigid(before.tissue) ? here : before;
}

}  // namespace guide::simulate
