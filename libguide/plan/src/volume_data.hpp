// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "volume_boxes.hpp"

#include <guide/plan/volume_scene.hpp>

#include <Eigen/Geometry>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace guide::plan {

/// What a voxel is to the planner: an entry of the table, or what was derived beside it.
struct VoxelClass {
    LabelRole role = LabelRole::unknown;
    std::string name;
};

/// Voxels of the joint space that follow one another along x.
struct JointRun {
    double from_mm, to_mm;  ///< its ends, in the scene's millimetres
};

/// Runs of one row.
struct JointRow {
    int j, k;
    std::size_t first, last;  ///< of `runs`
};

/// A volume made ready. Positions are in millimetres along the voxels' axes ("scene mm"), origin at
/// the first voxel's centre.
struct VolumeData {
    VoxelFrame frame;
    Eigen::Affine3d patient_from_scene = Eigen::Affine3d::Identity();  ///< rigid, may mirror
    std::vector<VoxelClass> classes;
    std::array<LabelRole, 256> role_of{};  ///< of each class
    std::vector<std::uint8_t> class_of;    ///< of each voxel
    BoxField solid, unknown, air;          ///< solid: bone and cartilage
    struct Kind {
        std::string name;
        BoxField boxes;
    };
    std::vector<Kind> kinds;  ///< of obstacles
    /// About the joint space only: it, and all that is not it.
    BoxField joint, not_joint;
    std::vector<JointRow> rows;
    std::vector<JointRun> runs;
    Eigen::Vector3d joint_low, joint_high;  ///< corners of the joint space's box, scene mm
    Eigen::Vector3d joint_middle;           ///< centroid, scene mm
    double joint_mm3 = 0, widest = 0, boundary_sigma = 0;
    bool has_bone = false;
    /// Of the table: scene mm, unit vectors.
    std::optional<ProbePlace> probe;
    KneeSide side = KneeSide::unknown;
    std::vector<Reason> notes;

    [[nodiscard]] Eigen::Vector3d to_scene(const Eigen::Vector3d& patient) const {
        return patient_from_scene.inverse() * patient;
    }
    [[nodiscard]] Eigen::Vector3d turned_to_scene(const Eigen::Vector3d& patient_direction) const {
        return (patient_from_scene.linear().inverse() * patient_direction).normalized();
    }
    [[nodiscard]] const VoxelClass& at(int i, int j, int k) const {
        return classes[class_of[frame.index(i, j, k)]];
    }
    [[nodiscard]] LabelRole role_at(int i, int j, int k) const {
        return role_of[class_of[frame.index(i, j, k)]];
    }
    /// Of the voxel that holds the point; `unknown` outside the volume.
    [[nodiscard]] LabelRole role_at(const Eigen::Vector3d& p) const {
        if (!frame.holds(p)) return LabelRole::unknown;
        const Eigen::Vector3d v = frame.in_voxels(p);
        std::array<int, 3> n{};
        for (int a = 0; a < 3; ++a)
            n[static_cast<std::size_t>(a)] =
                std::clamp(static_cast<int>(std::floor(v[a] + 0.5)), 0,
                           frame.size[static_cast<std::size_t>(a)] - 1);
        return role_at(n[0], n[1], n[2]);
    }
    /// Distance to the joint space's wall, negative outside of it; where it is far, no nearer than
    /// known.
    [[nodiscard]] double wall(const Eigen::Vector3d& p) const {
        return role_at(p) == LabelRole::joint_space ? not_joint.near(p) : -joint_distance(p);
    }
    /// 0 in the joint space; beyond its surroundings the distance to the border of these.
    [[nodiscard]] double joint_distance(const Eigen::Vector3d& p) const;
};

}  // namespace guide::plan
