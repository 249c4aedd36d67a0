// SPDX-License-Identifier: Apache-2.0
#include "random_volume.hpp"

#include <guide/core/random.hpp>

#include <Eigen/Geometry>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

namespace guide::test {
namespace {

using Eigen::Vector3d;

struct Maker {
    explicit Maker(std::uint64_t seed) : random(seed) {}
    Random random;

    double between(double low, double high) { return random.uniform(low, high); }
    bool chance(double p) { return random.uniform() < p; }
    int count(int low, int high) {
        return low + static_cast<int>(random.uniform() * (high - low + 1));
    }
    Vector3d direction() {
        return Vector3d(random.normal(), random.normal(), random.normal()).normalized();
    }
};

/// Points of the limb: x and y along the skin, z the depth below its highest point, mm.
using Inside = std::function<bool(const Vector3d&)>;

Inside blob(Maker& m, const Vector3d& middle, const Vector3d& half) {
    const double rough = m.between(0, 0.25), phase = m.between(0, 6), tilt = m.between(-0.3, 0.3);
    const int turns = m.count(2, 4);
    return [=](const Vector3d& p) {
        Vector3d d = p - middle;
        d.z() += tilt * d.x();
        d = d.cwiseQuotient(half);
        return d.norm() < 1 + rough * std::sin(turns * std::atan2(d.y(), d.x()) + phase);
    };
}

Inside tube(Maker& m, const Vector3d& through, double radius) {
    Vector3d along = m.direction();
    along.z() *= 0.3;
    along.normalize();
    const double swing = m.between(0, 2), phase = m.between(0, 6);
    return [=](const Vector3d& p) {
        const Vector3d d = p - through;
        const double s = d.dot(along);
        Vector3d aside = d - s * along;
        aside.z() += swing * std::sin(s / 8 + phase);
        return aside.norm() < radius;
    };
}

plan::Approach random_approach(Maker& m, bool tight) {
    constexpr std::array views{View::suprapatellar_transverse, View::lateral, View::medial,
                               View::posterior};
    constexpr std::array sides{plan::EntrySide::any, plan::EntrySide::lateral,
                               plan::EntrySide::medial};
    plan::Approach a;
    a.name = "random";
    a.views = {views[static_cast<std::size_t>(m.count(0, 3))]};
    a.side = sides[static_cast<std::size_t>(m.count(0, 2))];
    a.target = plan::TargetRule::best_score;
    if (m.chance(0.2)) a.entry = plan::EntryRule::across_plane;
    a.angle_limit_deg = tight ? m.between(18, 40) : m.between(30, 75);
    a.angle_least_deg = m.chance(0.6) ? 0 : m.between(0, 0.6 * a.angle_limit_deg);
    a.angle_preferred_deg = (a.angle_least_deg + a.angle_limit_deg) / 2;
    a.bone_margin_mm = m.between(0, 3);
    a.wall_margin_mm = m.between(0.2, 2);
    a.margins = {{"vessel", m.between(1, tight ? 7 : 5)}, {"nerve", m.between(1, tight ? 7 : 5)}};
    a.other_margin_mm = m.between(0, 3);
    a.depth_limit_mm = m.chance(0.8) ? 60 : m.between(8, 30);
    a.allows_unseen = m.chance(0.2);
    return a;
}

}  // namespace

RandomVolume random_volume(std::uint64_t seed) {
    Maker m(seed);
    const bool tight = m.chance(0.4);
    RandomVolume scene;

    // Labels by shape, the last one wins.
    std::vector<std::pair<RandomLabel, Inside>> shapes;
    const Vector3d joint(m.between(22, 38), m.between(22, 38), m.between(10, 24));
    const double thick = m.between(1.5, 5);
    const double bone = joint.z() + thick + m.between(0, 2), wave = m.between(0, 2);
    const double phase = m.between(0, 6);
    const auto surface = [=](const Vector3d& p) {
        return bone + wave * std::sin(p.x() / 9 + phase) * std::cos(p.y() / 11);
    };
    for (int i = tight ? m.count(4, 10) : m.count(0, 4); i > 0; --i) {
        constexpr std::array kinds{kVessel, kNerve, kTendon, kFatPad, kVessel};
        const RandomLabel kind = kinds[static_cast<std::size_t>(m.count(0, 4))];
        const Vector3d at(m.between(5, 55), m.between(5, 55), m.between(5, joint.z() + 5));
        shapes.emplace_back(
            kind, m.chance(0.6) ? tube(m, at, m.between(0.8, 3))
                                : blob(m, at, {m.between(2, 9), m.between(2, 9), m.between(1, 3)}));
    }
    if (m.chance(0.3)) {
        const Vector3d at(m.between(5, 55), m.between(5, 55), m.between(4, joint.z()));
        shapes.emplace_back(kUnknown,
                            blob(m, at, {m.between(2, 8), m.between(2, 8), m.between(2, 8)}));
    }
    shapes.emplace_back(kBone, [=](const Vector3d& p) { return p.z() > surface(p); });
    if (m.chance(0.5)) {
        const double layer = m.between(0.8, 2.5);
        shapes.emplace_back(kCartilage, [=](const Vector3d& p) {
            return p.z() <= surface(p) && p.z() > surface(p) - layer;
        });
    }
    if (m.chance(0.4)) {
        const Vector3d at(m.between(10, 50), m.between(10, 50), m.between(6, joint.z()));
        shapes.emplace_back(kBone,
                            blob(m, at, {m.between(4, 10), m.between(4, 10), m.between(2, 5)}));
    }
    for (int i = m.count(1, 3); i > 0; --i) {
        const Vector3d at =
            i == 1 ? joint
                   : Vector3d(m.between(15, 45), m.between(15, 45), joint.z() + m.between(-3, 3));
        shapes.emplace_back(kJoint, blob(m, at, {m.between(5, 15), m.between(5, 15), thick}));
    }

    plan::Approach approach = random_approach(m, tight);
    scene.table.side = m.chance(0.5) ? plan::KneeSide::left : plan::KneeSide::right;
    // From the skin's axes to the patient's: the outward normal is the approach's face.
    const double left = scene.table.side == plan::KneeSide::left ? 1 : -1;
    Vector3d face(0, -1, 0);
    if (approach.views[0] == View::lateral) face = {left, 0, 0};
    if (approach.views[0] == View::medial) face = {-left, 0, 0};
    if (approach.views[0] == View::posterior) face = {0, 1, 0};
    Eigen::Matrix3d patient_from_limb;
    patient_from_limb.col(2) = -face;
    patient_from_limb.col(0) = Vector3d(0, 0, 1);
    patient_from_limb.col(1) = patient_from_limb.col(2).cross(patient_from_limb.col(0));
    patient_from_limb =
        Eigen::AngleAxisd(m.between(-0.25, 0.25), m.direction()).toRotationMatrix() *
        patient_from_limb;

    // Now and then a probe stands there, tilted a little.
    Vector3d probe_at(0, 0, 0);
    Eigen::Matrix3d tilt = Eigen::Matrix3d::Identity();
    const bool probe = m.chance(0.4);
    if (probe) {
        probe_at = {joint.x() + m.between(-15, 15), joint.y() + m.between(-15, 15), 0};
        tilt = Eigen::AngleAxisd(m.between(-0.2, 0.2), m.direction()).toRotationMatrix();
    }

    // Voxels along any axes of that space, now and then mirrored.
    std::array<int, 3> order{0, 1, 2};
    std::rotate(order.begin(), order.begin() + m.count(0, 2), order.end());
    const Vector3d size(60, 60, std::min(45.0, bone + 8));
    const double base = m.between(0.6, 1.1), top = m.between(3, 7);
    Eigen::Matrix3d limb_from_voxel = Eigen::Matrix3d::Zero();
    Vector3d first = Vector3d(0, 0, -top);
    LabelVolume& v = scene.volume;
    for (int a = 0; a < 3; ++a) {
        const int axis = order[static_cast<std::size_t>(a)];
        const double edge = base * (m.chance(0.5) ? 1 : m.between(0.8, 1.3));
        const double span = size[axis] + (axis == 2 ? top : 0);
        const bool back = m.chance(0.4);
        v.size[static_cast<std::size_t>(a)] = static_cast<int>(span / edge);
        limb_from_voxel(axis, a) = back ? -edge : edge;
        if (back) first[axis] += edge * (v.size[static_cast<std::size_t>(a)] - 1);
    }
    v.patient_from_voxel.linear() = patient_from_limb * limb_from_voxel;
    const Vector3d away(m.between(-50, 50), m.between(-50, 50), m.between(-50, 50));
    v.patient_from_voxel.translation() = patient_from_limb * first + away;
    if (probe) {
        const double turn = m.between(0, 3.1);
        scene.table.probe = {patient_from_limb * probe_at + away,
                             patient_from_limb * tilt * Vector3d(std::cos(turn), std::sin(turn), 0),
                             patient_from_limb * tilt * Vector3d(0, 0, 1), m.between(15, 40)};
    }
    v.labels.resize(v.count());
    const double curve = m.between(25, 120), ripple = m.between(0, 0.8), middle = m.between(20, 40);
    const bool all_round = m.chance(0.5);
    std::size_t at = 0;
    for (int k = 0; k < v.size[2]; ++k) {
        for (int j = 0; j < v.size[1]; ++j) {
            for (int i = 0; i < v.size[0]; ++i) {
                const Vector3d p = limb_from_voxel * Vector3d(i, j, k) + first;
                const double x = p.x() - 30, y = p.y() - middle;
                const double skin = (y * y + (all_round ? x * x : 0)) / (2 * curve) +
                                    ripple * std::sin(p.x() / 5) * std::sin(p.y() / 6);
                RandomLabel label = p.z() < skin ? kAir : kTissue;
                if (label == kTissue) {
                    for (const auto& [shape, inside] : shapes) {
                        if (inside(p)) label = shape;
                    }
                }
                v.labels[at++] = label;
            }
        }
    }
    using Role = plan::LabelRole;
    scene.table.labels = {{kAir, Role::outside, ""},           {kTissue, Role::soft, "tissue"},
                          {kJoint, Role::joint_space, ""},     {kBone, Role::bone, "femur"},
                          {kCartilage, Role::cartilage, ""},   {kVessel, Role::obstacle, "vessel"},
                          {kNerve, Role::obstacle, "nerve"},   {kTendon, Role::obstacle, "tendon"},
                          {kFatPad, Role::obstacle, "fat-pad"}};
    if (m.chance(0.3)) scene.table.boundary_sigma_mm = m.between(0, 1);

    constexpr std::array gauges{18, 20, 21, 22, 23, 25};
    scene.options.approach = "random";
    scene.options.own_approaches = {approach};
    scene.options.needle = *plan::standard_needle(gauges[static_cast<std::size_t>(m.count(0, 5))],
                                                  m.between(tight ? 22 : 35, tight ? 60 : 80));
    scene.options.hub_reserve_mm = m.between(0, 10);
    scene.options.skin_angle_least_deg = m.chance(0.3) ? 0 : m.between(3, 15);
    scene.options.aiming_sigma_mm = m.between(0.8, 3.5);
    return scene;
}

}  // namespace guide::test
