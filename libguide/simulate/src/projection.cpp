// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/simulate/projection.hpp>

#include <algorithm>
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

/// A row of rays in a volume whose axes are called slow, middle and fast: slabs lie along the slow
/// one. Voxel (f, m, s) covers half a unit to all sides of its indices.
struct RayRow {
    const float* values;
    int fast_size, middle_size, slow_size;
    int pitch;         ///< from line to line of voxels
    std::size_t slab;  ///< from slab to slab
    int cuts;          ///< steps a slab: in one, rays go one unit to the sides at most
    double source[3];  ///< fast, middle, slow
    double first[3];   ///< of the first pixel
    double step[3];    ///< from pixel to pixel
    double step_mm[3], first_mm[3];  ///< the same in mm, from the source
    int width;
    float* out;
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
    const Ints di;
    return {f, m, hn::ConvertTo(di, hn::MulAdd(m, pitch, f))};
}

/// Where the border between neighbouring voxels a and b stands, as the slow coordinate; `end` where
/// they are the same.
HWY_INLINE V border(V a, V b, V origin, V slowness, V begin, V end) {
    const V slow = hn::Clamp(hn::Mul(hn::Sub(hn::Max(a, b), origin), slowness), begin, end);
    return hn::IfThenElse(hn::Eq(a, b), end, slow);
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

void project_row(const RayRow& row) {
    const Floats d;
    const Ints di;
    const int lanes = static_cast<int>(hn::Lanes(d));
    float origin_f[64], origin_m[64], slope_f[64], slope_m[64], inverse_f[64], inverse_m[64],
        enter[64], leave[64], unit_mm[64], sums[64];
    // Voxels in rising order from lane to lane.
    const bool backwards = row.step[0] < 0;
    const auto pixel = [&](int i) {
        const int x = i < row.width ? i : row.width - 1;
        return backwards ? row.width - 1 - x : x;
    };
    for (int x0 = 0; x0 < row.width; x0 += lanes) {
        // In double precision, one ray at a time: f = origin + slope * s.
        float first = static_cast<float>(row.slow_size), last = -1;
        for (int i = 0; i < lanes; ++i) {
            const int x = pixel(x0 + i);
            double to[3], mm = 0;
            for (int a = 0; a < 3; ++a) {
                to[a] = row.first[a] + x * row.step[a] - row.source[a];
                const double way = row.first_mm[a] + x * row.step_mm[a];
                mm += way * way;
            }
            const double run = to[2];
            const double sf = to[0] / run, sm = to[1] / run;
            const double of = row.source[0] - sf * row.source[2];
            const double om = row.source[1] - sm * row.source[2];
            // The part within the volume and between source and detector.
            double low = row.source[2] < row.source[2] + run ? row.source[2] : row.source[2] + run;
            double high = row.source[2] < row.source[2] + run ? row.source[2] + run : row.source[2];
            low = low > -0.5 ? low : -0.5;
            high = high < row.slow_size - 0.5 ? high : row.slow_size - 0.5;
            const auto clip = [&](double origin, double slope, int size) {
                if (slope > -1e-9 && slope < 1e-9) {
                    if (origin < -0.5 || origin > size - 0.5) high = low;
                    return;
                }
                double a = (-0.5 - origin) / slope, b = (size - 0.5 - origin) / slope;
                if (a > b) {
                    const double c = a;
                    a = b;
                    b = c;
                }
                low = low > a ? low : a;
                high = high < b ? high : b;
            };
            clip(of, sf, row.fast_size);
            clip(om, sm, row.middle_size);
            const bool misses = !(high > low);
            if (misses) high = low = 0;
            // In the slabs as they are stored: a ring of zeros, and whole numbers at voxels' borders.
            origin_f[i] = misses ? 0.0F : static_cast<float>(of + 1.5);
            origin_m[i] = misses ? 0.0F : static_cast<float>(om + 1.5);
            slope_f[i] = misses ? 0.0F : static_cast<float>(sf);
            slope_m[i] = misses ? 0.0F : static_cast<float>(sm);
            inverse_f[i] = sf == 0 ? 0.0F : static_cast<float>(1 / sf);
            inverse_m[i] = sm == 0 ? 0.0F : static_cast<float>(1 / sm);
            enter[i] = static_cast<float>(low);
            leave[i] = static_cast<float>(high);
            unit_mm[i] = static_cast<float>(__builtin_sqrt(mm) / (run < 0 ? -run : run));
            if (high > low) {
                first = enter[i] < first ? enter[i] : first;
                last = leave[i] > last ? leave[i] : last;
            }
        }
        const V of = hn::LoadU(d, origin_f), om = hn::LoadU(d, origin_m);
        const V sf = hn::LoadU(d, slope_f), sm = hn::LoadU(d, slope_m);
        const V gf = hn::LoadU(d, inverse_f), gm = hn::LoadU(d, inverse_m);
        const V low = hn::LoadU(d, enter), high = hn::LoadU(d, leave);
        const V pitch = hn::Set(d, static_cast<float>(row.pitch));
        const int begin = static_cast<int>(first + 0.5F);
        const int end = static_cast<int>(last + 0.5F);
        const float cut = 1.0F / static_cast<float>(row.cuts);
        const auto at = [&](V slow) HWY_ATTR {
            return voxels(hn::Floor(hn::MulAdd(sf, slow, of)), hn::Floor(hn::MulAdd(sm, slow, om)),
                          pitch);
        };
        V sum = hn::Zero(d), a = low;
        Voxels in = at(a);
        for (int s = begin; s <= end && s < row.slow_size; ++s) {
            const float* values = row.values + static_cast<std::size_t>(s) * row.slab;
            for (int k = 1; k <= row.cuts; ++k) {
                const float to = static_cast<float>(s) - 0.5F + static_cast<float>(k) * cut;
                const V b = hn::Clamp(hn::Set(d, to), low, high);
                const Voxels out = at(b);
                const V start = values_of(values, in.index);
                if (hn::AllTrue(di, hn::Eq(in.index, out.index))) {
                    sum = hn::MulAdd(start, hn::Sub(b, a), sum);
                } else {
                    const V to_f = border(in.f, out.f, of, gf, a, b);
                    const V to_m = border(in.m, out.m, om, gm, a, b);
                    const V one = hn::Min(to_f, to_m), two = hn::Max(to_f, to_m);
                    sum = hn::MulAdd(start, hn::Sub(one, a), sum);
                    const V rest = values_of(values, out.index);
                    const auto both = hn::And(hn::Ne(in.f, out.f), hn::Ne(in.m, out.m));
                    if (hn::AllFalse(d, both)) {
                        sum = hn::MulAdd(rest, hn::Sub(b, one), sum);
                    } else {
                        const auto f_first = hn::Lt(to_f, to_m);
                        const Voxels middle = voxels(hn::IfThenElse(f_first, out.f, in.f),
                                                     hn::IfThenElse(f_first, in.m, out.m), pitch);
                        sum = hn::MulAdd(values_of(values, middle.index), hn::Sub(two, one), sum);
                        sum = hn::MulAdd(rest, hn::Sub(b, two), sum);
                    }
                }
                a = b;
                in = out;
            }
        }
        hn::StoreU(hn::Mul(sum, hn::LoadU(d, unit_mm)), d, sums);
        for (int i = 0; i < lanes && x0 + i < row.width; ++i)
            row.out[pixel(x0 + i)] = sums[i];
    }
}

}  // namespace guide::simulate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace guide::simulate {

