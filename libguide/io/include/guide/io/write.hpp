// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/image.hpp>
#include <guide/io/export.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace guide::io {

/// Each function writes the whole file or none: the bytes go to a new file beside `path`, which
/// then takes its name. An existing file is replaced (and keeps its permissions), a failure leaves
/// it as it was and nothing else behind. Devices and pipes ("/dev/stdout") are written straight
/// through. Throws IoError "cannot-write" naming path and cause.

/// 8-bit RGB PNG. No time stamp in it: same pixels, same bytes.
GUIDE_IO_EXPORT void write_png(const std::filesystem::path& path, ImageView<const Rgb8> picture);

/// The bytes that `write_png` would write.
[[nodiscard]] GUIDE_IO_EXPORT std::string encode_png(ImageView<const Rgb8> picture);

/// 8-bit grey PNG of any values (masks: 0 and 255).
GUIDE_IO_EXPORT void write_mask_png(const std::filesystem::path& path,
                                    ImageView<const std::uint8_t> mask);

/// `text` byte for byte.
GUIDE_IO_EXPORT void write_text(const std::filesystem::path& path, std::string_view text);

}  // namespace guide::io
