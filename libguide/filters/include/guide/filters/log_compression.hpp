// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/execution.hpp>
#include <guide/core/image.hpp>
#include <guide/filters/export.hpp>

namespace guide::filters {

/// How a machine turned echo amplitudes into grey levels: grey rises by the same amount for each
/// decibel, from `black` at `dynamic_range_db` below `reference` to `white` at `reference`.
struct LogCompression {
    double dynamic_range_db = 60;  ///< dB between black and white, 1 to 200
    double black = 0;              ///< grey level, -1e6 to 1e6
    double white = 255;            ///< grey level, above black, to 1e6
    double reference = 1;          ///< amplitude shown white, 1e-12 to 1e12

    /// Throws PreconditionError naming the bad field.
    GUIDE_FILTERS_EXPORT void validate() const;
};

/// Grey level of each amplitude: black + (white - black) (1 + 20 log10(amplitude / reference) /
/// dynamic range), held between black and white.
///
/// Amplitudes of zero and below and those that are not numbers are black, infinity is white. `out`
/// has the size of `in` and may be `in`. Error: 1e-6 of the grey range. Same bits for any number of
/// threads. Throws PreconditionError for views of different size, Stopped when asked to stop.
GUIDE_FILTERS_EXPORT void log_compress(ImageView<const float> in, ImageView<float> out,
                                       const LogCompression& compression = {},
                                       const Execution& execution = {});

/// The inverse: the amplitude of each grey level. Levels outside black to white count as the nearer
/// of the two, what is not a number as black; no amplitude is 0. Relative error: 1e-5,
/// 2e-6 where the dynamic range is at most 100 dB and `reference` 1e-3 to 1e3.
GUIDE_FILTERS_EXPORT void log_decompress(ImageView<const float> in, ImageView<float> out,
                                         const LogCompression& compression = {},
                                         const Execution& execution = {});

}  // namespace guide::filters
