// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/execution.hpp>
#include <guide/core/expected.hpp>
#include <guide/simulate/export.hpp>
#include <guide/simulate/tissue.hpp>

#include <Eigen/Geometry>

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

namespace guide::simulate {

/// A box of voxels in patient space: voxel (i, j, k) stands at patient_from_grid * (i, j, k), so
/// spacing and direction are the columns of its linear part (mm, LPS).
struct VoxelGrid {
    std::array<int, 3> size{};
    Eigen::Affine3d patient_from_grid = Eigen::Affine3d::Identity();

    [[nodiscard]] std::size_t count() const {
        return static_cast<std::size_t>(size[0]) * static_cast<std::size_t>(size[1]) *
               static_cast<std::size_t>(size[2]);
    }
};

/// What the field knows of one point.
struct TissueSample {
    Tissue tissue = Tissue::outside;
    float depth_mm = 0;  ///< to the nearest boundary of this tissue, 0 or more, cut off at 5 mm
};

/// What lies at a point of patient space, mm. Called from several threads.
using TissueSampler = std::function<TissueSample(const Eigen::Vector3d&)>;

/// The whole phantom as one field: at each voxel a tissue and the distance to that tissue's
/// boundary. Between voxels the distance is interpolated with the sign of the tissue asked for, so
/// boundaries lie where the distance fields say, between voxels, and not in steps. Everything,
/// pictures and truth alike, is drawn from this one field: truth is exact by construction.
class GUIDE_SIMULATE_EXPORT TissueField {
  public:
    TissueField() = default;

    /// From functions of space: `sample` gives the tissue and its depth at points of one grid row
    /// (patient mm, structure of arrays), and is called from several threads.
    using RowSampler = std::function<void(const Eigen::Matrix3Xd& points, TissueSample* samples)>;
    TissueField(const VoxelGrid& grid, const RowSampler& sample, const Execution& execution = {});

    /// From labels, x fastest: the boundaries are those of the labels smoothed by `smooth_mm`, or
    /// voxel faces when it is 0. Throws PreconditionError for a wrong count or an unknown label.
    [[nodiscard]] static TissueField from_labels(const VoxelGrid& grid,
                                                 const std::vector<std::uint8_t>& labels,
                                                 double smooth_mm, const Execution& execution = {});

    [[nodiscard]] const VoxelGrid& grid() const { return grid_; }
    [[nodiscard]] const std::vector<std::uint8_t>& labels() const { return labels_; }

    /// At a voxel, by its place in labels().
    [[nodiscard]] TissueSample voxel(std::size_t index) const;

    /// At one point, patient mm; outside the grid: `outside`.
    [[nodiscard]] TissueSample at(const Eigen::Vector3d& point) const;

    /// At `count` points along a line from `start` in steps of `step` (patient mm).
    void along(const Eigen::Vector3d& start, const Eigen::Vector3d& step, int count,
               TissueSample* samples) const;

    /// Unit vector out of the tissue at `point` towards its nearest boundary; zero where unknown.
    [[nodiscard]] Eigen::Vector3d normal_at(const Eigen::Vector3d& point) const;

  private:
    struct Cell;
    TissueField(const VoxelGrid& grid, std::vector<std::uint8_t> labels,
                const std::vector<float>& depths_mm);
    [[nodiscard]] bool cell_at(const Eigen::Vector3d& in_grid, Cell& cell) const;
    [[nodiscard]] TissueSample at_grid(const Eigen::Vector3d& in_grid) const;

    VoxelGrid grid_;
    Eigen::Affine3d grid_from_patient_ = Eigen::Affine3d::Identity();
    std::vector<std::uint8_t> labels_;  // x fastest
    std::vector<std::uint8_t> depths_;  // in steps of 0.02 mm
};

}  // namespace guide::simulate
