// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/execution.hpp>
#include <guide/core/image.hpp>
#include <guide/filters/export.hpp>
#include <guide/geometry/pixel_grid.hpp>

namespace guide::filters {

/// Fills `out` with `in` stretched over it: the outer edges of the border pixels coincide, so that
/// the centre of output pixel x lies at (x + 0.5) * in.width / out.width - 0.5 of the input (pixel
/// centres are integers).
///
/// Along each axis a triangle of half-width max(1, in / out) input pixels weighs the input: linear
/// interpolation when enlarging, an average without aliasing when shrinking; weights sum to 1,
/// beyond the border stands the border pixel [39]. Constants stay (to one part in 10^6) and flips
/// commute. Against OpenCV: INTER_LINEAR reads four pixels however far it shrinks, and aliases;
/// INTER_AREA averages boxes. A pixel that is not finite spreads to those whose triangle holds it.
/// Both views hold pixels, or both none; they share no memory. Cost: about 2 * max(1, in / out)
/// products a pixel and axis; scratch: one row for each thread. Same bits for any number of
/// threads. Throws PreconditionError when one view is empty and the other is not, Stopped when
/// asked to stop.
GUIDE_FILTERS_EXPORT void resample(ImageView<const float> in, ImageView<float> out,
                                   const Execution& execution = {});

/// The grid of a frame of `width` x `height` pixels once `resample_isotropic` brought it to square
/// pixels of `target_mm`: the whole number of pixels that comes nearest to the frame's extent, at
/// least one. Throws PreconditionError for sizes below 1, spacings that are not above 0 mm, or a
/// result beyond 65535 pixels.
[[nodiscard]] GUIDE_FILTERS_EXPORT PixelGrid isotropic_grid(int width, int height, Spacing spacing,
                                                            double target_mm);

/// Resamples a frame with `spacing` to square pixels of exactly `target_mm`: as `resample`, but the
/// upper left corners alone coincide, so that the centre of output pixel x lies at
/// (x + 0.5) * target_mm / spacing.x_mm - 0.5 of the input; the far edges agree to half an output
/// pixel. `out` has the size that `isotropic_grid` gives, or PreconditionError is thrown.
GUIDE_FILTERS_EXPORT void resample_isotropic(ImageView<const float> in, Spacing spacing,
                                             ImageView<float> out, double target_mm,
                                             const Execution& execution = {});

}  // namespace guide::filters
