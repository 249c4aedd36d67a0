// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/segment/bone_registration.hpp>
#include <guide/simulate/fluoroscopy.hpp>

#include <catch2/catch.hpp>

#include <cmath>
#include <numbers>
#include <string>
#include <vector>

using namespace guide;
using namespace guide::segment;
using Eigen::Isometry3d;
using Eigen::Vector3d;

namespace {

/// Something like a femur's end: a shaft and two condyles of unlike size, in flesh.
simulate::TissueSample leg(const Vector3d& p) {
    const double shaft = std::hypot(p.x(), p.y()) - (p.z() > 0 ? 13 + 0.06 * p.z() : 13);
    const double one = (p - Vector3d(-17, 6, -8)).cwiseQuotient(Vector3d(14, 22, 16)).norm();
    const double two = (p - Vector3d(18, 3, -6)).cwiseQuotient(Vector3d(15, 17, 19)).norm();
    const bool bone = (shaft < 0 && p.z() > -10) || one < 1 || two < 1;
    const bool flesh = std::hypot(p.x(), p.y()) < 46;
    return {bone    ? simulate::Tissue::femur
            : flesh ? simulate::Tissue::muscle
                    : simulate::Tissue::outside,
            1};
}

LabelVolume labels_of_leg() {
    LabelVolume volume;
    volume.size = {81, 81, 81};
    volume.patient_from_voxel.translation() = Vector3d::Constant(-40);
    for (int i = 0; i < 81 * 81 * 81; ++i) {
        const Vector3d p(i % 81 - 40, i / 81 % 81 - 40, i / (81 * 81) - 40);
        volume.labels.push_back(leg(p).tissue == simulate::Tissue::femur ? 2 : 0);
    }
    return volume;
}

struct Pair {
    std::vector<Frame> frames;
    std::vector<RegistrationView> views;
};

/// From in front and from the side.
Pair pictures(bool bone_bright) {
    simulate::VoxelGrid grid;
    grid.size = {101, 101, 101};
    grid.patient_from_grid.translation() = Vector3d::Constant(-50);
    simulate::FluoroscopySimulator simulator(grid, leg);
    Pair pair;
    simulate::FluoroscopySettings s;
    s.arm.width = s.arm.height = 180;
    s.arm.pixel_mm = 0.8;
    s.black_od = 5;
    s.bone_bright = bone_bright;
    for (const double degrees : {0.0, 90.0}) {
        s.arm.primary_deg = degrees;
        pair.frames.push_back(simulator.frame(s));
        pair.views.push_back({nullptr, simulate::calibration_of(s.arm.geometry())});
    }
    for (std::size_t i = 0; i < 2; ++i)
        pair.views[i].frame = &pair.frames[i];
    return pair;
}

BonePoints moved(const BonePoints& bones, const Isometry3d& motion) {
    BonePoints result = bones;
    for (Vector3d& p : result.points)
        p = motion * p;
    for (Vector3d& n : result.normals)
        n = motion.linear() * n;
    return result;
}

Isometry3d motion_of(const Vector3d& way_mm, const Vector3d& axis, double degrees) {
    Isometry3d motion = Isometry3d::Identity();
    motion.linear() =
        Eigen::AngleAxisd(degrees * std::numbers::pi / 180, axis.normalized()).toRotationMatrix();
    motion.translation() = way_mm;
    return motion;
}

std::string code_of(const Expected<BoneRegistration>& result) {
    return result ? "none" : result.error().code;
}

}  // namespace

TEST_CASE("bone points: the surface lies between the voxels, normals point out") {
    LabelVolume ball;
    ball.size = {61, 61, 31};
    ball.patient_from_voxel.linear() = Eigen::Vector3d(1, 1, 2).asDiagonal();
    for (int i = 0; i < 61 * 61 * 31; ++i) {
        const Vector3d p(i % 61 - 30, i / 61 % 61 - 30, 2.0 * (i / (61 * 61) - 15));
        ball.labels.push_back(p.norm() < 20 ? 7 : 0);
    }
    const BonePoints bones = bone_points_of(ball, {7});
    REQUIRE(bones.points.size() > 1500);
    double worst = 0, along = 1;
    for (std::size_t i = 0; i < bones.points.size(); ++i) {
        const Vector3d out = bones.points[i] - Vector3d(30, 30, 30);
        worst = std::max(worst, std::abs(out.norm() - 20));
        along = std::min(along, bones.normals[i].dot(out.normalized()));
    }
    CHECK(worst < 1.2);
    CHECK(along > 0.85);
    CHECK(bone_points_of(ball, {3}).points.empty());
    ball.labels.pop_back();
    CHECK_THROWS_AS(bone_points_of(ball, {7}), PreconditionError);
}

TEST_CASE("bone registration: from 10 mm and 10 degrees away to below half a millimetre") {
    const BonePoints bones = bone_points_of(labels_of_leg(), {2});
    const bool bright = GENERATE(true, false);
    const Pair pair = pictures(bright);
    const Isometry3d away =
        motion_of(Vector3d(6, -5, 6.2), bright ? Vector3d(1, 2, -1) : Vector3d(-1, 1, 2), 10);
    const auto found = register_bones(moved(bones, away), pair.views);
    REQUIRE(found.has_value());
    CHECK(found->bones_bright == bright);
    CHECK(found->support > 0.65);
    for (const Vector3d& target : {Vector3d(0, 0, -10), Vector3d(20, 0, 10), Vector3d(0, 20, 0)})
        CHECK((found->motion * (away * target) - target).norm() < 0.5);
    const auto threaded = register_bones(moved(bones, away), pair.views, {}, {2});
    REQUIRE(threaded.has_value());
    CHECK(threaded->motion.matrix() == found->motion.matrix());
}

TEST_CASE("bone registration: says why there is no answer") {
    const BonePoints bones = bone_points_of(labels_of_leg(), {2});
    const Pair pair = pictures(true);
    CHECK(code_of(register_bones(bones, {pair.views[0]})) == "few-views");
    CHECK(code_of(register_bones({}, pair.views)) == "no-bones");
    auto views = pair.views;
    views[1].camera.rotation.row(0) *= -1;
    CHECK(code_of(register_bones(bones, views)) == "bad-camera");
    const auto beside = motion_of(Vector3d(400, 0, 0), Vector3d::UnitX(), 0);
    CHECK(code_of(register_bones(moved(bones, beside), pair.views)) == "not-seen");
    // Upside down, the bones fit nowhere within reach.
    const auto turned = motion_of(Vector3d::Zero(), Vector3d::UnitX(), 180);
    CHECK(code_of(register_bones(moved(bones, turned), pair.views)) == "not-registered");
    RegistrationOptions options;
    options.reach_mm = 0;
    CHECK_THROWS_WITH(register_bones(bones, pair.views, options), Catch::Contains("reach_mm"));
}
