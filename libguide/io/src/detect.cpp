// SPDX-License-Identifier: Apache-2.0
#include "detect.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace guide::io {
namespace {

std::string_view as_text(ByteView bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool has_at(std::string_view text, std::size_t offset, std::string_view magic) {
    return text.size() >= offset + magic.size() && text.substr(offset, magic.size()) == magic;
}

/// A data set without the 128-byte preamble: it starts with an element of group 2 or 8, explicit or
/// implicit.
bool is_bare_dicom(ByteView b) {
    if (b.size() < 16) return false;
    const unsigned group = b[0] + 256U * b[1];
    const unsigned element = b[2] + 256U * b[3];
    if ((group != 2 && group != 8) || element > 0x70) return false;
    if (std::isupper(b[4]) && std::isupper(b[5])) return true;
    const std::uint32_t length = b[4] + 256U * b[5] + 65536U * b[6] + 16777216U * b[7];
    return length <= 64;
}

bool is_metaimage(std::string_view text) {
    const auto has_field = [&](std::string_view name) {
        const std::size_t at = text.find(name);
        if (at == std::string_view::npos || (at > 0 && text[at - 1] != '\n')) return false;
        const std::size_t equals = text.find_first_not_of(" \t", at + name.size());
        return equals != std::string_view::npos && text[equals] == '=';
    };
    return has_field("ObjectType") || (has_field("NDims") && has_field("DimSize"));
}

}  // namespace

Format detect(ByteView b) {
    using namespace std::string_view_literals;
    const std::string_view text = as_text(b);
    if (has_at(text, 0, "\x89PNG\r\n\x1a\n"sv)) return Format::png;
    if (has_at(text, 0, "\xff\xd8\xff"sv)) return Format::jpeg;
    if (has_at(text, 128, "DICM"sv)) return Format::dicom;
    if (has_at(text, 0, "II*\0"sv) || has_at(text, 0, "MM\0*"sv) || has_at(text, 0, "II+\0"sv) ||
        has_at(text, 0, "MM\0+"sv)) {
        return Format::tiff;
    }
    if (has_at(text, 0, "BM"sv) && b.size() >= 26 && b[15] == 0 && b[16] == 0 && b[17] == 0) {
        return Format::bmp;
    }
    if (has_at(text, 0, "NRRD000"sv)) return Format::nrrd;
    if (has_at(text, 4, "ftyp"sv) || has_at(text, 4, "moov"sv) || has_at(text, 4, "mdat"sv)) {
        return Format::video;
    }
    if (has_at(text, 0, "RIFF"sv) && has_at(text, 8, "AVI "sv)) return Format::video;
    if (has_at(text, 0, "\x1a\x45\xdf\xa3"sv)) return Format::video;  // Matroska, WebM
    if (is_metaimage(text)) return Format::metaimage;
    if (is_bare_dicom(b)) return Format::dicom;
    return Format::unknown;
}

std::string describe_unknown(ByteView b) {
    using namespace std::string_view_literals;
    const std::string_view text = as_text(b);
    if (has_at(text, 0, "\x28\xb5\x2f\xfd"sv)) {
        return "is compressed with zstd; unpack it first";
    }
    if (has_at(text, 0, "\x1f\x8b"sv)) return "is compressed with gzip; unpack it first";
    if (has_at(text, 0, "PK\x03\x04"sv)) return "is a zip archive; unpack it first";
    if (has_at(text, 0, "GIF8"sv)) return "is a GIF picture, which is not supported";
    if (has_at(text, 0, "RIFF"sv) && has_at(text, 8, "WEBP"sv)) {
        return "is a WebP picture, which is not supported";
    }
    if (has_at(text, 0, "%PDF"sv)) return "is a PDF document, not a picture";
    if (has_at(text, 127, "DICM"sv) || has_at(text, 0, "DICM"sv)) {
        return "looks like DICOM with a damaged preamble";
    }
    const bool plain = std::all_of(b.begin(), b.end(), [](std::uint8_t c) {
        return c >= 32 || c == '\n' || c == '\r' || c == '\t';
    });
    if (plain) return "is text, not a picture";
    return "is no picture, film or DICOM file that can be read";
}

}  // namespace guide::io