HWY_EXPORT(project_row);

namespace {

/// Numbers after the last voxel that kernels may read: two of the widest vectors.
constexpr std::size_t kBeyond = 64;
/// Steps a slab; more would be a ray nearly along the slab.
constexpr int kMostCuts = 64;

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
    Eigen::Matrix<double, 3, 4> rays;
    for (int i = 0; i < 4; ++i) {
        const double x = i % 2 == 0 ? 0 : geometry.width - 1.0;
        const double y = i < 2 ? 0 : geometry.height - 1.0;
        rays.col(i) = (grid_from_patient_ * geometry.pixel(x, y) - source).normalized();
    }
    int axis = 0;
    const double least = rays.cwiseAbs().rowwise().minCoeff().maxCoeff(&axis);
    const bool one_way = rays.row(axis).minCoeff() > 0 || rays.row(axis).maxCoeff() < 0;
    const double slope = (rays.array().rowwise() / rays.row(axis).array()).abs().maxCoeff();
    require(least > 0 && one_way && slope <= kMostCuts, "Projector::project",
            "the rays open less wide than half a turn, about one axis of the grid");
    const Sorted& sorted = sorted_along(axis, execution);
    const auto size = [&](int a) { return grid_.size[static_cast<std::size_t>(a)]; };
    const int order[3] = {sorted.fast, sorted.middle, axis};

    const auto kernel = GUIDE_KERNEL(project_row);
    for_each_band(execution, geometry.height, 8, [&](int begin, int end) {
        for (int y = begin; y < end; ++y) {
            RayRow row{};
            row.values = sorted.values.data();
            row.fast_size = size(sorted.fast);
            row.middle_size = size(sorted.middle);
            row.slow_size = size(axis);
            row.pitch = row.fast_size + 2;
            row.slab = static_cast<std::size_t>(row.pitch) *
                       static_cast<std::size_t>(row.middle_size + 2);
            row.cuts = std::max(1, static_cast<int>(std::ceil(slope - 1e-9)));
            const Eigen::Vector3d first = grid_from_patient_ * geometry.pixel(0, y);
            const Eigen::Vector3d step = grid_from_patient_.linear() * geometry.right;
            const Eigen::Vector3d way = geometry.pixel(0, y) - geometry.source;
            for (int a = 0; a < 3; ++a) {
                row.source[a] = source[order[a]];
                row.first[a] = first[order[a]];
                row.step[a] = step[order[a]];
                row.first_mm[a] = way[a];
                row.step_mm[a] = geometry.right[a];
            }
            row.width = geometry.width;
            row.out = out.row(y);
            kernel(row);
        }
    });
}

}  // namespace guide::simulate
#endif
