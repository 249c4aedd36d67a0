// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/image.hpp>
#include <guide/filters/polarity.hpp>

#include <cstddef>

namespace guide::filters {

/// Columns worked at together: three derivatives of 33 rows of them fit the first-level cache.
inline constexpr int kSheetnessWidth = 64;
/// Rows of input kept side by side.
inline constexpr int kSheetnessLines = 8;
/// Floats of the widest vector: how far past the last column the kernel may write.
inline constexpr int kSheetnessSlack = 64;

/// One scale of one tile of the frame. Planes have rows of kSheetnessWidth.
struct SheetnessTile {
    ImageView<const float> in;
    int x, columns, y, rows;
    const float *smooth, *slope, *curve;  ///< GaussianWeights
    int radius;
    float sigma;
    Polarity polarity;
    float ratio_factor, norm_factor;  ///< of exponents of 2: -1 / (2 beta^2), -1 / (4 gamma^2)
    bool all_norms, times_curvature;
    float* lines;  ///< kSheetnessLines rows of input with what lies around them
    std::ptrdiff_t line_pitch;
    float *across2, *across1, *across0;    ///< rows + 2 radius rows: derivatives along x
    float *measure, *orientation, *scale;  ///< best so far; the last two may be null
};

/// Works a scale into the best so far, by the kernel for this processor.
void add_sheetness_scale(const SheetnessTile& tile);

}  // namespace guide::filters
