// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/execution.hpp>
#include <guide/session/lesson.hpp>
#include <guide/simulate/knee.hpp>
#include <guide/simulate/tissue_field.hpp>
#include <guide/simulate/ultrasound.hpp>

#include <memory>
#include <optional>
#include <vector>

namespace guide::session {

using Pose = RigidTransform<PatientSpace, ProbeSpace>;

inline constexpr double kProbeThickness = 12;  // mm, of the face across the plane

/// A voxel just within a surface, and how far within.
struct SurfacePoint {
    Eigen::Vector3d at;
    double within_mm;
};

/// The knee of a lesson, pressed flat wherever the probe can come to.
struct Body {
    simulate::Knee knee;
    Pose home;                                           ///< the textbook's place
    simulate::ProbeContact face;                         ///< of the probe itself
    std::shared_ptr<const simulate::TissueField> field;  ///< all that pictures can show
    std::vector<SurfacePoint> hard;                      ///< of bone and cartilage
    std::vector<SurfacePoint> vessels;                   ///< and nerves
};

/// The reason ("impossible-lesson") when there is no skin to hold the probe to.
[[nodiscard]] Expected<Body> make_body(const Lesson& lesson,
                                       const simulate::UltrasoundSettings& settings,
                                       const Execution& execution);

[[nodiscard]] Pose pose_at(const Body& body, const simulate::ProbeOffset& offset);

/// Bone and cartilage, which a needle does not enter.
[[nodiscard]] bool is_hard(simulate::Tissue tissue);

/// Whether the straight line from `entry` to `tip` runs through a vessel or a nerve.
[[nodiscard]] bool in_vessel(const Body& body, const Eigen::Vector3d& entry,
                             const Eigen::Vector3d& tip);

/// Where a straight needle first meets something hard between two depths, mm from its entry.
[[nodiscard]] std::optional<double> hard_between(const Body& body, const Eigen::Vector3d& entry,
                                                 const Eigen::Vector3d& direction, double from_mm,
                                                 double to_mm);

/// mm from the nearest of `surface` to a segment, at most `limit_mm`; below 0: in it.
[[nodiscard]] double distance_to(const std::vector<SurfacePoint>& surface, const Eigen::Vector3d& a,
                                 const Eigen::Vector3d& b, double limit_mm);

}  // namespace guide::session
