// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/execution.hpp>
#include <guide/core/image.hpp>
#include <guide/filters/export.hpp>

namespace guide::filters {

/// What holds sound up on its way down.
struct AttenuationOptions {
    double alpha = 2.0;  ///< how fast edges gain weight with depth, in frame heights; 0 to 100
    double full_step =
        255.0;            ///< steps of grey that hold up as much as all the depth, above 0 to 1e6
    int beam_width = 17;  ///< px, odd, 1 to 999: columns that are looked at together

    /// Throws PreconditionError naming the bad field.
    GUIDE_FILTERS_EXPORT void validate() const;
};

/// A confidence map in one sweep down the columns. Each row adds 1 / (height - 1) and
/// |difference of grey to the row above| / full_step to the loss of its column, greys times 1 -
/// exp(-alpha depth), differences averaged over beam_width columns; `out` is 1 - loss / loss of the
/// last row: 1 in the first row, 0 in the last, falling between.
///
/// The random walk of `confidence_map` if it could go up and down only and edges held it up in
/// proportion: not the same map, at a fiftieth of its cost. Ranks of all pixels correlate with that
/// map by 0.99 (0.96 to 1.00; depth alone 0.96, down to 0.82), ranks within rows by 0.64 (0.47 to
/// 0.89; depth alone 0) on eight frames of bone and knee: those on which this variant was selected
/// among others, so that frames of another kind may agree less. On six at their own size, two of
/// them seen for the first time, 0.94 to 1.00 and 0.56 to 0.88. Losses are gathered from above
/// alone; without the scale of the last row, as is tempting in live use, the ranks within rows do
/// not correlate (0.1).
///
/// A constant gives a map of depth alone, with alpha 0 (and black with any) the ramp 1 - y /
/// (height - 1); a frame of one row is 1. A pixel that is not finite counts as 0. Beyond the left
/// and right border stands nothing: the mean is over fewer columns. `out` has the size of `in` and
/// shares no memory with it. Scratch: some rows of 128 columns; same bits for any number of
/// threads. Throws PreconditionError for views of different size or bad options, Stopped when asked
/// to stop.
GUIDE_FILTERS_EXPORT void attenuation_sweep(ImageView<const float> in, ImageView<float> out,
                                            const AttenuationOptions& options = {},
                                            const Execution& execution = {});

}  // namespace guide::filters
