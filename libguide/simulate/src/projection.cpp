// SPDX-License-Identifier: Apache-2.0
#include "projection_rays.hpp"

#include <guide/core/error.hpp>
#include <guide/simulate/projection.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace guide::simulate {

namespace {

/// Numbers after the last voxel that kernels may read: two of the widest vectors.
constexpr std::size_t kBeyond = 64;
/// Rays of the widest vector, and of the narrowest.
constexpr int kLanes = 16, kFewestLanes = 1;
/// Steps a slab; more would be a ray nearly along the slab.
constexpr int kMostCuts = 64;

/// One row of the picture in the grid's indices: fast, middle and slow axis.
struct PixelRow {
    Eigen::Vector3d source, first, step;  ///< source, first pixel, from pixel to pixel
    Eigen::Vector3d down;                 ///< to the next row
    Eigen::Vector3d first_mm, step_mm;    ///< from the source, mm
    std::array<int, 3> size;
};

/// Puts ray `i` of a block on its way to pixel `x`; in double precision.
void aim(const PixelRow& row, int x, int i, RayBlock& rays) {
    const Eigen::Vector3d way = row.first + x * row.step - row.source;
    const double run = way[2];
    double low = std::max(-0.5, std::min(row.source[2], row.source[2] + run));
    double high = std::min(row.size[2] - 0.5, std::max(row.source[2], row.source[2] + run));
    double origin[2], slope[2];
    for (int a = 0; a < 2; ++a) {
        const auto n = static_cast<std::size_t>(a);
        slope[a] = way[a] / run;
        origin[a] = row.source[a] - slope[a] * row.source[2];
        const double last = row.size[n] - 0.5;
        if (std::abs(slope[a]) < 1e-9) {
            if (origin[a] < -0.5 || origin[a] > last) high = low;
            continue;
        }
        const double one = (-0.5 - origin[a]) / slope[a], two = (last - origin[a]) / slope[a];
        low = std::max(low, std::min(one, two));
        high = std::min(high, std::max(one, two));
    }
    // A ray that misses stands still where there is a voxel.
    const bool misses = !(high > low);
    const auto stored = [misses](double v) { return misses ? 0.0F : static_cast<float>(v); };
    const auto inverse = [](double v) { return v == 0 ? 0.0F : static_cast<float>(1 / v); };
    rays.origin_f[i] = stored(origin[0] + 1.5);  // the ring of zeros, and half a voxel
    rays.origin_m[i] = stored(origin[1] + 1.5);
    rays.slope_f[i] = stored(slope[0]);
    rays.slope_m[i] = stored(slope[1]);
    rays.inverse_f[i] = inverse(slope[0]);
    rays.inverse_m[i] = inverse(slope[1]);
    rays.enter[i] = stored(low);
    rays.leave[i] = stored(high);
    rays.sum[i] = 0;
}

/// The middle axis of the ray below.
void look_ahead(const PixelRow& row, int x, int i, RayBlock& rays) {
    const Eigen::Vector3d way = row.first + row.down + x * row.step - row.source;
    const double slope = std::abs(way[2]) > 1e-9 ? way[1] / way[2] : 0;
    rays.next_slope_m[i] = static_cast<float>(slope);
    rays.next_origin_m[i] = static_cast<float>(row.source[1] - slope * row.source[2] + 1.5);
}

}  // namespace

void ProjectionGeometry::validate() const {
    const auto check = [](bool holds, const char* rule) {
        require(holds, "ProjectionGeometry", rule);
    };
    check(width >= 1 && width <= 8192, "width is 1 to 8192 px");
    check(height >= 1 && height <= 8192, "height is 1 to 8192 px");
    check(source.allFinite(), "source is finite");
    check(first_pixel.allFinite(), "first_pixel is finite");
    check(right.allFinite() && down.allFinite(), "right and down are finite");
    const Eigen::Vector3d normal = right.cross(down);
    check(normal.norm() > 1e-9, "right and down span pixels");
    check(std::abs((source - first_pixel).dot(normal.normalized())) > 1e-6,
          "source lies off the detector");
}

Projector::Projector(const VoxelGrid& grid) : grid_(grid) {
    require(grid.size[0] > 0 && grid.size[1] > 0 && grid.size[2] > 0, "Projector",
            "the grid has voxels");
    std::size_t padded = 1;
    for (const int n : grid.size)
        padded *= static_cast<std::size_t>(n) + 2;
    require(padded <= static_cast<std::size_t>(INT32_MAX), "Projector",
            "the grid has fewer than 2^31 voxels");
    require(std::abs(grid.patient_from_grid.linear().determinant()) > 1e-12, "Projector",
            "the grid has three axes");
    grid_from_patient_ = grid.patient_from_grid.inverse();
}

