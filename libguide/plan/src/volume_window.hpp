// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/expected.hpp>
#include <guide/plan/approach.hpp>
#include <guide/plan/volume_scene.hpp>

#include <Eigen/Core>

#include <optional>

namespace guide::plan {

/// Where a needle of an approach can come from in a volume. Its angle is that to the face of the
/// probe that the approach's view asks for; its turn is about the line that the probe looks along.
struct DirectionWindow {
    Eigen::Vector3d face;    ///< unit vector out of the skin, from where the probe looks
    Eigen::Vector3d along;   ///< unit vector in the face: turn 0
    Eigen::Vector3d across;  ///< face x along: a quarter turn
    double turn_half = 0;    ///< rad: turns within -half..half, pi for all
    double angle_low = 0, angle_high = 0;  ///< rad, to the face

    /// Unit vector from the target to the entry.
    [[nodiscard]] Eigen::Vector3d outwards(double angle, double turn) const {
        return std::sin(angle) * face +
               std::cos(angle) * (std::cos(turn) * along + std::sin(turn) * across);
    }
    [[nodiscard]] double angle_of(const Eigen::Vector3d& out) const {
        return std::asin(std::clamp(out.dot(face), -1.0, 1.0));
    }
    [[nodiscard]] double turn_of(const Eigen::Vector3d& out) const {
        return std::atan2(out.dot(across), out.dot(along));
    }
};

/// The window in patient axes (LPS). The probe looks from in front in suprapatellar views, from the
/// back, or from the medial or lateral side; a needle that has to come from one side does so within
/// 60 degrees in the face (engineering choice). The reason: "wrong-view" for approaches of
/// radiographs, "no-laterality" where the knee's side has to be known and is not.
/// Where it is known which way the probe looks (patient axes), that is it, whatever the view.
[[nodiscard]] Expected<DirectionWindow> direction_window(
    const Approach& approach, KneeSide side,
    const std::optional<Eigen::Vector3d>& looks = std::nullopt);

}  // namespace guide::plan
