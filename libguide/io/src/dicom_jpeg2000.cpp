// SPDX-License-Identifier: Apache-2.0
#include "dicom_codec.hpp"

#include <openjpeg.h>

#include <algorithm>
#include <cstring>

namespace guide::io {
namespace {

struct Memory {
    ByteView bytes;
    std::size_t position = 0;
};

OPJ_SIZE_T read_some(void* into, OPJ_SIZE_T count, void* user) {
    auto* memory = static_cast<Memory*>(user);
    const std::size_t left = memory->bytes.size() - memory->position;
    if (left == 0) return static_cast<OPJ_SIZE_T>(-1);
    const std::size_t taken = std::min<std::size_t>(count, left);
    std::memcpy(into, memory->bytes.data() + memory->position, taken);
    memory->position += taken;
    return taken;
}

OPJ_OFF_T skip_some(OPJ_OFF_T count, void* user) {
    auto* memory = static_cast<Memory*>(user);
    if (count < 0) return -1;
    const std::size_t taken =
        std::min(static_cast<std::size_t>(count), memory->bytes.size() - memory->position);
    memory->position += taken;
    return static_cast<OPJ_OFF_T>(taken);
}

OPJ_BOOL seek_to(OPJ_OFF_T position, void* user) {
    auto* memory = static_cast<Memory*>(user);
    if (position < 0 || static_cast<std::size_t>(position) > memory->bytes.size()) return OPJ_FALSE;
    memory->position = static_cast<std::size_t>(position);
    return OPJ_TRUE;
}

void keep_message(const char* text, void* user) {
    auto* message = static_cast<std::string*>(user);
    if (message->empty()) *message = printable(text);
}
void drop_message(const char*, void*) {}

}  // namespace

DecodedFrame decode_jpeg2000(const std::string& path, ByteView bytes, const PixelLayout& layout,
                             bool& transformed) {
    constexpr std::string_view kBoxed(
        "\0\0\0\x0cjP", 6);  // a JP2 file in the fragment: against the standard, but seen
    const bool boxed =
        bytes.size() > 12 && std::memcmp(bytes.data(), kBoxed.data(), kBoxed.size()) == 0;
    Memory memory{bytes};
    std::string message;
    const std::unique_ptr<opj_codec_t, decltype(&opj_destroy_codec)> codec(
        opj_create_decompress(boxed ? OPJ_CODEC_JP2 : OPJ_CODEC_J2K), &opj_destroy_codec);
    const std::unique_ptr<opj_stream_t, decltype(&opj_stream_destroy)> stream(
        opj_stream_create(1 << 16, OPJ_TRUE), &opj_stream_destroy);
    opj_set_error_handler(codec.get(), &keep_message, &message);
    opj_set_warning_handler(codec.get(), &drop_message, nullptr);
    opj_set_info_handler(codec.get(), &drop_message, nullptr);
    opj_stream_set_user_data(stream.get(), &memory, nullptr);
    opj_stream_set_user_data_length(stream.get(), bytes.size());
    opj_stream_set_read_function(stream.get(), &read_some);
    opj_stream_set_skip_function(stream.get(), &skip_some);
    opj_stream_set_seek_function(stream.get(), &seek_to);

    const auto fail = [&](const std::string& otherwise) {
        throw IoError(path, "damaged", "JPEG 2000: " + (message.empty() ? otherwise : message));
    };
    opj_dparameters_t parameters;
    opj_set_default_decoder_parameters(&parameters);
    // Palettes inside the stream would change the number of components behind DICOM's back.
    parameters.flags |= OPJ_DPARAMETERS_IGNORE_PCLR_CMAP_CDEF_FLAG;
    opj_image_t* raw = nullptr;
    if (opj_setup_decoder(codec.get(), &parameters) == 0) fail("the decoder cannot be set up");
    const OPJ_BOOL header = opj_read_header(stream.get(), codec.get(), &raw);
    const std::unique_ptr<opj_image_t, decltype(&opj_image_destroy)> image(raw, &opj_image_destroy);
    if (header == 0 || !image) fail("the header is damaged");

    // Everything is checked before the pixels are allocated.
    const auto width = static_cast<OPJ_UINT32>(layout.width),
               height = static_cast<OPJ_UINT32>(layout.height);
    if (image->x1 - image->x0 != width || image->y1 - image->y0 != height)
        fail("the size differs from the DICOM header");
    if (image->numcomps != static_cast<OPJ_UINT32>(layout.samples)) {
        fail("the number of components differs from the DICOM header");
    }
    for (OPJ_UINT32 c = 0; c < image->numcomps; ++c) {
        if (image->comps[c].dx != 1 || image->comps[c].dy != 1)
            fail("components of different sizes");
        if (image->comps[c].prec > static_cast<OPJ_UINT32>(layout.bits_allocated) ||
            image->comps[c].prec > 31) {
            fail("more bits than the DICOM header allows");
        }
    }
    transformed = false;
    if (opj_codestream_info_v2_t* info = opj_get_cstr_info(codec.get())) {
        transformed = info->m_default_tile_info.mct == 1;
        opj_destroy_cstr_info(&info);
    }
    if (opj_decode(codec.get(), stream.get(), image.get()) == 0)
        fail("the pixels are damaged or incomplete");
    // A missing end marker is against the standard and harms nothing.
    (void)opj_end_decompress(codec.get(), stream.get());

    DecodedFrame frame;
    frame.justified = true;
    frame.sample_bytes = layout.bits_allocated / 8;
    const std::size_t count = std::size_t{width} * height;
    const auto size = static_cast<std::size_t>(frame.sample_bytes),
               samples = static_cast<std::size_t>(layout.samples);
    frame.bytes.resize(count * samples * size);
    for (std::size_t c = 0; c < samples; ++c) {
        const opj_image_comp_t& component = image->comps[c];
        if (component.data == nullptr || component.w != width || component.h != height)
            fail("a component is missing");
        for (std::size_t i = 0; i < count; ++i) {
            const OPJ_INT32 v = component.data[i];
            std::memcpy(frame.bytes.data() + (i * samples + c) * size, &v,
                        size);  // low bytes first
        }
    }
    return frame;
}

}  // namespace guide::io
