// SPDX-License-Identifier: Apache-2.0
#include <guide/geometry/rigid_transform.hpp>

namespace guide {

Expected<Eigen::Isometry3d> rigid_from_matrix(const Eigen::Matrix4d& matrix, double tolerance) {
    if (!matrix.allFinite())
        return no_answer("not-finite", "The transform has entries that are not numbers.");
    if (!matrix.row(3).isApprox(Eigen::RowVector4d(0, 0, 0, 1))) {
        return no_answer("not-affine", "The last row of the transform is not 0 0 0 1.");
    }
    const Eigen::Matrix3d rotation = matrix.topLeftCorner<3, 3>();
    if (!(rotation * rotation.transpose()).isIdentity(tolerance) || rotation.determinant() < 0) {
        return no_answer("not-rigid",
                         "The transform scales, shears or mirrors; a rigid motion is needed.");
    }
    Eigen::Isometry3d motion = Eigen::Isometry3d::Identity();
    motion.matrix() = matrix;
    return motion;
}

}  // namespace guide
