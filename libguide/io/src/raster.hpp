// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/image.hpp>
#include <guide/frame/frame.hpp>

#include <cstdint>
#include <variant>

namespace guide::io {

/// Decoded pixels of a plain picture: 8 or 16 bit grey, or 8 bit colour.
using Raster = std::variant<Image<std::uint8_t>, Image<std::uint16_t>, Image<Rgb8>>;

/// The frame of a plain picture. 16-bit grey keeps its values; the display range is then that of
/// the pixels.
[[nodiscard]] Frame frame_from_raster(const Raster& raster);

/// Sets the display range to the smallest and largest finite intensity (0 to 1 above it for a flat
/// frame).
void fit_display_range(Frame& frame);

[[nodiscard]] int raster_width(const Raster& raster);
[[nodiscard]] int raster_height(const Raster& raster);

}  // namespace guide::io
