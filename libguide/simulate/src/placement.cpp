// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/simulate/placement.hpp>

#include <cmath>
#include <numbers>

namespace guide::simulate {
namespace {

using Eigen::Vector3d;

/// A place on the skin: what the beam runs to, whence, and the picture's right.
struct Place {
    Vector3d towards, beam, right;
};

Place place_of(const Knee& knee, View view) {
    const KneeLandmarks marks = knee.landmarks();
    // Medial is to the left of a right knee.
    const double side = knee.parameters().laterality == Laterality::right ? 1 : -1;
    const Vector3d medial(side, 0, 0), back(0, 1, 0), down = -marks.femur_axis;
    switch (view) {
        case View::suprapatellar_long:
            return {marks.patella_base + Vector3d(0, 0, 22), back, down};
        case View::suprapatellar_transverse:
            return {marks.patella_base + Vector3d(0, 0, 16), back, Vector3d::UnitX()};
        case View::trochlea:
            return {marks.trochlea, (back + 0.35 * down).normalized(), Vector3d::UnitX()};
        case View::medial:
            return {marks.medial_joint, -medial, -marks.tibia_axis};
        case View::lateral:
            return {marks.lateral_joint, medial, -marks.tibia_axis};
        case View::posterior:
            return {marks.popliteal, -back, Vector3d::UnitX()};
        case View::bone:
            return {marks.tibial_face, (back - medial).normalized(), -marks.tibia_axis};
        default:
            break;
    }
    throw PreconditionError("standard_pose",
                            "an ultrasound view, not '" + std::string(name_of(view)) + "'");
}

Vector3d across_to(const Vector3d& direction, const Vector3d& axis) {
    return (direction - direction.dot(axis) * axis).normalized();
}

}  // namespace

RigidTransform<PatientSpace, ProbeSpace> standard_pose(const Knee& knee, View view,
                                                       const ProbeOffset& offset, double face_mm,
                                                       double face_radius_mm) {
    constexpr double kDegree = std::numbers::pi / 180, kOutside = 150;  // mm
    constexpr double kPressed = 8;  // mm that skin gives way without pain
    require(face_mm >= 5 && face_mm <= 200, "standard_pose", "face_mm is 5 to 200");
    require(face_radius_mm == 0 || (face_radius_mm >= face_mm / 2 && face_radius_mm <= 1000),
            "standard_pose", "face_radius_mm is 0, or half of face_mm to 1000");
    ProbeContact face;
    face.width_mm = face_mm;
    face.radius_mm = face_radius_mm;
    const Place place = place_of(knee, view);
    Eigen::Isometry3d pose = Eigen::Isometry3d::Identity();
    const Vector3d right = across_to(place.right, place.beam);
    pose.linear().col(0) = right;
    pose.linear().col(1) = place.beam;
    pose.linear().col(2) = right.cross(place.beam);
    pose.translation() = place.towards;
    pose = pose * Eigen::Translation3d(offset.along_mm, 0, offset.across_mm) *
           Eigen::AngleAxisd(offset.turn_deg * kDegree, Vector3d::UnitY());

    const auto depth_at = [&](double x) {
        const auto skin = knee.skin_from(pose * Vector3d(x, -kOutside, 0), pose.linear().col(1));
        require(skin.has_value(), "standard_pose", "the probe meets skin");
        return (*skin - pose * Vector3d(x, -kOutside, 0)).norm() - kOutside;
    };
    // The face lies flat: its ends as deep in the skin one as the other, then in the middle of what
    // it presses and what it leaves.
    for (int round = 0; round < 4; ++round) {
        const double left = depth_at(-0.4 * face_mm), end = depth_at(0.4 * face_mm);
        const double middle = depth_at(0);
        pose = pose * Eigen::Translation3d(0, middle, 0) *
               Eigen::AngleAxisd(std::atan2(end - left, 0.8 * face_mm), Vector3d::UnitZ());
    }
    double least = 1e9, most = -1e9;
    for (double x = -face_mm / 2; x <= face_mm / 2; x += 2) {
        const double depth = depth_at(x) + face.rise_mm(x);
        least = std::min(least, depth);
        most = std::max(most, depth);
    }
    return RigidTransform<PatientSpace, ProbeSpace>(
        pose * Eigen::Translation3d(0, std::min((least + most) / 2, least + kPressed), 0) *
        Eigen::AngleAxisd(offset.tilt_deg * kDegree, Vector3d::UnitX()) *
        Eigen::AngleAxisd(offset.rock_deg * kDegree, Vector3d::UnitZ()));
}

bool through_probe(const ProbeContact& face, const Vector3d& tip, const Vector3d& direction) {
    constexpr double kStep = 0.1, kHigh = 60;  // mm
    if (direction.y() <= 1e-3) return false;
    for (Vector3d p = tip; p.y() > -kHigh; p -= kStep * direction) {
        if (std::abs(p.x()) < 0.5 * face.width_mm && std::abs(p.z()) < 0.5 * face.thickness_mm &&
            p.y() < -face.rise_mm(p.x()))
            return true;
    }
    return false;
}

}  // namespace guide::simulate
