// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/filters/log_compression.hpp>

namespace guide::filters {

/// A log compression made ready for rows: log2(amplitude) is a straight line of grey.
struct CompressedRows {
    explicit CompressedRows(const LogCompression& compression);

    float black, white;
    float bits_a_grey;    ///< steepness of log2(amplitude) over grey
    float bits_at_black;  ///< log2(amplitude) of black
};

/// Grey to amplitude; `in` may be `out`.
void decompress_row(const CompressedRows& rows, const float* in, float* out, int width);

/// Amplitude to grey; `in` may be `out`.
void compress_row(const CompressedRows& rows, const float* in, float* out, int width);

}  // namespace guide::filters
