// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/segment/bone_registration.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace guide::segment {
namespace {

/// One axis smoothed by a binomial of five voxels.
void smooth_along(std::vector<float>& values, const std::array<int, 3>& size, int axis) {
    const std::array<std::size_t, 3> step{
        1, static_cast<std::size_t>(size[0]),
        static_cast<std::size_t>(size[0]) * static_cast<std::size_t>(size[1])};
    const int n = size[static_cast<std::size_t>(axis)];
    const std::size_t s = step[static_cast<std::size_t>(axis)];
    std::vector<float> line(static_cast<std::size_t>(n));
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (static_cast<int>(i / s) % n != 0) continue;  // the line's first voxel
        const auto at = [&](int k) {
            return values[i + static_cast<std::size_t>(std::clamp(k, 0, n - 1)) * s];
        };
        for (int k = 0; k < n; ++k) {
            line[static_cast<std::size_t>(k)] =
                (at(k - 2) + at(k + 2) + 4 * (at(k - 1) + at(k + 1)) + 6 * at(k)) / 16;
        }
        for (int k = 0; k < n; ++k)
            values[i + static_cast<std::size_t>(k) * s] = line[static_cast<std::size_t>(k)];
    }
}

}  // namespace

BonePoints bone_points_of(const LabelVolume& volume, const std::vector<std::uint8_t>& labels) {
    require(volume.labels.size() == volume.count(), "bone_points_of", "a label for each voxel");
    std::array<bool, 256> wanted{};
    for (const std::uint8_t label : labels)
        wanted[label] = true;
    std::vector<float> bone(volume.count());
    for (std::size_t i = 0; i < bone.size(); ++i)
        bone[i] = wanted[volume.labels[i]] ? 1.0F : 0.0F;
    for (int axis = 0; axis < 3; ++axis)
        smooth_along(bone, volume.size, axis);

    BonePoints result;
    const auto nx = static_cast<std::size_t>(volume.size[0]),
               nxy = nx * static_cast<std::size_t>(volume.size[1]);
    const Eigen::Matrix3d to_patient = volume.patient_from_voxel.linear();
    const Eigen::Matrix3d slope_to_patient = to_patient.inverse().transpose();
    constexpr int kMargin = 3;  // voxels at the volume's faces, where bones are cut off
    for (int z = kMargin; z < volume.size[2] - kMargin; ++z) {
        for (int y = kMargin; y < volume.size[1] - kMargin; ++y) {
            for (int x = kMargin; x < volume.size[0] - kMargin; ++x) {
                const std::size_t i = static_cast<std::size_t>(z) * nxy +
                                      static_cast<std::size_t>(y) * nx +
                                      static_cast<std::size_t>(x);
                const double value = bone[i];
                if (value < 0.5) continue;
                if (bone[i - 1] >= 0.5F && bone[i + 1] >= 0.5F && bone[i - nx] >= 0.5F &&
                    bone[i + nx] >= 0.5F && bone[i - nxy] >= 0.5F && bone[i + nxy] >= 0.5F)
                    continue;
                const Eigen::Vector3d slope(
                    0.5 * static_cast<double>(bone[i + 1] - bone[i - 1]),
                    0.5 * static_cast<double>(bone[i + nx] - bone[i - nx]),
                    0.5 * static_cast<double>(bone[i + nxy] - bone[i - nxy]));
                const double steep = slope.norm();
                if (steep < 0.05) continue;  // the two sides of a thin sheet
                const double way = std::min(1.0, (value - 0.5) / steep);
                const Eigen::Vector3d at = Eigen::Vector3d(x, y, z) - way / steep * slope;
                result.points.emplace_back(volume.patient_from_voxel * at);
                result.normals.push_back(-(slope_to_patient * slope).normalized());
            }
        }
    }
    return result;
}

}  // namespace guide::segment
