// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "file.hpp"

#include <filesystem>

namespace guide::io {

enum class Format { unknown, png, jpeg, bmp, tiff, dicom, metaimage, nrrd, video };

/// Told from the first bytes of a file; 512 are enough.
[[nodiscard]] Format detect(ByteView beginning);

/// Why a file of unknown format cannot be read, in words that help ("compressed with zstd: unpack
/// it first").
[[nodiscard]] std::string describe_unknown(ByteView beginning);

inline constexpr std::size_t kDetectBytes = 512;

}  // namespace guide::io
