// SPDX-License-Identifier: Apache-2.0
#include "jpeg_header.hpp"
#include "picture.hpp"

#include <jerror.h>
#include <jpeglib.h>

#include <csetjmp>
#include <cstdio>
#include <cstring>

namespace guide::io {
namespace {

/// A progressive file may hold thousands of scans of the whole picture; no real one has more than a
/// few dozen.
constexpr int kMostScans = 200;

struct Context {
    jpeg_error_mgr manager;  // first: libjpeg hands back a pointer to it
    std::jmp_buf jump;
    char message[JMSG_LENGTH_MAX];
    bool ended;
    long warnings;
};

extern "C" {
void guide_jpeg_error(j_common_ptr common) {
    auto* context = reinterpret_cast<Context*>(common->err);
    common->err->format_message(common, context->message);
    std::longjmp(context->jump, 1);
}
void guide_jpeg_message(j_common_ptr common, int level) {
    auto* context = reinterpret_cast<Context*>(common->err);
    if (level >= 0) return;
    ++context->warnings;
    if (common->err->msg_code == JWRN_JPEG_EOF) context->ended = true;
}
void guide_jpeg_print(j_common_ptr) {}
void guide_jpeg_progress(j_common_ptr common) {
    auto* context = reinterpret_cast<Context*>(common->err);
    if (reinterpret_cast<j_decompress_ptr>(common)->input_scan_number > kMostScans) {
        std::strcpy(context->message, "too many scans");
        std::longjmp(context->jump, 1);
    }
}
}

struct Decoder {
    Context context{};
    jpeg_decompress_struct jpeg{};
    jpeg_progress_mgr progress{};
    Image<std::uint8_t> grey;
    Image<Rgb8> rgb;

    Decoder() {
        jpeg.err = jpeg_std_error(&context.manager);
        context.manager.error_exit = &guide_jpeg_error;
        context.manager.emit_message = &guide_jpeg_message;
        context.manager.output_message = &guide_jpeg_print;
        progress.progress_monitor = &guide_jpeg_progress;
    }
    ~Decoder() { jpeg_destroy_decompress(&jpeg); }
    Decoder(const Decoder&) = delete;
    Decoder& operator=(const Decoder&) = delete;
};

bool start(Decoder& d, ByteView file) {
    if (setjmp(d.context.jump) != 0) return false;
    jpeg_create_decompress(&d.jpeg);
    d.jpeg.progress = &d.progress;
    jpeg_mem_src(&d.jpeg, file.data(), static_cast<unsigned long>(file.size()));
    jpeg_read_header(&d.jpeg, TRUE);
    d.jpeg.out_color_space = d.jpeg.num_components == 1 ? JCS_GRAYSCALE : JCS_RGB;
    d.jpeg.dct_method = JDCT_ISLOW;  // exact to the standard, and the same on every machine
    jpeg_start_decompress(&d.jpeg);
    return true;
}

bool read_rows(Decoder& d) {
    if (setjmp(d.context.jump) != 0) return false;
    while (d.jpeg.output_scanline < d.jpeg.output_height) {
        const int y = static_cast<int>(d.jpeg.output_scanline);
        JSAMPROW row = d.grey.empty() ? reinterpret_cast<JSAMPROW>(d.rgb.row(y)) : d.grey.row(y);
        jpeg_read_scanlines(&d.jpeg, &row, 1);
    }
    jpeg_finish_decompress(&d.jpeg);
    return true;
}

}  // namespace

PictureHeader jpeg_header(const std::string& path, ByteView file) {
    const auto stream = read_jpeg_header(file);
    if (!stream) throw IoError(path, "truncated", "the JPEG has no frame header");
    PictureHeader header;
    header.width = stream->width;
    header.height = stream->height;
    header.bits = stream->bits;
    header.orientation = stream->orientation;
    header.channels = stream->components == 1 ? 1 : 3;
    return header;
}

Raster decode_jpeg(const std::string& path, ByteView file, const OpenOptions& options,
                   std::vector<Reason>& notes) {
    const PictureHeader header = jpeg_header(path, file);
    check_size(path, header.width, header.height, 16, options);
    const int components = read_jpeg_header(file)->components;
    if (components != 1 && components != 3) {
        throw IoError(path, "unsupported",
                      "JPEG with " + std::to_string(components) + " colour components");
    }
    Decoder d;
    const auto fail = [&] {
        throw IoError(path, "damaged", "JPEG: " + printable(d.context.message));
    };
    if (!start(d, file)) fail();
    if (static_cast<int>(d.jpeg.output_width) != header.width ||
        static_cast<int>(d.jpeg.output_height) != header.height) {
        throw IoError(path, "damaged", "JPEG: two different sizes");
    }
    if (components == 1) {
        d.grey = Image<std::uint8_t>(header.width, header.height);
    } else {
        d.rgb = Image<Rgb8>(header.width, header.height);
    }
    if (!read_rows(d)) fail();
    if (d.context.ended) throw IoError(path, "truncated", "the JPEG ends before its pixels do");
    if (d.context.warnings > 0) {
        notes.push_back(
            {"jpeg-damaged", "The JPEG data is partly damaged; some pixels may be wrong."});
    }
    if (components == 1) return std::move(d.grey);
    return std::move(d.rgb);
}

}  // namespace guide::io
