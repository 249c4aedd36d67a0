// SPDX-License-Identifier: Apache-2.0
#include "picture.hpp"

#include <array>
#include <bit>

namespace guide::io {
namespace {

constexpr std::uint32_t kPlain = 0, kBitFields = 3, kAlphaBitFields = 6;

struct Header {
    std::uint32_t pixel_offset = 0, info_size = 0, compression = kPlain, colours = 0;
    int width = 0, height = 0, bits = 0;
    bool top_down = false;
    std::array<std::uint32_t, 3> masks{};
    std::size_t palette_offset = 0;
    std::size_t palette_entry = 4;  ///< bytes
};

std::uint32_t u16(ByteView b, std::size_t at) {
    return b[at] + 256U * b[at + 1];
}
std::uint32_t u32(ByteView b, std::size_t at) {
    return u16(b, at) + 65536U * u16(b, at + 2);
}

Header read_header(const std::string& path, ByteView b) {
    if (b.size() < 26) throw IoError(path, "truncated", "the BMP header is incomplete");
    Header h;
    h.pixel_offset = u32(b, 10);
    h.info_size = u32(b, 14);
    if (h.info_size > b.size() || 14 + std::size_t{h.info_size} > b.size()) {
        throw IoError(path, "truncated", "the BMP header is incomplete");
    }
    std::int64_t width = 0, height = 0;
    if (h.info_size == 12) {  // OS/2
        width = u16(b, 18);
        height = u16(b, 20);
        h.bits = static_cast<int>(u16(b, 24));
        h.palette_entry = 3;
    } else if (h.info_size >= 40) {
        width = static_cast<std::int32_t>(u32(b, 18));
        height = static_cast<std::int32_t>(u32(b, 22));
        h.bits = static_cast<int>(u16(b, 28));
        h.compression = u32(b, 30);
        h.colours = u32(b, 46);
    } else {
        throw IoError(path, "unsupported", "unknown kind of BMP header");
    }
    h.top_down = height < 0;
    if (height < 0) height = -height;
    if (width <= 0 || height <= 0 || height > 0x7fffffff) {
        throw IoError(path, "damaged", "the BMP header states an impossible size");
    }
    h.width = static_cast<int>(width);
    h.height = static_cast<int>(height);
    h.palette_offset = 14 + std::size_t{h.info_size};
    if (h.bits == 16) h.masks = {0x7c00, 0x03e0, 0x001f};
    if (h.bits == 32) h.masks = {0xff0000, 0x00ff00, 0x0000ff};
    if (h.compression == kBitFields || h.compression == kAlphaBitFields) {
        // The masks follow the 40-byte header, or are part of a longer one: the same place.
        if (b.size() < 66) throw IoError(path, "truncated", "the BMP header is incomplete");
        h.masks = {u32(b, 54), u32(b, 58), u32(b, 62)};
        if (h.bits != 16 && h.bits != 32)
            throw IoError(path, "damaged", "BMP masks without 16 or 32 bits");
    } else if (h.compression != kPlain) {
        throw IoError(path, "unsupported", "run-length coded BMP");
    }
    const bool known =
        h.bits == 1 || h.bits == 4 || h.bits == 8 || h.bits == 16 || h.bits == 24 || h.bits == 32;
    if (!known)
        throw IoError(path, "unsupported", "BMP with " + std::to_string(h.bits) + " bits a pixel");
    return h;
}

std::uint8_t masked(std::uint32_t value, std::uint32_t mask) {
    if (mask == 0) return 0;
    const std::uint32_t largest = mask >> static_cast<unsigned>(std::countr_zero(mask));
    const std::uint64_t v = (value & mask) >> static_cast<unsigned>(std::countr_zero(mask));
    return static_cast<std::uint8_t>((v * 255 + largest / 2) / largest);
}

}  // namespace

PictureHeader bmp_header(const std::string& path, ByteView file) {
    const Header h = read_header(path, file);
    PictureHeader header;
    header.width = h.width;
    header.height = h.height;
    header.channels = 3;
    return header;
}

Raster decode_bmp(const std::string& path, ByteView b, const OpenOptions& options,
                  std::vector<Reason>&) {
    const Header h = read_header(path, b);
    check_size(path, h.width, h.height, 10, options);
    const auto width = static_cast<std::size_t>(h.width),
               height = static_cast<std::size_t>(h.height);
    const auto bits = static_cast<std::size_t>(h.bits);
    const std::size_t stride = (width * bits + 31) / 32 * 4;
    if (h.pixel_offset > b.size() || b.size() - h.pixel_offset < stride * height) {
        throw IoError(path, "truncated", "the BMP ends before its pixels do");
    }
    std::vector<Rgb8> palette;
    if (h.bits <= 8) {
        std::size_t count = h.colours != 0 ? h.colours : std::size_t{1} << bits;
        count = std::min(count, std::size_t{1} << bits);
        if (h.palette_offset + count * h.palette_entry > b.size()) {
            throw IoError(path, "truncated", "the BMP palette is incomplete");
        }
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t at = h.palette_offset + i * h.palette_entry;
            palette.push_back({b[at + 2], b[at + 1], b[at]});
        }
        palette.resize(std::size_t{1} << bits);  // entries that are not there are black
    }
    Image<Rgb8> rgb(h.width, h.height);
    for (std::size_t y = 0; y < height; ++y) {
        const std::size_t row = h.pixel_offset + (h.top_down ? y : height - 1 - y) * stride;
        Rgb8* out = rgb.row(static_cast<int>(y));
        for (std::size_t x = 0; x < width; ++x) {
            if (bits <= 8) {
                const std::size_t bit = x * bits;
                const unsigned shift = static_cast<unsigned>(8 - bits - bit % 8);
                const unsigned index = (unsigned{b[row + bit / 8]} >> shift) & ((1U << bits) - 1U);
                out[x] = palette[index];
            } else if (bits == 24) {
                const std::size_t at = row + 3 * x;
                out[x] = {b[at + 2], b[at + 1], b[at]};
            } else {
                const std::size_t at = row + x * bits / 8;
                const std::uint32_t v = bits == 16 ? u16(b, at) : u32(b, at);
                out[x] = {masked(v, h.masks[0]), masked(v, h.masks[1]), masked(v, h.masks[2])};
            }
        }
    }
    return rgb;
}

}  // namespace guide::io
