// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/simulate/projection.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>

// Everything between here and HWY_AFTER_NAMESPACE is compiled once for each instruction set.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "projection.cpp"
#include "kernel.hpp"

#include <hwy/highway.h>

#ifndef GUIDE_SIMULATE_PROJECTION
#define GUIDE_SIMULATE_PROJECTION
namespace guide::simulate {

/// Neighbouring rays on their way through slabs, in the indices of slabs as they are stored: whole
/// numbers at voxels' borders. Along the slow axis s a ray runs at f = origin_f + slope_f * s.
struct RayBlock {
    static constexpr int kMost = 512;
    int count = 0;  ///< a multiple of the widest vector
    alignas(64) float origin_f[kMost], slope_f[kMost], inverse_f[kMost];  // inverse: 1 / slope
    alignas(64) float origin_m[kMost], slope_m[kMost], inverse_m[kMost];
    alignas(64) float enter[kMost], leave[kMost];  // s at the ends of what counts
    alignas(64) float f[kMost], m[kMost];          // voxel reached
    alignas(64) float sum[kMost];
};

/// A slab, or a part of it in which no ray runs more than one voxel to the side.
struct SlabPart {
    const float* values;
    float pitch;     ///< from line to line of voxels
    float from, to;  ///< s
};

}  // namespace guide::simulate
#endif

HWY_BEFORE_NAMESPACE();
namespace guide::simulate::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::ScalableTag<float>;
using Ints = hn::RebindToSigned<Floats>;
using V = hn::Vec<Floats>;
using I = hn::Vec<Ints>;

/// One voxel a lane, in a slab: whole numbers, and the place of its value.
struct Voxels {
    V f, m;
    I index;
};

HWY_INLINE Voxels voxels(V f, V m, V pitch) {
    return {f, m, hn::NearestInt(hn::MulAdd(m, pitch, f))};
}

/// The values of those voxels. Neighbouring rays mostly meet one line of voxels, close together and
/// in order: then two loads and a shuffle do what a gather takes many loads for.
HWY_INLINE V values_of(const float* slab, I index) {
    const Floats d;
#if HWY_TARGET != HWY_SCALAR
    const Ints di;
    const hn::RebindToUnsigned<Ints> du;
    const int lanes = static_cast<int>(hn::Lanes(d)), first = hn::GetLane(index);
    const auto ahead = hn::BitCast(du, hn::Sub(index, hn::Set(di, first)));
    if (hn::AllTrue(du, hn::Lt(ahead, hn::Set(du, static_cast<std::uint32_t>(2 * lanes))))) {
        const V low = hn::LoadU(d, slab + first), high = hn::LoadU(d, slab + first + lanes);
        const auto within = hn::And(ahead, hn::Set(du, static_cast<std::uint32_t>(lanes - 1)));
        const auto shuffle = hn::IndicesFromVec(d, within);
        const auto near = hn::Lt(ahead, hn::Set(du, static_cast<std::uint32_t>(lanes)));
        return hn::IfThenElse(hn::RebindMask(d, near), hn::TableLookupLanes(low, shuffle),
                              hn::TableLookupLanes(high, shuffle));
    }
#endif
    return hn::GatherIndex(d, slab, index);
}

void cross_slab(const SlabPart& slab, RayBlock& rays) {
    const Floats d;
    const int lanes = static_cast<int>(hn::Lanes(d));
    const V pitch = hn::Set(d, slab.pitch), from = hn::Set(d, slab.from), to = hn::Set(d, slab.to);
    for (int i = 0; i < rays.count; i += lanes) {
        const V low = hn::Load(d, rays.enter + i), high = hn::Load(d, rays.leave + i);
        const V of = hn::Load(d, rays.origin_f + i), om = hn::Load(d, rays.origin_m + i);
        const V a = hn::Clamp(from, low, high), b = hn::Clamp(to, low, high);
        const Voxels in = voxels(hn::Load(d, rays.f + i), hn::Load(d, rays.m + i), pitch);
        const Voxels out =
            voxels(hn::Floor(hn::MulAdd(hn::Load(d, rays.slope_f + i), b, of)),
                   hn::Floor(hn::MulAdd(hn::Load(d, rays.slope_m + i), b, om)), pitch);
        const V start = values_of(slab.values, in.index), rest = values_of(slab.values, out.index);
        const V gf = hn::Load(d, rays.inverse_f + i);
        const V to_f = hn::Clamp(hn::Mul(hn::Sub(hn::Max(in.f, out.f), of), gf), a, b);
        V sum = hn::MulAdd(start, hn::Sub(b, a), hn::Load(d, rays.sum + i));
        if (hn::AllTrue(d, hn::Eq(in.m, out.m))) {
            // Mostly. One border at most; where there is none, both voxels are the same.
            sum = hn::MulAdd(hn::Sub(rest, start), hn::Sub(b, to_f), sum);
        } else {
            const V gm = hn::Load(d, rays.inverse_m + i);
            const V to_m = hn::Clamp(hn::Mul(hn::Sub(hn::Max(in.m, out.m), om), gm), a, b);
            const V leave_f = hn::IfThenElse(hn::Eq(in.f, out.f), b, to_f);
            const V leave_m = hn::IfThenElse(hn::Eq(in.m, out.m), b, to_m);
            const auto f_first = hn::Lt(leave_f, leave_m);
            const Voxels between = voxels(hn::IfThenElse(f_first, out.f, in.f),
                                          hn::IfThenElse(f_first, in.m, out.m), pitch);
            const V middle = values_of(slab.values, between.index);
            const V one = hn::Min(leave_f, leave_m), two = hn::Max(leave_f, leave_m);
            sum = hn::MulAdd(hn::Sub(middle, start), hn::Sub(b, one), sum);
            sum = hn::MulAdd(hn::Sub(rest, middle), hn::Sub(b, two), sum);
        }
        hn::Store(sum, d, rays.sum + i);
        hn::Store(out.f, d, rays.f + i);
        hn::Store(out.m, d, rays.m + i);
    }
}

}  // namespace guide::simulate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace guide::simulate {

