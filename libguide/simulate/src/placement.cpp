// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/simulate/placement.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

namespace guide::simulate {
namespace {

using Eigen::Vector3d;

Vector3d across_to(const Vector3d& direction, const Vector3d& axis) {
    return (direction - direction.dot(axis) * axis).normalized();
}

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
            return {marks.tibial_face, across_to(0.77 * back - 0.64 * medial, marks.tibia_axis),
                    across_to(Vector3d::UnitX(), marks.tibia_axis)};
        default:
            break;
    }
    throw PreconditionError("standard_pose",
                            "an ultrasound view, not '" + std::string(name_of(view)) + "'");
}

}  // namespace

RigidTransform<PatientSpace, ProbeSpace> standard_pose(const Knee& knee, View view,
                                                       const ProbeOffset& offset, double face_mm,
                                                       double face_radius_mm) {
    constexpr double kDegree = std::numbers::pi / 180, kOutside = 150;  // mm
    constexpr double kPressed = 8;   // mm that skin gives way without pain
    constexpr double kTurned = 0.6;  // radians a round, so that it settles on narrow legs
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

    const auto skin_at = [&](double x) -> std::optional<double> {
        const Vector3d outside = pose * Vector3d(x, -kOutside, 0);
        const auto skin = knee.skin_from(outside, pose.linear().col(1));
        if (!skin) return std::nullopt;
        return (*skin - outside).norm() - kOutside;
    };
    // The face lies flat: its ends as deep in the skin one as the other, then in the middle of what
    // it presses and what it leaves.
    for (int round = 0; round < 4; ++round) {
        const auto middle = skin_at(0);
        require(middle.has_value(), "standard_pose", "skin below the middle of the probe");
        // Where the leg is narrower than the face: as far out as there is skin on both sides.
        double out = 0.4 * face_mm;
        auto left = skin_at(-out), right_end = skin_at(out);
        while ((!left || !right_end) && out > 0.05 * face_mm) {
            out *= 0.75;
            left = skin_at(-out);
            right_end = skin_at(out);
        }
        const double slope = left && right_end ? std::atan2(*right_end - *left, 2 * out) : 0;
        pose = pose * Eigen::Translation3d(0, *middle, 0) *
               Eigen::AngleAxisd(std::clamp(slope, -kTurned, kTurned), Vector3d::UnitZ());
    }
    double least = 1e9, most = -1e9;
    for (double x = -face_mm / 2; x <= face_mm / 2; x += 2) {
        const auto skin = skin_at(x);
        if (!skin) continue;
        least = std::min(least, *skin + face.rise_mm(x));
        most = std::max(most, *skin + face.rise_mm(x));
    }
    require(least < 1e9, "standard_pose", "skin below the middle of the probe");
    return RigidTransform<PatientSpace, ProbeSpace>(
        pose * Eigen::Translation3d(0, std::min((least + most) / 2, least + kPressed), 0) *
        Eigen::AngleAxisd(offset.tilt_deg * kDegree, Vector3d::UnitX()) *
        Eigen::AngleAxisd(offset.rock_deg * kDegree, Vector3d::UnitZ()));
}

Vector3d limb_centre(const Knee& knee, View view) {
    constexpr double kDeep = 45;  // mm from the shank's skin
    if (view != View::bone) return Vector3d::Zero();
    const Place place = place_of(knee, view);
    return place.towards + kDeep * place.beam;
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
