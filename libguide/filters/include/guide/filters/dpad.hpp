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

/// Detail-preserving anisotropic diffusion.
struct DpadOptions {
    int steps = 10;          ///< 0 to 1000
    double step_size = 0.5;  ///< time of a step, above 0 to 1: the explicit scheme's bound
    int window = 3;          ///< px, width and height of the local window: 3 or 5
    SpeckleLevel speckle{};  ///< what counts as speckle
    /// Set for a log-compressed frame: it is decompressed first and compressed again at the end.
    /// Unset, pixels are linear amplitudes.
    std::optional<LogCompression> compression = std::nullopt;

    /// Throws PreconditionError naming the bad field.
    GUIDE_FILTERS_EXPORT void validate() const;
};

/// Smooths speckle and keeps edges like `srad`, with the coefficient of Kuan's filter: steadier,
/// since it looks at a window instead of four neighbours.
///
/// With C = standard deviation (divisor n - 1) over mean in the window around the pixel, c =
/// (1 + 1 / C^2) / (1 + 1 / q0^2), at most 1. The paper takes q0 from the median or mode of C over
/// the frame; here it follows `SpeckleLevel`, as in `srad`. Steps, borders, pixels that are no
/// amplitudes, errors and threads: see `srad`. Cost for a window of 3 (5): 43 (61) operations and a
/// division a pixel and step; memory: 4 (6) rows for each step and thread.
///
/// Source: Aja-Fernandez and Alberola-Lopez 2006 (docs/literature.md).
GUIDE_FILTERS_EXPORT void dpad(ImageView<const float> in, ImageView<float> out,
                               const DpadOptions& options, Workspace& workspace,
                               const Execution& execution = {});

/// The same with memory of its own.
GUIDE_FILTERS_EXPORT void dpad(ImageView<const float> in, ImageView<float> out,
                               const DpadOptions& options = {}, const Execution& execution = {});

}  // namespace guide::filters
