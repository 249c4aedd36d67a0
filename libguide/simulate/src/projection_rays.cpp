// SPDX-License-Identifier: Apache-2.0
#include "projection_rays.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

// Everything between here and HWY_AFTER_NAMESPACE is compiled once for each instruction set.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "projection_rays.cpp"
#include "kernel.hpp"

#include <hwy/cache_control.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace guide::simulate::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::ScalableTag<float>;
using Ints = hn::RebindToSigned<Floats>;
using V = hn::Vec<Floats>;
using I = hn::Vec<Ints>;

/// One vector of rays.
struct Rays {
    V origin_f, slope_f, inverse_f, origin_m, slope_m, inverse_m, enter, leave;
};

/// Where the rays are: the voxel that each has reached, its place in the slab, and what it has
/// gathered.
struct Reached {
    V f, m;
    I place;
    V sum;
};

HWY_INLINE I place_of(V f, V m, I plane) {
    return hn::Add(hn::Mul(hn::NearestInt(m), plane), hn::NearestInt(f));
}

/// The values of two voxels for each ray. Neighbouring rays mostly meet one line of voxels, close
/// together and in order, and the two lie side by side: then one load or two and shuffles do what
/// gathers take many loads for.
HWY_INLINE void values_of(const float* slab, I one, I two, V& first, V& second) {
    const Floats d;
#if HWY_TARGET != HWY_SCALAR
    const Ints di;
    const hn::RebindToUnsigned<Ints> du;
    const int lanes = static_cast<int>(hn::Lanes(d));
    const int least = hn::GetLane(one) - 1;
    const I base = hn::Set(di, least);
    const I ahead_one = hn::Sub(one, base), ahead_two = hn::Sub(two, base);
    // Lanes are powers of two: numbers below have no bit above, nor has what `Or` makes of them.
    const auto either = hn::BitCast(du, hn::Or(ahead_one, ahead_two));
    const auto all_below = [&](int limit) {
        return hn::AllTrue(du, hn::Lt(either, hn::Set(du, static_cast<std::uint32_t>(limit))));
    };
    if (HWY_LIKELY(all_below(lanes))) {
        const V near = hn::LoadU(d, slab + least);
        first = hn::TableLookupLanes(near, hn::IndicesFromVec(d, ahead_one));
        second = hn::TableLookupLanes(near, hn::IndicesFromVec(d, ahead_two));
        return;
    }
    if (all_below(2 * lanes)) {
        const V near = hn::LoadU(d, slab + least), far = hn::LoadU(d, slab + least + lanes);
        const I within = hn::Set(di, lanes - 1);
        const auto value = [&](I ahead) {
            const auto order = hn::IndicesFromVec(d, hn::And(ahead, within));
            return hn::IfThenElse(hn::RebindMask(d, hn::Gt(ahead, within)),
                                  hn::TableLookupLanes(far, order),
                                  hn::TableLookupLanes(near, order));
        };
        first = value(ahead_one);
        second = value(ahead_two);
        return;
    }
#endif
    first = hn::GatherIndex(d, slab, one);
    second = hn::GatherIndex(d, slab, two);
}

/// From `a` to `b` (s): within one slab or a part of it; all of it where `kWhole`.
template <bool kWhole>
HWY_INLINE void cross(const float* slab, I plane, const Rays& rays, V a, V b, Reached& at) {
    const Floats d;
    const V f = hn::Floor(hn::MulAdd(rays.slope_f, b, rays.origin_f));
    const V m = hn::Floor(hn::MulAdd(rays.slope_m, b, rays.origin_m));
    // The border between two voxels of the line. Where there is none they are the same, and
    // where it lies does not count.
    const V to_f = hn::Mul(hn::Sub(hn::Max(at.f, f), rays.origin_f), rays.inverse_f);
    const auto gathered = [&](V start) {
        return kWhole ? hn::Add(at.sum, start) : hn::MulAdd(start, hn::Sub(b, a), at.sum);
    };
    V start, rest;
    I place = hn::Add(at.place, hn::NearestInt(hn::Sub(f, at.f)));
    if (HWY_LIKELY(hn::AllTrue(d, hn::Eq(at.m, m)))) {
        values_of(slab, at.place, place, start, rest);
        const V last = hn::Sub(b, kWhole ? to_f : hn::Clamp(to_f, a, b));
        at.sum = hn::MulAdd(hn::Sub(rest, start), last, gathered(start));
    } else {
        place = place_of(f, m, plane);
        values_of(slab, at.place, place, start, rest);
        const V to_m = hn::Mul(hn::Sub(hn::Max(at.m, m), rays.origin_m), rays.inverse_m);
        const V leave_f = hn::IfThenElse(hn::Eq(at.f, f), b, hn::Clamp(to_f, a, b));
        const V leave_m = hn::IfThenElse(hn::Eq(at.m, m), b, hn::Clamp(to_m, a, b));
        const auto f_first = hn::Lt(leave_f, leave_m);
        const I between =
            place_of(hn::IfThenElse(f_first, f, at.f), hn::IfThenElse(f_first, at.m, m), plane);
        const V middle = hn::GatherIndex(d, slab, between);
        const V one = hn::Min(leave_f, leave_m), two = hn::Max(leave_f, leave_m);
        at.sum = hn::MulAdd(hn::Sub(middle, start), hn::Sub(b, one), gathered(start));
        at.sum = hn::MulAdd(hn::Sub(rest, middle), hn::Sub(b, two), at.sum);
    }
    at.f = f;
    at.m = m;
    at.place = place;
}

