// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "leaf_program.hpp"

#include <cstddef>

namespace guide::filters {

/// Leaves worked at together.
inline constexpr int kLeafBatch = 16;

/// How likely a step between two neighbours is: exp2(scale * |difference of grey| + offset) +
/// kLeastWeight.
struct WalkWeights {
    float scale = 0, offset = 0, lateral_offset = 0;
};
inline constexpr float kLeastWeight = 1e-5F;

/// Up to kLeafBatch leaves; the numbers of one entry of all of them stand together.
struct LeafBatch {
    const Dissection::Leaf* leaves;
    int count;
    float* inside;  ///< LeafProgram::entries of them
    float* ring;    ///< kRingEntries of them: what is left of the conductances
};

/// The conductances of a front, of which only those above the diagonal mean anything: rows of
/// pivots, then of the others. Column `size` is the probe, the next one the far side; zeros follow.
struct FrontMatrix {
    float *pivot_rows, *other_rows;
    int pivots, size;
    int stride, other_stride;
    int skipped;  ///< columns that the other rows leave out at their beginning

    [[nodiscard]] float* row(int i) const {
        return i < pivots
                   ? pivot_rows + static_cast<std::ptrdiff_t>(i) * stride
                   : other_rows + static_cast<std::ptrdiff_t>(i - pivots) * other_stride - skipped;
    }
};

/// Pivots taken together when a front is eliminated.
inline constexpr int kPanel = 32;

/// And the most rows that are brought up to date together.
inline constexpr int kTileRows = 6;

/// The versions for this processor; what they do stands in the sources.
struct LeafKernels {
    void (*eliminate)(const LeafBatch& batch, const WalkWeights& weights, const float* grey,
                      int width, int height);
    void (*solve)(const LeafBatch& batch, float* out, int width, int height);
    void (*add)(const FrontMatrix& to, const LeafBatch& batch, int lane,
                const Dissection::Place* places, int count);
};
struct FrontKernels {
    void (*assemble)(const FrontMatrix& to, const FrontMatrix* children,
                     const Dissection::Run* runs, int count);
    void (*eliminate)(const FrontMatrix& front, float* before);
    void (*solve)(const FrontMatrix& front, const int* pixels, float* values, float* out);
};
LeafKernels leaf_kernels();
FrontKernels front_kernels();

}  // namespace guide::filters
