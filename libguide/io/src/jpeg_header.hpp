// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "file.hpp"

#include <optional>

namespace guide::io {

enum class JpegColour { grey, rgb, ycbcr, other };

/// The frame header of a JPEG or JPEG-LS stream (ITU-T T.81 B.2.2, T.87 C.2.2) and what it says of
/// its colours.
struct JpegHeader {
    int width = 0, height = 0, components = 0, bits = 0;
    bool lossless = false;  ///< process 14 or JPEG-LS: no colour transform is implied
    JpegColour colour = JpegColour::grey;
    unsigned orientation = 1;  ///< of Exif; 1, as stored, where nothing is said
};

/// Nothing when the stream has no frame header. The colour space is told as the IJG library does: a
/// JFIF marker means YCbCr, an Adobe marker says which, else component names 'R','G','B' mean RGB
/// and everything else YCbCr.
[[nodiscard]] std::optional<JpegHeader> read_jpeg_header(ByteView stream);

}  // namespace guide::io
