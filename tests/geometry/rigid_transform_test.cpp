// SPDX-License-Identifier: Apache-2.0
#include <guide/geometry/rigid_transform.hpp>

#include <catch2/catch.hpp>

#include <limits>

using namespace guide;

namespace {

Eigen::Isometry3d some_motion() {
    Eigen::Isometry3d m = Eigen::Isometry3d::Identity();
    m.rotate(Eigen::AngleAxisd(0.7, Eigen::Vector3d(1, 2, 3).normalized()));
    m.pretranslate(Eigen::Vector3d(5, -6, 7));
    return m;
}

}  // namespace

TEST_CASE("rigid transform: inverse and composition undo each other") {
    const RigidTransform<PatientSpace, ProbeSpace> patient_from_probe(some_motion());
    const Eigen::Vector3d tip_in_probe(1, 2, 3);
    const Eigen::Vector3d back = patient_from_probe.inverse() * (patient_from_probe * tip_in_probe);
    CHECK((back - tip_in_probe).norm() < 1e-12);
    const RigidTransform<PatientSpace, PatientSpace> same =
        patient_from_probe * patient_from_probe.inverse();
    CHECK(same.motion().matrix().isIdentity(1e-12));
}

TEST_CASE("rigid transform: a matrix that is no rigid motion is refused with the reason") {
    CHECK(rigid_from_matrix(some_motion().matrix()).has_value());
    Eigen::Matrix4d scaled = some_motion().matrix();
    scaled.topLeftCorner<3, 3>() *= 1.1;
    CHECK(rigid_from_matrix(scaled).error().code == "not-rigid");
    Eigen::Matrix4d mirror = Eigen::Matrix4d::Identity();
    mirror(0, 0) = -1;
    CHECK(rigid_from_matrix(mirror).error().code == "not-rigid");
    Eigen::Matrix4d nan = Eigen::Matrix4d::Identity();
    nan(1, 2) = std::numeric_limits<double>::quiet_NaN();
    CHECK(rigid_from_matrix(nan).error().code == "not-finite");
    Eigen::Matrix4d projective = Eigen::Matrix4d::Identity();
    projective(3, 0) = 0.5;
    CHECK(rigid_from_matrix(projective).error().code == "not-affine");
}
