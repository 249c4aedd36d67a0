// SPDX-License-Identifier: Apache-2.0
#include <guide/geometry/camera.hpp>

#include <Eigen/LU>

#include <cmath>

namespace guide {

Expected<void> PinholeCamera::validate(double tolerance) const {
    const auto fault = [](const char* why) { return no_answer("bad-camera", why); };
    if (!intrinsic.allFinite() || !rotation.allFinite() || !translation.allFinite())
        return fault("The camera holds a number that is not finite.");
    const auto& k = intrinsic;
    const bool triangular = k(1, 0) == 0 && k(2, 0) == 0 && k(2, 1) == 0 && k(2, 2) == 1;
    if (!triangular || !(k(0, 0) > 0) || !(k(1, 1) > 0)) {
        return fault(
            "The camera matrix is not upper triangular with positive focal lengths and last row "
            "0 0 1.");
    }
    const Eigen::Matrix3d rest = rotation * rotation.transpose() - Eigen::Matrix3d::Identity();
    if (rest.cwiseAbs().maxCoeff() > tolerance || rotation.determinant() < 0)
        return fault("The camera's rotation is none.");
    return {};
}

Ray PinholeCamera::ray(PixelPoint pixel) const {
    const Eigen::Vector3d ahead = intrinsic.inverse() * Eigen::Vector3d(pixel.x, pixel.y, 1);
    return {centre(), (rotation.transpose() * ahead).normalized()};
}

double PinholeCamera::mm_per_pixel(const Eigen::Vector3d& point) const {
    return depth(point) / std::sqrt(intrinsic(0, 0) * intrinsic(1, 1));
}

}  // namespace guide
