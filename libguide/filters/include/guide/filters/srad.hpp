// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/execution.hpp>
#include <guide/core/image.hpp>
#include <guide/filters/export.hpp>
#include <guide/filters/log_compression.hpp>
#include <guide/filters/speckle_level.hpp>
#include <guide/filters/workspace.hpp>

#include <optional>

namespace guide::filters {

/// Speckle-reducing anisotropic diffusion.
struct SradOptions {
    int steps = 10;          ///< 0 to 1000
    double step_size = 0.5;  ///< time of a step, above 0 to 1: the explicit scheme's bound
    SpeckleLevel speckle{};  ///< what counts as speckle
    /// Set for a log-compressed frame: it is decompressed first and compressed again at the end.
    /// Unset, pixels are linear amplitudes.
    std::optional<LogCompression> compression = std::nullopt;

    /// Throws PreconditionError naming the bad field.
    GUIDE_FILTERS_EXPORT void validate() const;
};

/// Smooths speckle and keeps edges: explicit steps of dI/dt = div(c(q) grad I), where q, the
/// instantaneous coefficient of variation, joins gradient and Laplacian over the local mean.
///
/// With the four neighbours' differences d and their sum L, q^2 = (sum d^2 / 2 - L^2 / 16) / (I +
/// L / 4)^2 and c = 1 / (1 + (q^2 - q0^2) / (q0^2 (1 + q0^2))), at most 1; I grows by step_size / 4
/// times the sum of c d, c being the mean of the two pixels that share the face. (The paper takes
/// that of the right and lower one; the mean lets flips commute.) The sum over the frame stays, and
/// no pixel leaves the range of the input. Beyond the border stands the border pixel.
///
/// `in`: amplitudes, 0 or from 1e-8 to 1e15: what is below 0 or not a number counts as 0, what is
/// above 1e15 as that; or grey levels of `compression`. `out` has the size of `in` and is not `in`.
/// Cost: 34 operations and a division a pixel and step; up to 16 steps pass over the frame
/// together, so that it is read and written once. Memory: 4 rows for each step and thread; for more
/// than 16 steps another frame; with a uniform region two of its size with 2 (steps - 1) pixels
/// around. Same bits for any number of threads. Throws PreconditionError for views of different
/// size and a region that is not inside, Stopped when asked to stop.
///
/// Source: Yu and Acton 2002 (docs/literature.md).
GUIDE_FILTERS_EXPORT void srad(ImageView<const float> in, ImageView<float> out,
                               const SradOptions& options, Workspace& workspace,
                               const Execution& execution = {});

/// The same with memory of its own.
GUIDE_FILTERS_EXPORT void srad(ImageView<const float> in, ImageView<float> out,
                               const SradOptions& options = {}, const Execution& execution = {});

}  // namespace guide::filters
