// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/execution.hpp>
#include <guide/core/image.hpp>
#include <guide/filters/export.hpp>

namespace guide::filters {

/// Fills `out` with `in` stretched over it: the outer edges of the border pixels coincide, so that
/// the centre of output pixel x lies at (x + 0.5) * in.width / out.width - 0.5 of the input.
///
/// Along each axis a triangle of half-width max(1, in / out) input pixels weighs the input: linear
/// interpolation when enlarging, an average without aliasing when shrinking; weights sum to 1,
/// beyond the border stands the border pixel. Constants stay (to one part in 10^6) and flips
/// commute. Both views hold pixels, or both none; they share no memory. Cost: about 2 * max(1, in /
/// out) products a pixel and axis; scratch: the rows that one output row needs. Same bits for any
/// number of threads. Throws PreconditionError when one view is empty and the other is not.
GUIDE_FILTERS_EXPORT void resample(ImageView<const float> in, ImageView<float> out,
                                   const Execution& execution = {});

}  // namespace guide::filters
