// SPDX-License-Identifier: Apache-2.0
#include "picture.hpp"

#include <png.h>

#include <csetjmp>
#include <cstring>

namespace guide::io {
namespace {

std::uint32_t big_endian(ByteView b, std::size_t at) {
    return std::uint32_t{b[at]} << 24U | std::uint32_t{b[at + 1]} << 16U |
           std::uint32_t{b[at + 2]} << 8U | std::uint32_t{b[at + 3]};
}

/// libpng reports through these; it must not be left by a C++ exception.
struct Context {
    ByteView file;
    std::size_t position = 0;
    bool ended = false;
    char message[160] = {};
    std::jmp_buf jump;
};

extern "C" {
void guide_png_error(png_structp png, png_const_charp text) {
    auto* context = static_cast<Context*>(png_get_error_ptr(png));
    std::strncpy(context->message, text, sizeof context->message - 1);
    std::longjmp(context->jump, 1);
}
void guide_png_warning(png_structp, png_const_charp) {}
void guide_png_read(png_structp png, png_bytep into, std::size_t count) {
    auto* context = static_cast<Context*>(png_get_io_ptr(png));
    if (count > context->file.size() - context->position) {
        context->ended = true;
        png_error(png, "the file ends before its pixels do");
    }
    std::memcpy(into, context->file.data() + context->position, count);
    context->position += count;
}
}

/// Owns the libpng structures; nothing with a destructor may live between setjmp and a possible
/// jump.
struct Decoder {
    Context context;
    png_structp png = nullptr;
    png_infop info = nullptr;
    std::vector<png_bytep> rows;
    Image<std::uint8_t> grey8;
    Image<std::uint16_t> grey16;
    Image<Rgb8> rgb;

    ~Decoder() { png_destroy_read_struct(&png, &info, nullptr); }
};

/// Until the size is known and the transformations are set. False: context.message says why.
bool start(Decoder& d) {
    if (setjmp(d.context.jump) != 0) return false;
    d.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &d.context, &guide_png_error,
                                   &guide_png_warning);
    d.info = d.png != nullptr ? png_create_info_struct(d.png) : nullptr;
    if (d.info == nullptr) {
        std::strcpy(d.context.message, "out of memory");
        return false;
    }
    png_set_user_limits(d.png, 1 << 24, 1 << 24);
    png_set_chunk_malloc_max(d.png, png_alloc_size_t{64} << 20U);
    png_set_read_fn(d.png, &d.context, &guide_png_read);
    // Text and colour profiles are not needed: skip them, for they may be wrong or huge.
    png_set_keep_unknown_chunks(d.png, PNG_HANDLE_CHUNK_NEVER, nullptr, 0);
    png_read_info(d.png, d.info);
    const int type = png_get_color_type(d.png, d.info);
    const int bits = png_get_bit_depth(d.png, d.info);
    if (type == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(d.png);
    if (type == PNG_COLOR_TYPE_GRAY && bits < 8) png_set_expand_gray_1_2_4_to_8(d.png);
    if ((type & PNG_COLOR_MASK_COLOR) != 0 && bits == 16) png_set_scale_16(d.png);
    if ((type & PNG_COLOR_MASK_ALPHA) != 0 || png_get_valid(d.png, d.info, PNG_INFO_tRNS) != 0) {
        png_set_strip_alpha(d.png);
    }
    if (bits == 16) png_set_swap(d.png);  // to the order of this machine
    png_set_interlace_handling(d.png);
    png_read_update_info(d.png, d.info);
    return true;
}

bool read_rows(Decoder& d) {
    if (setjmp(d.context.jump) != 0) return false;
    png_read_image(d.png, d.rows.data());
    png_read_end(d.png, nullptr);
    return true;
}

}  // namespace

PictureHeader png_header(const std::string& path, ByteView file) {
    if (file.size() < 33 || std::memcmp(file.data() + 12, "IHDR", 4) != 0) {
        throw IoError(path, "truncated", "the PNG header is incomplete");
    }
    const std::uint32_t width = big_endian(file, 16), height = big_endian(file, 20);
    if (width == 0 || height == 0 || width > 0x7fffffffU || height > 0x7fffffffU) {
        throw IoError(path, "damaged", "the PNG header states an impossible size");
    }
    PictureHeader header;
    header.width = static_cast<int>(width);
    header.height = static_cast<int>(height);
    header.bits = file[24];
    header.channels = (file[25] & PNG_COLOR_MASK_COLOR) != 0 ? 3 : 1;
    return header;
}

Raster decode_png(const std::string& path, ByteView file, const OpenOptions& options,
                  std::vector<Reason>& notes) {
    const PictureHeader header = png_header(path, file);
    check_size(path, header.width, header.height, 12, options);
    if ((file[25] & PNG_COLOR_MASK_ALPHA) != 0) {
        notes.push_back({"alpha-ignored", "The transparency of the PNG was ignored."});
    }
    if (header.channels == 3 && header.bits == 16) {
        notes.push_back({"reduced-to-8-bit", "16-bit colour was reduced to 8 bits."});
    }
    Decoder d;
    d.context.file = file;
    const auto fail = [&] {
        throw IoError(path, d.context.ended ? "truncated" : "damaged",
                      "PNG: " + printable(d.context.message));
    };
    if (!start(d)) fail();

    const std::size_t row_bytes = png_get_rowbytes(d.png, d.info);
    const auto height = static_cast<std::size_t>(header.height);
    std::uint8_t* pixels = nullptr;
    std::size_t expected = 0;
    const auto allocate = [&](auto& image, std::size_t pixel_bytes) {
        image = std::remove_reference_t<decltype(image)>(header.width, header.height);
        pixels = reinterpret_cast<std::uint8_t*>(image.data());
        expected = static_cast<std::size_t>(header.width) * pixel_bytes;
    };
    if (header.channels == 3) {
        allocate(d.rgb, 3);
    } else if (header.bits == 16) {
        allocate(d.grey16, 2);
    } else {
        allocate(d.grey8, 1);
    }
    if (row_bytes != expected) throw IoError(path, "damaged", "PNG: unexpected layout of its rows");
    d.rows.resize(height);
    for (std::size_t y = 0; y < height; ++y)
        d.rows[y] = pixels + y * row_bytes;
    if (!read_rows(d)) fail();

    if (header.channels == 3) return std::move(d.rgb);
    if (header.bits == 16) return std::move(d.grey16);
    return std::move(d.grey8);
}

}  // namespace guide::io
