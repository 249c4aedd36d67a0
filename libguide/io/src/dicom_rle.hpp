// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "file.hpp"

namespace guide::io {

/// Decodes an RLE Lossless frame (PS3.5 annex G) of `pixels` pixels, `samples` samples each of
/// `sample_bytes` bytes, to samples by pixel, low byte first. Our own because DCMTK 3.6.7 trusts
/// the offsets of the header and reads outside the data. Throws IoError "damaged" or "truncated".
[[nodiscard]] Bytes decode_rle(const std::string& path, ByteView frame, std::size_t pixels,
                               std::size_t samples, std::size_t sample_bytes);

}  // namespace guide::io
