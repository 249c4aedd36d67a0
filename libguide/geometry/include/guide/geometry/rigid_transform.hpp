// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/expected.hpp>
#include <guide/geometry/export.hpp>
#include <guide/geometry/space.hpp>

#include <Eigen/Geometry>

namespace guide {

/// Checks that `matrix` (row-vector free, points are columns) is a rigid motion: last row 0 0 0 1,
/// rotation orthonormal to `tolerance`, determinant +1, all finite. Gives the motion, or the reason
/// why it is none.
[[nodiscard]] GUIDE_GEOMETRY_EXPORT Expected<Eigen::Isometry3d> rigid_from_matrix(
    const Eigen::Matrix4d& matrix, double tolerance = 1e-3);

/// A rigid motion that takes points of `From` to `To`; read `patient_from_probe * tip_in_probe`.
/// Millimetres.
template <class To, class From>
class RigidTransform {
  public:
    RigidTransform() : motion_(Eigen::Isometry3d::Identity()) {}
    explicit RigidTransform(const Eigen::Isometry3d& motion) : motion_(motion) {}

    [[nodiscard]] const Eigen::Isometry3d& motion() const { return motion_; }
    [[nodiscard]] RigidTransform<From, To> inverse() const {
        return RigidTransform<From, To>(motion_.inverse());
    }
    [[nodiscard]] Eigen::Vector3d operator*(const Eigen::Vector3d& point) const {
        return motion_ * point;
    }

    template <class Before>
    [[nodiscard]] RigidTransform<To, Before> operator*(
        const RigidTransform<From, Before>& first) const {
        return RigidTransform<To, Before>(motion_ * first.motion());
    }

  private:
    Eigen::Isometry3d motion_;
};

}  // namespace guide