Projector::Projector(const VoxelGrid& grid, std::vector<float> values) : Projector(grid) {
    require(values.size() == grid.count(), "Projector", "values has one number a voxel");
    require(std::all_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); }),
            "Projector", "values are finite");
    values_ = std::move(values);
}

Projector::Projector(const VoxelGrid& grid, std::vector<std::uint8_t> codes) : Projector(grid) {
    require(codes.size() == grid.count(), "Projector", "codes has one number a voxel");
    codes_ = std::move(codes);
}

Projector::Axes Projector::axes_along(int slow, const Eigen::Vector3d& row) const {
    const auto size = [&](int a) { return grid_.size[static_cast<std::size_t>(a)]; };
    Axes axes;
    axes.slow = slow;
    // Neighbouring rays of a row lie in one line of voxels, as far as that can be.
    axes.fast = slow == 0 ? 1 : 0;
    axes.middle = slow == 2 ? 1 : 2;
    if (std::abs(row[axes.middle]) > std::abs(row[axes.fast])) std::swap(axes.fast, axes.middle);
    // A ring of zeros about each slab: rounding may put a ray's end there.
    axes.line = size(axes.fast) + 2;
    axes.plane = axes.line * size(slow);
    axes.count =
        static_cast<std::size_t>(axes.plane) * (static_cast<std::size_t>(size(axes.middle)) + 2) +
        kBeyond;
    return axes;
}

template <class T>
void Projector::sort(const Axes& axes, const std::vector<T>& from, std::vector<T>& to,
                     const Execution& execution) const {
    const std::size_t pitch[3] = {
        1, static_cast<std::size_t>(grid_.size[0]),
        static_cast<std::size_t>(grid_.size[0]) * static_cast<std::size_t>(grid_.size[1])};
    const auto size = [&](int a) {
        return static_cast<std::size_t>(grid_.size[static_cast<std::size_t>(a)]);
    };
    to.assign(axes.count, T{});
    for_each_band(execution, static_cast<int>(size(axes.middle)), 4, [&](int begin, int end) {
        for (auto m = static_cast<std::size_t>(begin); m < static_cast<std::size_t>(end); ++m) {
            for (std::size_t s = 0; s < size(axes.slow); ++s) {
                const T* line = from.data() + s * pitch[axes.slow] + m * pitch[axes.middle];
                T* out = to.data() + (m + 1) * static_cast<std::size_t>(axes.plane) +
                         s * static_cast<std::size_t>(axes.line) + 1;
                for (std::size_t f = 0; f < size(axes.fast); ++f)
                    out[f] = line[f * pitch[axes.fast]];
            }
        }
    });
}

void Projector::project(const ProjectionGeometry& geometry, ImageView<float> out,
                        const Execution& execution) {
    require(!values_.empty(), "Projector::project", "a projector of codes is told their values");
    const Axes axes = axes_for(geometry, out);
    std::vector<float>& sorted = sorted_[axes.order()];
    if (sorted.empty()) sort(axes, values_, sorted, execution);
    follow_all(geometry, axes, sorted.data(), out, execution);
}

void Projector::project(const ProjectionGeometry& geometry, const CodeValues& values,
                        ImageView<float> out, const Execution& execution) {
    require(!codes_.empty(), "Projector::project", "a projector of values has no codes");
    require(std::all_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); }),
            "Projector::project", "values are finite");
    const Axes axes = axes_for(geometry, out);
    std::vector<std::uint8_t>& sorted = sorted_codes_[axes.order()];
    if (sorted.empty()) sort(axes, codes_, sorted, execution);
    expanded_.resize(axes.count);
    const auto planes = static_cast<int>(axes.count / static_cast<std::size_t>(axes.plane));
    const auto middle = static_cast<std::size_t>(axes.middle);
    for_each_band(execution, planes, 4, [&](int begin, int end) {
        for (int m = begin; m < end; ++m) {
            // The ring is empty, whatever its code means.
            const bool empty = m == 0 || m > grid_.size[middle];
            const auto plane = static_cast<std::size_t>(axes.plane);
            const auto line = static_cast<std::size_t>(axes.line);
            for (std::size_t at = static_cast<std::size_t>(m) * plane, s = 0; s < plane;
                 s += line, at += line) {
                float* to = expanded_.data() + at;
                for (std::size_t f = 1; f + 1 < line; ++f)
                    to[f] = empty ? 0.0F : values[sorted[at + f]];
                to[0] = to[line - 1] = 0;
            }
        }
    });
    follow_all(geometry, axes, expanded_.data(), out, execution);
}

