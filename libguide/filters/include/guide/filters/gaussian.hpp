// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/execution.hpp>
#include <guide/core/image.hpp>
#include <guide/filters/export.hpp>

namespace guide::filters {

/// Widths of a Gaussian along the two axes.
struct GaussianOptions {
    double sigma_x = 1.0;  ///< px, 0 to 1000; 0 leaves the rows as they are
    double sigma_y = 1.0;  ///< px, 0 to 1000; 0 leaves the columns as they are

    /// Throws PreconditionError naming the bad field.
    GUIDE_FILTERS_EXPORT void validate() const;
};

/// Smooths `in` with a separable Gaussian, sampled at whole pixels out to four sigma (rounded up)
/// and scaled to sum 1.
///
/// `out` has the size of `in` and shares no memory with it. Beyond the border stands the border
/// pixel. Weights and sums are single precision: a constant stays within one part in 10^6. A pixel
/// that is not finite spreads over the kernel. Cost: 8 sigma + 2 products a pixel; scratch: a
/// tile of 128 columns for each thread. Same bits for any number of threads. Throws
/// PreconditionError for views of different size, Stopped when asked to stop.
GUIDE_FILTERS_EXPORT void gaussian_blur(ImageView<const float> in, ImageView<float> out,
                                        const GaussianOptions& options,
                                        const Execution& execution = {});

}  // namespace guide::filters
