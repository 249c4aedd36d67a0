// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/simulate/tissue_field.hpp>

#include <algorithm>
#include <cmath>

namespace guide::simulate {
namespace {

constexpr float kDepthStep = 0.02F;  // mm

std::uint8_t coded(float depth) {
    return static_cast<std::uint8_t>(std::clamp(depth / kDepthStep + 0.5F, 0.0F, 255.0F));
}

}  // namespace

TissueField::TissueField(const VoxelGrid& grid, const RowSampler& sample,
                         const Execution& execution)
    : grid_(grid), grid_from_patient_(grid.patient_from_grid.inverse()) {
    require(grid.size[0] > 0 && grid.size[1] > 0 && grid.size[2] > 0, "TissueField",
            "the grid has voxels");
    labels_.resize(grid.count());
    depths_.resize(grid.count());
    const int width = grid.size[0];
    for_each_band(execution, grid.size[1] * grid.size[2], 32, [&](int begin, int end) {
        Eigen::Matrix3Xd points(3, width);
        std::vector<TissueSample> samples(static_cast<std::size_t>(width));
        for (int row = begin; row < end; ++row) {
            const int j = row % grid.size[1], k = row / grid.size[1];
            for (int i = 0; i < width; ++i)
                points.col(i) = grid.patient_from_grid * Eigen::Vector3d(i, j, k);
            sample(points, samples.data());
            const std::size_t start =
                static_cast<std::size_t>(row) * static_cast<std::size_t>(width);
            for (std::size_t i = 0; i < samples.size(); ++i) {
                labels_[start + i] = static_cast<std::uint8_t>(samples[i].tissue);
                depths_[start + i] = coded(samples[i].depth_mm);
            }
        }
    });
}

TissueField::TissueField(const VoxelGrid& grid, std::vector<std::uint8_t> labels,
                         const std::vector<float>& depths_mm)
    : grid_(grid),
      grid_from_patient_(grid.patient_from_grid.inverse()),
      labels_(std::move(labels)) {
    depths_.reserve(depths_mm.size());
    for (const float depth : depths_mm)
        depths_.push_back(coded(depth));
}

/// The eight voxels about a point and their weights.
struct TissueField::Cell {
    std::uint8_t label[8];
    float depth[8];  // steps
    float weight[8];

    /// Depth of `tissue` here, negative outside of it.
    [[nodiscard]] float phi(std::uint8_t tissue) const {
        float sum = 0;
        for (int i = 0; i < 8; ++i)
            sum += weight[i] * (label[i] == tissue ? depth[i] : -depth[i]);
        return sum;
    }
};

bool TissueField::cell_at(const Eigen::Vector3d& in_grid, Cell& cell) const {
    int at[3], next[3];
    float f[3];
    for (int a = 0; a < 3; ++a) {
        const double last = grid_.size[static_cast<std::size_t>(a)] - 1;
        if (!(in_grid[a] >= -0.5 && in_grid[a] <= last + 0.5)) return false;
        const double inside = std::clamp(in_grid[a], 0.0, last);
        at[a] = static_cast<int>(inside);
        next[a] = std::min(at[a] + 1, static_cast<int>(last));
        f[a] = static_cast<float>(inside - at[a]);
    }
    const auto width = static_cast<std::size_t>(grid_.size[0]);
    const auto height = static_cast<std::size_t>(grid_.size[1]);
    for (int i = 0; i < 8; ++i) {
        const int x = (i & 1) != 0 ? next[0] : at[0], y = (i & 2) != 0 ? next[1] : at[1],
                  z = (i & 4) != 0 ? next[2] : at[2];
        const std::size_t index =
            (static_cast<std::size_t>(z) * height + static_cast<std::size_t>(y)) * width +
            static_cast<std::size_t>(x);
        cell.label[i] = labels_[index];
        cell.depth[i] = depths_[index];
        cell.weight[i] = ((i & 1) != 0 ? f[0] : 1 - f[0]) * ((i & 2) != 0 ? f[1] : 1 - f[1]) *
                         ((i & 4) != 0 ? f[2] : 1 - f[2]);
    }
    return true;
}

TissueSample TissueField::at_grid(const Eigen::Vector3d& in_grid) const {
    Cell cell;
    if (!cell_at(in_grid, cell)) return {};
    // The tissue whose interpolated depth is largest; the smaller label where two are equal.
    std::uint8_t best = cell.label[0];
    float deepest = cell.phi(best);
    for (int i = 1; i < 8; ++i) {
        const std::uint8_t label = cell.label[i];
        if (label == best) continue;
        const float phi = cell.phi(label);
        if (phi > deepest || (phi == deepest && label < best)) {
            deepest = phi;
            best = label;
        }
    }
    return {static_cast<Tissue>(best), std::max(0.0F, deepest) * kDepthStep};
}

TissueSample TissueField::voxel(std::size_t index) const {
    return {static_cast<Tissue>(labels_[index]), static_cast<float>(depths_[index]) * kDepthStep};
}

TissueSample TissueField::at(const Eigen::Vector3d& point) const {
    return at_grid(grid_from_patient_ * point);
}

void TissueField::along(const Eigen::Vector3d& start, const Eigen::Vector3d& step, int count,
                        TissueSample* samples) const {
    const Eigen::Vector3d first = grid_from_patient_ * start;
    const Eigen::Vector3d stride = grid_from_patient_.linear() * step;
    for (int i = 0; i < count; ++i)
        samples[i] = at_grid(first + i * stride);
}

Eigen::Vector3d TissueField::normal_at(const Eigen::Vector3d& point) const {
    const auto own = static_cast<std::uint8_t>(at(point).tissue);
    // Central differences over half a voxel to both sides, in the grid; then to patient space as
    // gradients go.
    const Eigen::Vector3d in_grid = grid_from_patient_ * point;
    Eigen::Vector3d gradient = Eigen::Vector3d::Zero();
    for (int a = 0; a < 3; ++a) {
        Cell before, after;
        const Eigen::Vector3d half = 0.5 * Eigen::Vector3d::Unit(a);
        if (!cell_at(in_grid - half, before) || !cell_at(in_grid + half, after)) continue;
        gradient[a] = static_cast<double>(after.phi(own)) - static_cast<double>(before.phi(own));
    }
    const Eigen::Vector3d out = -(grid_from_patient_.linear().transpose() * gradient);
    const double length = out.norm();
    return length > 1e-6 ? Eigen::Vector3d(out / length) : Eigen::Vector3d::Zero();
}

}  // namespace guide::simulate
