// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/execution.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

namespace guide::plan {

/// Voxels as boxes along the axes of a space in millimetres: voxel (i, j, k) is centred at
/// low + (i, j, k) * edge.
struct VoxelFrame {
    std::array<int, 3> size{};
    Eigen::Vector3d edge{1, 1, 1}, low{0, 0, 0};

    [[nodiscard]] std::size_t count() const {
        return static_cast<std::size_t>(size[0]) * static_cast<std::size_t>(size[1]) *
               static_cast<std::size_t>(size[2]);
    }
    [[nodiscard]] std::size_t index(int i, int j, int k) const {
        return static_cast<std::size_t>(i) +
               static_cast<std::size_t>(size[0]) *
                   (static_cast<std::size_t>(j) +
                    static_cast<std::size_t>(size[1]) * static_cast<std::size_t>(k));
    }
    [[nodiscard]] Eigen::Vector3d centre(int i, int j, int k) const {
        return low + Eigen::Vector3d(i, j, k).cwiseProduct(edge);
    }
    /// In voxels, so that whole numbers are centres.
    [[nodiscard]] Eigen::Vector3d in_voxels(const Eigen::Vector3d& p) const {
        return (p - low).cwiseQuotient(edge);
    }
    /// The point of the frame's boxes that is nearest to `p`.
    [[nodiscard]] Eigen::Vector3d held(const Eigen::Vector3d& p) const {
        const Eigen::Vector3d half = edge / 2;
        return p.cwiseMax(low - half)
            .cwiseMin(centre(size[0] - 1, size[1] - 1, size[2] - 1) + half);
    }
    [[nodiscard]] bool holds(const Eigen::Vector3d& p) const {
        const Eigen::Vector3d v = in_voxels(p);
        return v.x() >= -0.5 && v.y() >= -0.5 && v.z() >= -0.5 && v.x() <= size[0] - 0.5 &&
               v.y() <= size[1] - 0.5 && v.z() <= size[2] - 0.5;
    }
};

/// For each voxel's centre the nearest box of a set, and from that distances anywhere.
class BoxField {
  public:
    static constexpr double kFar = 1e3;  ///< mm, where the set is empty
    /// Axes are at most this long.
    static constexpr int kLongestX = 2048, kLongestY = 2048, kLongestZ = 1023;

    BoxField() = default;
    /// `in_set` holds a value other than 0 for each voxel of the set, x fastest.
    BoxField(const VoxelFrame& frame, const std::vector<std::uint8_t>& in_set,
             const Execution& execution);

    [[nodiscard]] bool empty() const { return nearest_.empty(); }

    /// The distance to a box of the set that is the nearest one of the voxel that holds `p`: never
    /// too short, too long by at most twice the distance to that voxel's centre.
    [[nodiscard]] double quick(const Eigen::Vector3d& p) const {
        return quick_in_voxels(frame_.in_voxels(p));
    }
    [[nodiscard]] double quick_in_voxels(const Eigen::Vector3d& v) const {
        if (empty()) return kFar;
        const auto node = [](double at, int size) {
            return std::clamp(static_cast<int>(at + 0.5), 0, size - 1);
        };
        return std::sqrt(to_box(
            v, nearest_[frame_.index(node(v.x(), frame_.size[0]), node(v.y(), frame_.size[1]),
                                     node(v.z(), frame_.size[2]))]));
    }
    /// The least distance to the boxes nearest to the eight centres about `p`: never too short, and
    /// hardly ever too long.
    [[nodiscard]] double near(const Eigen::Vector3d& p) const {
        return near_in_voxels(frame_.in_voxels(p));
    }
    [[nodiscard]] double near_in_voxels(const Eigen::Vector3d& v) const;
    /// The distance, where it is less than `cutoff`, else at least `cutoff`: every box that could
    /// be nearer than near() says is looked at.
    [[nodiscard]] double exact(const Eigen::Vector3d& p, double cutoff) const;
    /// A distance that is never too long: from the centres about `p`.
    [[nodiscard]] double least(const Eigen::Vector3d& p) const;

    [[nodiscard]] const VoxelFrame& frame() const { return frame_; }

  private:
    static constexpr std::uint32_t kNone = 0xffffffffU;

    /// Squared.
    [[nodiscard]] double to_box(const Eigen::Vector3d& in_voxels, std::uint32_t box) const {
        // As a sum of both halves, a maximum without a branch.
        const auto beyond = [](double away) { return 0.5 * (away + std::abs(away)); };
        const double dx = beyond(std::abs(in_voxels.x() - static_cast<int>(box & 0x7ffU)) - 0.5);
        const double dy =
            beyond(std::abs(in_voxels.y() - static_cast<int>((box >> 11) & 0x7ffU)) - 0.5);
        const double dz = beyond(std::abs(in_voxels.z() - static_cast<int>(box >> 22)) - 0.5);
        return dx * dx * edge2_.x() + dy * dy * edge2_.y() + dz * dz * edge2_.z();
    }
    template <class Visit>
    void visit_corners(const Eigen::Vector3d& v, Visit visit) const;

    VoxelFrame frame_;
    Eigen::Vector3d edge2_{1, 1, 1};      // squared edges
    std::vector<std::uint32_t> nearest_;  // x, y and z in 11, 11 and 10 bits
};

}  // namespace guide::plan
