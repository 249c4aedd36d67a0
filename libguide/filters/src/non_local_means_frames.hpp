// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/execution.hpp>
#include <guide/core/image.hpp>
#include <guide/filters/non_local_means.hpp>
#include <guide/filters/workspace.hpp>

#include <cstddef>
#include <cstdint>

namespace guide::filters {

constexpr int kLine = 16;  // floats: lines begin and end at whole multiples of the widest vector

/// Number of floats, at least `n`, that whole lines of vectors have.
constexpr int whole_lines(int n) {
    return (n + kLine - 1) / kLine * kLine;
}

/// A frame with a margin on all sides, `at(x, y)` counting from the image.
template <class T>
struct Padded {
    T* origin = nullptr;
    std::ptrdiff_t stride = 0;
    [[nodiscard]] T* at(int x, int y) const { return origin + y * stride + x; }
};

/// What non-local means reads, its margins as wide as search, patches and whole vectors reach.
struct NonLocalMeansFrames {
    int radius, patch;  // px
    /// Values to be averaged; what is not finite is 0.
    Padded<const float> values;
    /// Two whole numbers each, the values to be compared at (x - patch, y + patch) in the lower
    /// half, at (x - patch, y - patch - 1) in the upper: what enters and leaves a patch's column.
    Padded<const std::int32_t> steps;
    int octave_bits;  // a weight halves with each 2^octave_bits of the sum over a patch
};

/// The frames lie in `workspace`, which it rewinds.
[[nodiscard]] NonLocalMeansFrames non_local_means_frames(ImageView<const float> in,
                                                         const NonLocalMeansOptions& options,
                                                         Workspace& workspace,
                                                         const Execution& execution);

}  // namespace guide::filters