Projector::Axes Projector::axes_for(const ProjectionGeometry& geometry,
                                    ImageView<float> out) const {
    geometry.validate();
    require(out.width == geometry.width && out.height == geometry.height, "Projector::project",
            "out has the geometry's size");
    // The axis that the rays of all corners follow most, so that every ray crosses slabs steeply.
    const Eigen::Vector3d source = grid_from_patient_ * geometry.source;
    Eigen::Matrix<double, 3, 4> corners;
    for (int i = 0; i < 4; ++i) {
        const double x = i % 2 == 0 ? 0 : geometry.width - 1.0;
        const double y = i < 2 ? 0 : geometry.height - 1.0;
        corners.col(i) = (grid_from_patient_ * geometry.pixel(x, y) - source).normalized();
    }
    int axis = 0;
    const double least = corners.cwiseAbs().rowwise().minCoeff().maxCoeff(&axis);
    const bool one_way = corners.row(axis).minCoeff() > 0 || corners.row(axis).maxCoeff() < 0;
    const double slope = (corners.array().rowwise() / corners.row(axis).array()).abs().maxCoeff();
    require(least > 0 && one_way && slope <= kMostCuts, "Projector::project",
            "the rays open less wide than half a turn, about one axis of the grid");
    Axes axes = axes_along(axis, grid_from_patient_.linear() * geometry.right);
    axes.cuts = std::max(1, static_cast<int>(std::ceil(slope - 1e-9)));
    return axes;
}

void Projector::follow_all(const ProjectionGeometry& geometry, const Axes& axes,
                           const float* values, ImageView<float> out,
                           const Execution& execution) const {
    const auto size = [&](int a) { return grid_.size[static_cast<std::size_t>(a)]; };
    const FollowRays follow = follow_rays();
    const VoxelPlanes voxels{values, axes.line, axes.plane, size(axes.middle) + 2, axes.cuts};
    const auto sorted_way = [&](const Eigen::Vector3d& v) {
        return Eigen::Vector3d(v[axes.fast], v[axes.middle], v[axes.slow]);
    };
    PixelRow shared;
    shared.source = sorted_way(grid_from_patient_ * geometry.source);
    shared.step = sorted_way(grid_from_patient_.linear() * geometry.right);
    shared.down = sorted_way(grid_from_patient_.linear() * geometry.down);
    shared.step_mm = geometry.right;
    shared.size = {size(axes.fast), size(axes.middle), size(axes.slow)};
    // Voxels in rising order from ray to ray.
    const bool backwards = shared.step[0] < 0;

    for_each_band(execution, geometry.height, 8, [&](int begin, int end) {
        RayBlock rays;
        PixelRow row = shared;
        for (int y = begin; y < end; ++y) {
            row.first = sorted_way(grid_from_patient_ * geometry.pixel(0, y));
            row.first_mm = geometry.pixel(0, y) - geometry.source;
            for (int x0 = 0; x0 < geometry.width; x0 += RayBlock::kMost) {
                const int count = std::min(RayBlock::kMost, geometry.width - x0);
                const auto pixel = [&](int i) {
                    const int x = x0 + std::min(i, count - 1);
                    return backwards ? geometry.width - 1 - x : x;
                };
                rays.count = (count + kLanes - 1) / kLanes * kLanes;
                for (int i = 0; i < rays.count; ++i) {
                    aim(row, pixel(i), i, rays);
                    if (i % kFewestLanes == 0) look_ahead(row, pixel(i), i, rays);
                }
                follow(voxels, row.size[2], rays);
                for (int i = 0; i < count; ++i) {
                    const int x = pixel(i);
                    // mm a slab.
                    const double mm = (row.first_mm + x * row.step_mm).norm() /
                                      std::abs(row.first[2] + x * row.step[2] - row.source[2]);
                    out.at(x, y) = static_cast<float>(static_cast<double>(rays.sum[i]) * mm);
                }
            }
        }
    });
}

}  // namespace guide::simulate
