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

}  // namespace

std::optional<JpegHeader> read_jpeg_header(ByteView b) {
    if (b.size() < 4 || b[0] != 0xff || b[1] != 0xd8) return std::nullopt;
    bool jfif = false;
    std::optional<int> adobe;
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
        if (marker == 0xee && length >= 14 && std::memcmp(b.data() + body, "Adobe", 5) == 0) {
            adobe = b[body + 11];
        }
        if (starts_a_frame(marker)) {
            if (length < 8) return std::nullopt;
            JpegHeader header;
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
