// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/execution.hpp>
#include <guide/core/image.hpp>
#include <guide/filters/export.hpp>

namespace guide::filters {

/// A stretch of a column relative to a pixel: rows y + from <= row < y + to.
struct ColumnWindow {
    int from = 0;         ///< px, negative above the pixel
    int to = 1;           ///< px, exclusive; not below `from`
    int fewest_rows = 1;  ///< fewer rows of the window inside the image give `otherwise`; 1 or more
    float otherwise = 0;  ///< the answer where too little of the window lies inside the image

    /// Throws PreconditionError naming the bad field.
    GUIDE_FILTERS_EXPORT void validate() const;
};

/// The mean of `in` over a window above or below each pixel, cut off at the border. The mean below
/// a pixel over the mean above it tells how much of the beam went on: near 0 in the shadow of bone,
/// near 1 in plain tissue.
///
/// Pixels that are not finite count as 0. `out` has the size of `in` and shares no memory with it.
/// Sums run down the columns in double precision. Cost: two additions a pixel for any window;
/// scratch: one sum for each of the columns worked at.
/// Same bits for any number of threads.
GUIDE_FILTERS_EXPORT void column_mean(ImageView<const float> in, ImageView<float> out,
                                      const ColumnWindow& window, const Execution& execution = {});

/// The share (0..1) of a column's summed intensity that lies below each pixel: 1 at the skin, 0 at
/// the bottom; where a column is all black, 0. Falls off steeply at bone, slowly through tissue.
/// Intensities that are negative or not finite count as 0. Sizes, threads, cost as in column_mean.
GUIDE_FILTERS_EXPORT void column_share_below(ImageView<const float> in, ImageView<float> out,
                                             const Execution& execution = {});

}  // namespace guide::filters