/// About where the first of the rays in the next row meets this slab: any place in the volume will
/// do.
HWY_INLINE std::ptrdiff_t place_ahead(const RayBlock& block, int i, float s, const Reached& at,
                                      const VoxelPlanes& voxels) {
    const float m = block.next_slope_m[i] * s + block.next_origin_m[i];
    const int plane = std::clamp(static_cast<int>(m), 0, voxels.planes - 1);
    return static_cast<std::ptrdiff_t>(plane) * voxels.plane +
           static_cast<std::ptrdiff_t>(hn::GetLane(at.f));
}

/// All of their way: for each ray the sum of value times s. `size` is the number of slabs.
void follow(const VoxelPlanes& voxels, int size, RayBlock& block) {
    const Floats d;
    const int lanes = static_cast<int>(hn::Lanes(d));
    const I plane = hn::Set(Ints(), voxels.plane);
    for (int i = 0; i < block.count; i += lanes) {
        const Rays rays{hn::Load(d, block.origin_f + i),  hn::Load(d, block.slope_f + i),
                        hn::Load(d, block.inverse_f + i), hn::Load(d, block.origin_m + i),
                        hn::Load(d, block.slope_m + i),   hn::Load(d, block.inverse_m + i),
                        hn::Load(d, block.enter + i),     hn::Load(d, block.leave + i)};
        float first = static_cast<float>(size), last = -1, all_in = -1,
              all_out = static_cast<float>(size);
        for (int k = i; k < i + lanes; ++k) {
            all_in = std::max(all_in, block.enter[k]);
            all_out = std::min(all_out, block.leave[k]);
            if (block.leave[k] <= block.enter[k]) continue;
            first = std::min(first, block.enter[k]);
            last = std::max(last, block.leave[k]);
        }
        const V f = hn::Floor(hn::MulAdd(rays.slope_f, rays.enter, rays.origin_f));
        const V m = hn::Floor(hn::MulAdd(rays.slope_m, rays.enter, rays.origin_m));
        Reached at{f, m, place_of(f, m, plane), hn::Zero(d)};
        const int end = std::min(size - 1, static_cast<int>(last + 0.5F));
        for (int s = static_cast<int>(first + 0.5F); s <= end; ++s) {
            const float* slab = voxels.values + static_cast<std::ptrdiff_t>(s) * voxels.line;
            const float from = static_cast<float>(s) - 0.5F, to = from + 1;
            // Planes lie far apart; the next row's voxels are on their way while this one is
            // summed.
            hwy::Prefetch(slab + place_ahead(block, i, static_cast<float>(s), at, voxels));
            if (voxels.cuts == 1 && from >= all_in && to <= all_out) {
                cross<true>(slab, plane, rays, hn::Set(d, from), hn::Set(d, to), at);
                continue;
            }
            for (int k = 0; k < voxels.cuts; ++k) {
                const auto part = [&](int n) {
                    const float s_at =
                        from + static_cast<float>(n) / static_cast<float>(voxels.cuts);
                    return hn::Clamp(hn::Set(d, s_at), rays.enter, rays.leave);
                };
                cross<false>(slab, plane, rays, part(k), part(k + 1), at);
            }
        }
        hn::Store(at.sum, d, block.sum + i);
    }
}

}  // namespace guide::simulate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace guide::simulate {

HWY_EXPORT(follow);

FollowRays follow_rays() {
    return GUIDE_KERNEL(follow);
}

}  // namespace guide::simulate
#endif
