// SPDX-License-Identifier: Apache-2.0
#include <guide/geometry/camera.hpp>

#include <Eigen/Cholesky>
#include <Eigen/Geometry>

#include <algorithm>
#include <cmath>

namespace guide {
namespace {

constexpr double kParallel = 0.0175;  // radians
constexpr int kSteps = 20;            // of Gauss and Newton, at most; three do

using Normal = Eigen::Matrix3d;

Eigen::Vector3d off_ray(const Ray& ray, const Eigen::Vector3d& point) {
    const Eigen::Vector3d from = point - ray.origin;
    return from - from.dot(ray.direction) * ray.direction;
}

/// The point with the least sum of squared distances to the rays.
Eigen::Vector3d nearest_to(const std::vector<Ray>& rays) {
    Normal sum = Normal::Zero();
    Eigen::Vector3d right = Eigen::Vector3d::Zero();
    for (const Ray& ray : rays) {
        const Normal across = Normal::Identity() - ray.direction * ray.direction.transpose();
        sum += across;
        right += across * ray.origin;
    }
    return sum.ldlt().solve(right);
}

/// How the pixel of a point moves with it.
Eigen::Matrix<double, 2, 3> derivative(const PinholeCamera& camera, const Eigen::Vector3d& point) {
    const Eigen::Matrix3d m = camera.intrinsic * camera.rotation;
    const Eigen::Vector3d p = m * point + camera.intrinsic * camera.translation;
    Eigen::Matrix<double, 2, 3> d;
    for (int i = 0; i < 2; ++i)
        d.row(i) = (m.row(i) - p(i) / p.z() * m.row(2)) / p.z();
    return d;
}

Eigen::Vector2d rest_of(const Sighting& sighting, const Eigen::Vector3d& point) {
    const PixelPoint seen = sighting.camera.project(point);
    return {sighting.pixel.x - seen.x, sighting.pixel.y - seen.y};
}

Expected<void> check(const std::vector<Sighting>& sightings) {
    if (sightings.size() < 2)
        return no_answer("few-sightings", "A point in space needs two views at least.");
    for (const Sighting& s : sightings) {
        if (const auto camera = s.camera.validate(); !camera) return camera;
        if (!std::isfinite(s.pixel.x) || !std::isfinite(s.pixel.y) || !std::isfinite(s.sigma_px) ||
            !(s.sigma_px > 0))
            return no_answer("bad-sighting", "A sighting is not finite or its sigma not positive.");
    }
    return {};
}

bool all_parallel(const std::vector<Ray>& rays) {
    return std::all_of(rays.begin(), rays.end(), [&](const Ray& ray) {
        return rays.front().direction.cross(ray.direction).norm() < kParallel;
    });
}

}  // namespace

Expected<Triangulation> triangulate(const std::vector<Sighting>& sightings) {
    if (const auto good = check(sightings); !good) return tl::unexpected(good.error());
    std::vector<Ray> rays;
    for (const Sighting& s : sightings)
        rays.push_back(s.camera.ray(s.pixel));
    if (all_parallel(rays))
        return no_answer("parallel-rays", "The views look the same way: depth cannot be told.");

    Triangulation result;
    result.point = nearest_to(rays);
    Normal information = Normal::Zero();
    for (int step = 0; step < kSteps; ++step) {
        information.setZero();
        Eigen::Vector3d right = Eigen::Vector3d::Zero();
        for (const Sighting& s : sightings) {
            if (!(s.camera.depth(result.point) > 0))
                return no_answer("behind-camera", "The rays meet behind a camera.");
            const auto d = derivative(s.camera, result.point);
            const double weight = 1 / (s.sigma_px * s.sigma_px);
            information += weight * d.transpose() * d;
            right += weight * d.transpose() * rest_of(s, result.point);
        }
        const Eigen::Vector3d move = information.ldlt().solve(right);
        result.point += move;
        if (move.norm() < 1e-9) break;
    }
    result.covariance = information.ldlt().solve(Normal::Identity());
    double squares = 0;
    for (std::size_t i = 0; i < sightings.size(); ++i) {
        squares += rest_of(sightings[i], result.point).squaredNorm();
        result.ray_miss_mm = std::max(result.ray_miss_mm, off_ray(rays[i], result.point).norm());
    }
    result.reprojection_px = std::sqrt(squares / (2.0 * static_cast<double>(sightings.size())));
    return result;
}

}  // namespace guide
