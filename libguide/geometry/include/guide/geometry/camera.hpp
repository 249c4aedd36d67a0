// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/expected.hpp>
#include <guide/geometry/export.hpp>
#include <guide/geometry/point.hpp>

#include <Eigen/Core>

#include <vector>

namespace guide {

/// A half line in space.
struct Ray {
    Eigen::Vector3d origin;     ///< mm
    Eigen::Vector3d direction;  ///< unit vector
};

/// A pinhole camera, or the tube and detector of an X-ray set: pixel ~ K (R X + t). Pixel centres
/// are integers, x right, y down; X in mm. Hartley and Zisserman 2004, chapter 6.
struct PinholeCamera {
    Eigen::Matrix3d intrinsic = Eigen::Matrix3d::Identity();  ///< K, px
    Eigen::Matrix3d rotation = Eigen::Matrix3d::Identity();   ///< R, rows: right, down, ahead
    Eigen::Vector3d translation = Eigen::Vector3d::Zero();    ///< t, mm

    /// The reason why this is no camera: K not upper triangular with positive focal lengths and
    /// last row 0 0 1, R no rotation (to `tolerance`), or a number that is not finite.
    [[nodiscard]] GUIDE_GEOMETRY_EXPORT Expected<void> validate(double tolerance = 1e-4) const;

    /// Where a point is seen. Points that are not ahead of the camera have no meaningful pixel.
    [[nodiscard]] PixelPoint project(const Eigen::Vector3d& point) const {
        const Eigen::Vector3d p = intrinsic * (rotation * point + translation);
        return {p.x() / p.z(), p.y() / p.z()};
    }
    /// How far ahead of the camera a point lies, mm.
    [[nodiscard]] double depth(const Eigen::Vector3d& point) const {
        return rotation.row(2).dot(point) + translation.z();
    }
    /// The camera's centre; of an X-ray set the focal spot.
    [[nodiscard]] Eigen::Vector3d centre() const { return -rotation.transpose() * translation; }

    /// All points that are seen at a pixel.
    [[nodiscard]] GUIDE_GEOMETRY_EXPORT Ray ray(PixelPoint pixel) const;
    /// Millimetres that a pixel stands for at the depth of a point: magnification and parallax come
    /// in here.
    [[nodiscard]] GUIDE_GEOMETRY_EXPORT double mm_per_pixel(const Eigen::Vector3d& point) const;
};

/// The same point seen in one of several views.
struct Sighting {
    PinholeCamera camera;
    PixelPoint pixel;
    double sigma_px = 1;  ///< > 0, standard deviation of the pixel, per axis
};

struct Triangulation {
    Eigen::Vector3d point;       ///< mm
    Eigen::Matrix3d covariance;  ///< mm^2, from the sightings' sigmas
    /// mm, from the point to the ray of the view it misses by most: how well the sightings agree.
    double ray_miss_mm = 0;
    double reprojection_px = 0;  ///< root of the mean square, over views and axes
};

/// The point that explains sightings best: the least sum of squared distances in the pictures, in
/// units of their sigmas (Gauss-Newton from the point nearest to the rays). No answer:
/// "few-sightings" (fewer than two), "bad-camera", "bad-sighting" (not finite, sigma not positive),
/// "parallel-rays" (all within one degree), "behind-camera". Hartley and Zisserman 2004,
/// section 12.
[[nodiscard]] GUIDE_GEOMETRY_EXPORT Expected<Triangulation> triangulate(
    const std::vector<Sighting>& sightings);

}  // namespace guide
