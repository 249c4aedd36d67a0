// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/execution.hpp>
#include <guide/core/image.hpp>
#include <guide/filters/log_compression.hpp>
#include <guide/filters/speckle_level.hpp>
#include <guide/filters/workspace.hpp>

#include <optional>

// What SRAD and DPAD share: explicit steps of nonlinear diffusion,
//   I += step / 8 sum over the four neighbours n of (c + c_n) (I_n - I),
// with a coefficient c that is a function of the pixels around. They differ in c alone, which is
// made by the row kernel.

namespace guide::filters {

inline constexpr int kLargestReach = 2;

/// One row of one step. The row y makes the coefficients of its own pixels and what flows between
/// them and the row above; that finishes the row above. Lines are padded: kernels read and
/// write up to 16 floats before and 48 after the pixels, where nothing but finite numbers may
/// stand, and keep `reach` border pixels on both sides of what they write up to date. `out` may be
/// the first of `rows`.
struct DiffusionRow {
    const float* rows[2 * kLargestReach + 1];  ///< y - reach to y + reach; aligned
    float* coefficients;                       ///< of row y - 1, replaced by those of row y
    float* unfinished;  ///< row y - 1 but for the flow from row y, replaced by row y likewise
    float* out;         ///< row y - 1 after this step
    float* scratch[2];  ///< two lines more
    int width;
    float level;  ///< of speckle
    float step;
};

using DiffusionKernel = void (*)(const DiffusionRow&);

/// A filter of this kind.
struct Diffusion {
    DiffusionKernel kernel;
    int reach;  ///< px around a pixel that its coefficient looks at, 1 or 2
    int steps;
    double step_size;
    SpeckleLevel speckle;
    std::optional<LogCompression> compression;

    /// Throws PreconditionError in the name of `options`.
    void validate(const char* options) const;
};

/// Carries it out; `name` is that of the filter, for messages.
void diffuse(const char* name, const Diffusion& diffusion, ImageView<const float> in,
             ImageView<float> out, Workspace& workspace, const Execution& execution);

}  // namespace guide::filters