HWY_EXPORT(cross_slab);

namespace {

/// Numbers after the last voxel that kernels may read: two of the widest vectors.
constexpr std::size_t kBeyond = 64;
/// Rays of the widest vector.
constexpr int kLanes = 16;
/// Steps a slab; more would be a ray nearly along the slab.
constexpr int kMostCuts = 64;

/// One row of the picture in the grid's indices: fast, middle and slow axis.
struct PixelRow {
    Eigen::Vector3d source, first, step;  ///< source, first pixel, from pixel to pixel
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
    rays.f[i] = std::floor(std::fma(rays.slope_f[i], rays.enter[i], rays.origin_f[i]));
    rays.m[i] = std::floor(std::fma(rays.slope_m[i], rays.enter[i], rays.origin_m[i]));
    rays.sum[i] = 0;
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

Projector::Projector(const VoxelGrid& grid, std::vector<float> values)
    : grid_(grid), values_(std::move(values)) {
    require(grid.size[0] > 0 && grid.size[1] > 0 && grid.size[2] > 0 &&
                grid.count() <= static_cast<std::size_t>(INT32_MAX),
            "Projector", "the grid has voxels, fewer than 2^31");
    require(values_.size() == grid.count(), "Projector", "values has one number a voxel");
    require(std::abs(grid.patient_from_grid.linear().determinant()) > 1e-12, "Projector",
            "the grid has three axes");
    require(std::all_of(values_.begin(), values_.end(), [](float v) { return std::isfinite(v); }),
            "Projector", "values are finite");
    grid_from_patient_ = grid.patient_from_grid.inverse();
}

const Projector::Sorted& Projector::sorted_along(int axis, const Execution& execution) {
    Sorted& sorted = sorted_[axis];
    if (sorted.slow == axis) return sorted;
    sorted.fast = axis == 0 ? 1 : 0;
    sorted.middle = axis == 2 ? 1 : 2;
    const std::size_t pitch[3] = {
        1, static_cast<std::size_t>(grid_.size[0]),
        static_cast<std::size_t>(grid_.size[0]) * static_cast<std::size_t>(grid_.size[1])};
    const auto size = [&](int a) {
        return static_cast<std::size_t>(grid_.size[static_cast<std::size_t>(a)]);
    };
    // A ring of zeros about each slab: rounding may put a ray's end there.
    const std::size_t line = size(sorted.fast) + 2, slab = line * (size(sorted.middle) + 2);
    sorted.values.assign(slab * size(axis) + kBeyond, 0.0F);
    for_each_band(execution, static_cast<int>(size(axis)), 4, [&](int begin, int end) {
        for (auto s = static_cast<std::size_t>(begin); s < static_cast<std::size_t>(end); ++s) {
            for (std::size_t m = 0; m < size(sorted.middle); ++m) {
                const float* from = values_.data() + s * pitch[axis] + m * pitch[sorted.middle];
                float* to = sorted.values.data() + s * slab + (m + 1) * line + 1;
                for (std::size_t f = 0; f < size(sorted.fast); ++f)
                    to[f] = from[f * pitch[sorted.fast]];
            }
        }
    });
    sorted.slow = axis;
    return sorted;
}

void Projector::project(const ProjectionGeometry& geometry, ImageView<float> out,
                        const Execution& execution) {
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
    const Sorted& sorted = sorted_along(axis, execution);
    const auto size = [&](int a) { return grid_.size[static_cast<std::size_t>(a)]; };
    const auto kernel = GUIDE_KERNEL(cross_slab);
    const int cuts = std::max(1, static_cast<int>(std::ceil(slope - 1e-9)));
    const int line = size(sorted.fast) + 2;
    const std::size_t slab =
        static_cast<std::size_t>(line) * static_cast<std::size_t>(size(sorted.middle) + 2);
    const auto sorted_way = [&](const Eigen::Vector3d& v) {
        return Eigen::Vector3d(v[sorted.fast], v[sorted.middle], v[axis]);
    };
    PixelRow shared;
    shared.source = sorted_way(source);
    shared.step = sorted_way(grid_from_patient_.linear() * geometry.right);
    shared.step_mm = geometry.right;
    shared.size = {size(sorted.fast), size(sorted.middle), size(axis)};
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
                float first = static_cast<float>(row.size[2]), last = -1;
                for (int i = 0; i < rays.count; ++i) {
                    aim(row, pixel(i), i, rays);
                    if (rays.leave[i] <= rays.enter[i]) continue;
                    first = std::min(first, rays.enter[i]);
                    last = std::max(last, rays.leave[i]);
                }
                const int to = std::min(row.size[2] - 1, static_cast<int>(last + 0.5F));
                for (int s = static_cast<int>(first + 0.5F); s <= to; ++s) {
                    for (int k = 0; k < cuts; ++k) {
                        const float at = static_cast<float>(s) - 0.5F;
                        const auto part = [&](int n) {
                            return at + static_cast<float>(n) / static_cast<float>(cuts);
                        };
                        kernel({sorted.values.data() + static_cast<std::size_t>(s) * slab,
                                static_cast<float>(line), part(k), part(k + 1)},
                               rays);
                    }
                }
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
#endif
