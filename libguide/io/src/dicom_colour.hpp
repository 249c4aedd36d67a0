// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/image.hpp>

#include <array>
#include <cstdint>
#include <vector>

namespace guide::io {

class DicomFile;

/// Full-range ITU-R BT.601 as in JFIF and YBR_FULL (PS3.3 C.7.6.3.1.2), 16-bit fixed point like the
/// JPEG libraries.
[[nodiscard]] Rgb8 rgb_from_ycbcr(std::uint8_t y, std::uint8_t cb, std::uint8_t cr);

/// Studio range, YBR_PARTIAL_422: Y 16..235, CB and CR 16..240.
[[nodiscard]] Rgb8 rgb_from_partial_ycbcr(std::uint8_t y, std::uint8_t cb, std::uint8_t cr);

/// The 8-bit colours of PALETTE COLOR indices.
struct Palette {
    int first = 0;              ///< index of the first entry; smaller indices take it too
    std::vector<Rgb8> entries;  ///< larger indices take the last

    [[nodiscard]] Rgb8 colour(std::int64_t index) const;
};

/// Reads plain or segmented tables. Throws IoError when they are missing or damaged.
[[nodiscard]] Palette read_palette(DicomFile& file, bool signed_pixels);

/// Expands a segmented table (PS3.3 C.7.9.2): discrete, linear and indirect segments. Gives at most
/// `entries` values, and nothing when the segments are damaged.
[[nodiscard]] std::vector<std::uint16_t> expand_segments(const std::vector<std::uint16_t>& data,
                                                         std::size_t entries);

}  // namespace guide::io
