// SPDX-License-Identifier: Apache-2.0
#include "jpeg_header.hpp"

#include <array>
#include <cstring>

namespace guide::io {
namespace {

bool starts_a_frame(unsigned marker) {
    const bool sof =
        marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    return sof || marker == 0xf7;  // F7: JPEG-LS
}

/// Tag 274 in the first directory of the TIFF structure that an Exif segment holds (Exif 2.3,
/// 4.5.2); 1 where it is not there or makes no sense.
unsigned exif_orientation(ByteView tiff) {
    if (tiff.size() < 8) return 1;
    const bool big = tiff[0] == 'M' && tiff[1] == 'M';
    if (!big && (tiff[0] != 'I' || tiff[1] != 'I')) return 1;
    const auto u16 = [&](std::size_t at) {
        return big ? tiff[at] * 256U + tiff[at + 1] : tiff[at + 1] * 256U + tiff[at];
    };
    const auto u32 = [&](std::size_t at) -> std::size_t {
        return big ? u16(at) * std::size_t{65536} + u16(at + 2)
                   : u16(at + 2) * std::size_t{65536} + u16(at);
    };
    const std::size_t directory = u32(4);
    if (u16(2) != 42 || directory > tiff.size() - 2) return 1;
    const std::size_t entries = u16(directory);
    for (std::size_t i = 0; i < entries; ++i) {
        const std::size_t at = directory + 2 + 12 * i;
        if (at + 12 > tiff.size()) return 1;
        constexpr unsigned kOrientation = 274, kShort = 3;
        if (u16(at) != kOrientation) continue;
        const unsigned value = u16(at + 8);
        return u16(at + 2) == kShort && value >= 1 && value <= 8 ? value : 1;
    }
    return 1;
}

}  // namespace

std::optional<JpegHeader> read_jpeg_header(ByteView b) {
    if (b.size() < 4 || b[0] != 0xff || b[1] != 0xd8) return std::nullopt;
    bool jfif = false;
    std::optional<int> adobe;
    std::optional<unsigned> orientation;
    std::size_t at = 2;
    while (at + 4 <= b.size()) {
        if (b[at] != 0xff) {
            ++at;  // garbage between segments, which decoders skip too
            continue;
        }
        const unsigned marker = b[at + 1];
        if (marker == 0xff) {
            ++at;
            continue;
        }
        if (marker == 0x00 || marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
            at += 2;
            continue;
        }
        if (marker == 0xd9 || marker == 0xda) return std::nullopt;
        const std::size_t length = b[at + 2] * 256U + b[at + 3];
        const std::size_t body = at + 4;
        if (length < 2 || at + 2 + length > b.size()) return std::nullopt;
        if (marker == 0xe0 && length >= 7 && std::memcmp(b.data() + body, "JFIF", 5) == 0)
            jfif = true;
        if (marker == 0xe1 && !orientation && length >= 8 &&
            std::memcmp(b.data() + body, "Exif\0", 6) == 0) {
            orientation = exif_orientation(b.subspan(body + 6, length - 8));
        }
        if (marker == 0xee && length >= 14 && std::memcmp(b.data() + body, "Adobe", 5) == 0) {
            adobe = b[body + 11];
        }
        if (starts_a_frame(marker)) {
            if (length < 8) return std::nullopt;
            JpegHeader header;
            header.orientation = orientation.value_or(1);
            header.bits = b[body];
            header.height = b[body + 1] * 256 + b[body + 2];
            header.width = b[body + 3] * 256 + b[body + 4];
            header.components = b[body + 5];
            if (length < 8U + 3U * static_cast<unsigned>(header.components)) return std::nullopt;
            header.lossless = marker == 0xc3 || marker == 0xc7 || marker == 0xcb ||
                              marker == 0xcf || marker == 0xf7;
            std::array<unsigned, 3> ids{};
            for (std::size_t i = 0; i < 3 && i < static_cast<std::size_t>(header.components); ++i) {
                ids[i] = b[body + 6 + 3 * i];
            }
            if (header.components == 1) {
                header.colour = JpegColour::grey;
            } else if (header.components != 3) {
                header.colour = JpegColour::other;
            } else if (jfif) {
                header.colour = JpegColour::ycbcr;
            } else if (adobe) {
                header.colour = *adobe == 0 ? JpegColour::rgb : JpegColour::ycbcr;
            } else {
                header.colour = ids == std::array<unsigned, 3>{'R', 'G', 'B'} ? JpegColour::rgb
                                                                              : JpegColour::ycbcr;
            }
            return header;
        }
        at += 2 + length;
    }
    return std::nullopt;
}

}  // namespace guide::io
