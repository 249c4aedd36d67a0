// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/simulate/carm.hpp>

#include <Eigen/Geometry>

#include <cmath>
#include <numbers>

namespace guide::simulate {

using Eigen::AngleAxisd;
using Eigen::Matrix3d;
using Eigen::Vector3d;

void CArm::validate() const {
    const auto within = [](double value, double low, double high, const char* rule) {
        require(value >= low && value <= high, "CArm", rule);
    };
    require(isocentre.allFinite(), "CArm", "isocentre is finite");
    within(source_to_isocentre_mm, 100, 3000, "source_to_isocentre_mm is 100 to 3000");
    within(source_to_detector_mm, source_to_isocentre_mm + 1, 5000,
           "source_to_detector_mm is above source_to_isocentre_mm, to 5000");
    within(primary_deg, -180, 180, "primary_deg is -180 to 180");
    within(secondary_deg, -60, 60, "secondary_deg is -60 to 60");
    within(roll_deg, -180, 180, "roll_deg is -180 to 180");
    within(pixel_mm, 0.01, 10, "pixel_mm is 0.01 to 10");
    within(width, 1, 8192, "width is 1 to 8192 px");
    within(height, 1, 8192, "height is 1 to 8192 px");
}

ProjectionGeometry CArm::geometry() const {
    validate();
    constexpr double kDegree = std::numbers::pi / 180;
    const Matrix3d turned = (AngleAxisd(primary_deg * kDegree, Vector3d::UnitZ()) *
                             AngleAxisd(-secondary_deg * kDegree, Vector3d::UnitX()))
                                .toRotationMatrix();
    const Matrix3d rolled =
        turned * AngleAxisd(roll_deg * kDegree, Vector3d::UnitY()).toRotationMatrix();
    const Vector3d beam = turned.col(1);
    ProjectionGeometry g;
    g.width = width;
    g.height = height;
    g.source = isocentre - source_to_isocentre_mm * beam;
    g.right = pixel_mm * rolled.col(0);
    g.down = -pixel_mm * rolled.col(2);
    g.first_pixel = g.source + source_to_detector_mm * beam - 0.5 * (width - 1) * g.right -
                    0.5 * (height - 1) * g.down;
    return g;
}

PinholeCamera calibration_of(const ProjectionGeometry& geometry) {
    geometry.validate();
    const double pixel_x = geometry.right.norm(), pixel_y = geometry.down.norm();
    const Vector3d right = geometry.right / pixel_x, down = geometry.down / pixel_y;
    require(std::abs(right.dot(down)) < 1e-9, "calibration_of", "pixels stand at right angles");
    PinholeCamera c;
    Vector3d beam = right.cross(down);
    const double distance = (geometry.first_pixel - geometry.source).dot(beam);
    c.rotation.row(0) = right;
    c.rotation.row(1) = down;
    c.rotation.row(2) = distance < 0 ? Vector3d(-beam) : beam;
    c.translation = -c.rotation * geometry.source;
    const Vector3d first = c.rotation * (geometry.first_pixel - geometry.source);
    c.intrinsic << first.z() / pixel_x, 0, -first.x() / pixel_x,  //
        0, first.z() / pixel_y, -first.y() / pixel_y,             //
        0, 0, 1;
    return c;
}

}  // namespace guide::simulate
