// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/execution.hpp>
#include <guide/core/image.hpp>
#include <guide/filters/export.hpp>
#include <guide/filters/workspace.hpp>

namespace guide::filters {

struct GuidedFilterOptions {
    int radius = 4;  ///< px, 1 to 100: windows are (2 r + 1)^2 pixels
    /// Variance of the guidance below which a window counts as flat, 1e-12 to 1e30, squared unit of
    /// the guidance: structure of this variance is kept half.
    double epsilon = 400;

    /// Throws PreconditionError naming the bad field.
    GUIDE_FILTERS_EXPORT void validate() const;
};

/// Smooths `in` and keeps the edges of `guidance`: in each window `in` is fitted by a straight line
/// a x guidance + b, and a pixel gets the mean line of all windows that hold it.
///
///     a = cov(guidance, in) / (var(guidance) + epsilon),  b = mean(in) - a mean(guidance)
///
/// Source: He, Sun and Tang 2013 (docs/literature.md [50]). Ours differs: beyond the border stands
/// the mirrored image, border pixel included, as in OpenCV.
///
/// A pixel that is not finite counts as 0 for the others; one of `in` stays as it is. Sums are
/// single precision and made without subtraction: what is far off disturbs its windows alone;
/// squares must be finite (values to 10^18). All three views have one size; `out` may be either of
/// the others, and they may be one, which then is smoothed along its own edges. Cost: some 60
/// operations a pixel at the default radius, 6 more for each doubling of it; the workspace keeps
/// two frames, each thread has four window heights of lines. Same bits for any number of threads.
/// Throws PreconditionError for options out of range and views of different size, Stopped when
/// asked to stop.
GUIDE_FILTERS_EXPORT void guided_filter(ImageView<const float> in, ImageView<const float> guidance,
                                        ImageView<float> out, const GuidedFilterOptions& options,
                                        Workspace& workspace, const Execution& execution = {});

/// The same with memory of its own.
GUIDE_FILTERS_EXPORT void guided_filter(ImageView<const float> in, ImageView<const float> guidance,
                                        ImageView<float> out,
                                        const GuidedFilterOptions& options = {},
                                        const Execution& execution = {});

}  // namespace guide::filters
