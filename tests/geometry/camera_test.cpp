// SPDX-License-Identifier: Apache-2.0
#include <guide/core/random.hpp>
#include <guide/geometry/camera.hpp>

#include <Eigen/Geometry>
#include <catch2/catch.hpp>

#include <cmath>

using namespace guide;
using Eigen::Vector3d;

namespace {

/// A tube a metre away that looks at the origin, turned by `degrees` about the limb.
PinholeCamera tube(double degrees, double distance = 1000) {
    PinholeCamera camera;
    camera.intrinsic << 5000, 0, 512, 0, 5000, 500, 0, 0, 1;
    camera.rotation = Eigen::AngleAxisd(degrees * M_PI / 180, Vector3d::UnitY()).toRotationMatrix();
    camera.translation = {0, 0, distance};
    return camera;
}

Sighting see(const PinholeCamera& camera, const Vector3d& point, double sigma = 1) {
    return {camera, camera.project(point), sigma};
}

}  // namespace

TEST_CASE("camera: a ray through a pixel meets what is seen there") {
    const PinholeCamera camera = tube(30);
    REQUIRE(camera.validate());
    const Vector3d point(12, -7, 30);
    const Ray ray = camera.ray(camera.project(point));
    const Vector3d from = point - ray.origin;
    CHECK(from.cross(ray.direction).norm() < 1e-9);
    CHECK(from.dot(ray.direction) > 0);
    CHECK((camera.centre() - ray.origin).norm() == 0);
    CHECK(camera.depth(camera.centre()) == Approx(0).margin(1e-9));
}

TEST_CASE("camera: magnification grows towards the tube") {
    const PinholeCamera camera = tube(0);
    CHECK(camera.mm_per_pixel({0, 0, 0}) == Approx(0.2));
    CHECK(camera.mm_per_pixel({5, 9, -200}) == Approx(0.16));
    // As the pictures say it.
    const PixelPoint a = camera.project({0, 0, -200}), b = camera.project({1, 0, -200});
    CHECK(b.x - a.x == Approx(1 / 0.16));
}

TEST_CASE("camera: what is none says why") {
    PinholeCamera camera = tube(0);
    camera.intrinsic(1, 0) = 3;
    CHECK(camera.validate().error().code == "bad-camera");
    camera = tube(0);
    camera.intrinsic(0, 0) = -5000;
    CHECK_FALSE(camera.validate());
    camera = tube(0);
    camera.rotation.row(0) *= -1;  // a mirror
    CHECK_FALSE(camera.validate());
    camera = tube(0);
    camera.rotation(0, 0) += 0.01;
    CHECK_FALSE(camera.validate());
    camera = tube(0);
    camera.translation(1) = NAN;
    CHECK_FALSE(camera.validate());
}

TEST_CASE("triangulation: two or three exact sightings give the point") {
    const Vector3d point(31, -12, 8);
    std::vector<Sighting> sightings{see(tube(0), point), see(tube(90), point)};
    if (GENERATE(false, true)) sightings.push_back(see(tube(40, 800), point, 0.3));
    const auto found = triangulate(sightings);
    REQUIRE(found);
    CHECK((found->point - point).norm() < 1e-8);
    CHECK(found->ray_miss_mm < 1e-8);
    CHECK(found->reprojection_px < 1e-7);
}

TEST_CASE("triangulation: the stated error is the one that is made") {
    Random random(4);
    const Vector3d point(5, 20, -10);
    const PinholeCamera a = tube(0), b = tube(25);  // close together: depth is the hard part
    Eigen::Matrix3d stated = Eigen::Matrix3d::Zero(), made = Eigen::Matrix3d::Zero();
    constexpr int kTimes = 4000;
    for (int i = 0; i < kTimes; ++i) {
        std::vector<Sighting> sightings{see(a, point, 2), see(b, point, 2)};
        for (Sighting& s : sightings) {
            s.pixel.x += 2 * random.normal();
            s.pixel.y += 2 * random.normal();
        }
        const auto found = triangulate(sightings);
        REQUIRE(found);
        const Vector3d off = found->point - point;
        made += off * off.transpose() / kTimes;
        stated += found->covariance / kTimes;
    }
    for (int i = 0; i < 3; ++i)
        CHECK(made(i, i) == Approx(stated(i, i)).epsilon(0.08));
    CHECK(made(2, 2) > 4 * made(1, 1));
}

TEST_CASE("triangulation: the surer view counts more") {
    const Vector3d point(0, 0, 0);
    std::vector<Sighting> sightings{see(tube(0), point, 0.1), see(tube(90), point, 10)};
    sightings[0].pixel.y += 3;
    sightings[1].pixel.y -= 3;
    const auto found = triangulate(sightings);
    REQUIRE(found);
    CHECK(found->point.y() == Approx(0.6).margin(0.01));
    CHECK(found->ray_miss_mm == Approx(1.2).margin(0.02));
}

TEST_CASE("triangulation: what cannot be told is refused") {
    const Vector3d point(1, 2, 3);
    const Sighting a = see(tube(0), point), b = see(tube(90), point);
    CHECK(triangulate({a}).error().code == "few-sightings");
    CHECK(triangulate({a, a}).error().code == "parallel-rays");
    Sighting bad = b;
    bad.sigma_px = 0;
    CHECK(triangulate({a, bad}).error().code == "bad-sighting");
    bad = b;
    bad.pixel.x = NAN;
    CHECK(triangulate({a, bad}).error().code == "bad-sighting");
    bad = b;
    bad.camera.intrinsic(2, 2) = 0;
    CHECK(triangulate({a, bad}).error().code == "bad-camera");
    // Rays that part: they meet behind the tubes.
    Sighting left = see(tube(10), point), right = see(tube(-10), point);
    std::swap(left.camera, right.camera);
    left.camera.translation.z() = right.camera.translation.z() = -1000;
    CHECK_FALSE(triangulate({left, right}));
}
