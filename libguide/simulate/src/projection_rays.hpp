// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace guide::simulate {

/// Neighbouring rays on their way through slabs, in the indices of slabs as they are stored: whole
/// numbers at voxels' borders. Along the slow axis s a ray runs at f = origin_f + slope_f * s.
struct RayBlock {
    static constexpr int kMost = 512;
    int count = 0;  ///< a multiple of the widest vector
    alignas(64) float origin_f[kMost], slope_f[kMost], inverse_f[kMost];  // inverse: 1 / slope
    alignas(64) float origin_m[kMost], slope_m[kMost], inverse_m[kMost];
    alignas(64) float enter[kMost], leave[kMost];  // s at the ends of what counts
    alignas(64) float sum[kMost];
    /// Where the next row of the picture will go, of every ray that vectors may begin with.
    float next_origin_m[kMost], next_slope_m[kMost];
};

/// Voxels, one line of the fast axis after the other along the slow axis, plane after plane of the
/// middle axis: a row of rays mostly stays in few planes, which the processor's caches hold.
struct VoxelPlanes {
    const float* values;
    int line, plane;  ///< numbers from line to line and from plane to plane
    int planes;
    int cuts;  ///< parts of a slab so thin that no ray runs more than one voxel to the side
};

/// How rays get through a volume of `slabs`: the fastest way that this processor knows.
using FollowRays = void (*)(const VoxelPlanes& voxels, int slabs, RayBlock& rays);
[[nodiscard]] FollowRays follow_rays();

}  // namespace guide::simulate
