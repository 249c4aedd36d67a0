// SPDX-License-Identifier: Apache-2.0
#include "picture.hpp"

#include <tiffio.h>

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <memory>

namespace guide::io {
namespace {

struct Messages {
    char first[200] = {};  ///< the first error is the cause, later ones follow from it
};

extern "C" {
int guide_tiff_error(TIFF*, void* user, const char*, const char* format, std::va_list arguments) {
    auto* messages = static_cast<Messages*>(user);
    if (messages->first[0] == '\0') {
        std::vsnprintf(messages->first, sizeof messages->first, format, arguments);
    }
    return 1;  // handled: nothing goes to the library's own, printing handler
}
int guide_tiff_warning(TIFF*, void*, const char*, const char*, std::va_list) {
    return 1;
}
}

struct Tiff {
    Messages messages;
    std::unique_ptr<TIFF, decltype(&TIFFClose)> handle{nullptr, &TIFFClose};
    std::string path;

    Tiff(const std::string& file, const OpenOptions& options) : path(file) {
        const std::unique_ptr<TIFFOpenOptions, decltype(&TIFFOpenOptionsFree)> how(
            TIFFOpenOptionsAlloc(), &TIFFOpenOptionsFree);
        TIFFOpenOptionsSetErrorHandlerExtR(how.get(), &guide_tiff_error, &messages);
        TIFFOpenOptionsSetWarningHandlerExtR(how.get(), &guide_tiff_warning, nullptr);
        TIFFOpenOptionsSetMaxSingleMemAlloc(how.get(), static_cast<tmsize_t>(options.max_bytes));
        handle.reset(TIFFOpenExt(file.c_str(), "rm", how.get()));
        if (!handle) fail("cannot be opened");
    }

    [[noreturn]] void fail(const std::string& otherwise) const {
        const std::string text = messages.first[0] != '\0' ? printable(messages.first) : otherwise;
        throw IoError(path, "damaged", "TIFF: " + text);
    }

    template <class T>
    [[nodiscard]] T field(std::uint32_t tag, T otherwise) const {
        T value{};
        return TIFFGetFieldDefaulted(handle.get(), tag, &value) == 1 ? value : otherwise;
    }
};

struct Layout {
    std::uint32_t width, height;
    unsigned bits, samples, photometric, sample_format, planar, orientation;
};

Layout layout_of(const Tiff& tiff) {
    Layout l{};
    l.width = tiff.field<std::uint32_t>(TIFFTAG_IMAGEWIDTH, 0);
    l.height = tiff.field<std::uint32_t>(TIFFTAG_IMAGELENGTH, 0);
    l.bits = tiff.field<std::uint16_t>(TIFFTAG_BITSPERSAMPLE, 1);
    l.samples = tiff.field<std::uint16_t>(TIFFTAG_SAMPLESPERPIXEL, 1);
    l.photometric = tiff.field<std::uint16_t>(TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
    l.sample_format = tiff.field<std::uint16_t>(TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT);
    l.planar = tiff.field<std::uint16_t>(TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    l.orientation = tiff.field<std::uint16_t>(TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
    return l;
}

bool is_grey(const Layout& l) {
    return l.samples == 1 &&
           (l.photometric == PHOTOMETRIC_MINISBLACK || l.photometric == PHOTOMETRIC_MINISWHITE);
}

/// Grey pixels of 8 or 16 bits as stored, from strips or tiles, which both are read block by block.
template <class T>
Image<T> read_grey(const Tiff& tiff, const Layout& l) {
    TIFF* handle = tiff.handle.get();
    Image<T> image(static_cast<int>(l.width), static_cast<int>(l.height));
    const bool tiled = TIFFIsTiled(handle) != 0;
    const std::uint32_t block_width =
        tiled ? tiff.field<std::uint32_t>(TIFFTAG_TILEWIDTH, 0) : l.width;
    const std::uint32_t block_height =
        tiled ? tiff.field<std::uint32_t>(TIFFTAG_TILELENGTH, 0)
              : std::min(tiff.field<std::uint32_t>(TIFFTAG_ROWSPERSTRIP, l.height), l.height);
    const tmsize_t size = tiled ? TIFFTileSize(handle) : TIFFStripSize(handle);
    if (block_width == 0 || block_height == 0 || size <= 0) tiff.fail("no strips or tiles");
    const std::size_t needed = std::size_t{block_width} * block_height * sizeof(T);
    if (static_cast<std::size_t>(size) < needed) tiff.fail("strips or tiles of a wrong size");
    // One block is no larger than the picture, but for the rounding up of tiles.
    if (needed > (image.size() + 4096U * 4096U) * sizeof(T)) tiff.fail("absurd tile size");
    std::vector<T> block(static_cast<std::size_t>(size) / sizeof(T) + 1);
    for (std::uint32_t y0 = 0; y0 < l.height; y0 += block_height) {
        for (std::uint32_t x0 = 0; x0 < l.width; x0 += block_width) {
            const std::uint32_t rows = std::min(block_height, l.height - y0);
            const std::uint32_t columns = std::min(block_width, l.width - x0);
            const tmsize_t got =
                tiled ? TIFFReadEncodedTile(handle, TIFFComputeTile(handle, x0, y0, 0, 0),
                                            block.data(), size)
                      : TIFFReadEncodedStrip(handle, TIFFComputeStrip(handle, y0, 0), block.data(),
                                             size);
            if (got < 0 ||
                static_cast<std::size_t>(got) < std::size_t{rows} * block_width * sizeof(T)) {
                tiff.fail("the pixels are incomplete");
            }
            for (std::uint32_t y = 0; y < rows; ++y) {
                std::copy_n(block.data() + std::size_t{y} * block_width, columns,
                            image.row(static_cast<int>(y0 + y)) + x0);
            }
        }
    }
    return image;
}

template <class T>
void invert(Image<T>& image) {
    for (std::size_t i = 0; i < image.size(); ++i) {
        image.data()[i] = static_cast<T>(static_cast<T>(~T{0}) - image.data()[i]);
    }
}

Image<Rgb8> read_rgb(const Tiff& tiff, const Layout& l) {
    char why[1024] = {};
    if (TIFFRGBAImageOK(tiff.handle.get(), why) == 0) {
        throw IoError(tiff.path, "unsupported", "TIFF: " + printable(why));
    }
    const std::size_t count = std::size_t{l.width} * l.height;
    std::vector<std::uint32_t> rgba(count);
    // Asked for in its own orientation, the picture comes as stored: libtiff would mirror but not
    // transpose. stop_on_error: without it a truncated file would come back partly black.
    if (TIFFReadRGBAImageOriented(tiff.handle.get(), l.width, l.height, rgba.data(),
                                  static_cast<int>(l.orientation), 1) == 0) {
        tiff.fail("the pixels are incomplete");
    }
    Image<Rgb8> image(static_cast<int>(l.width), static_cast<int>(l.height));
    for (std::size_t i = 0; i < count; ++i) {
        image.data()[i] = {static_cast<std::uint8_t>(TIFFGetR(rgba[i])),
                           static_cast<std::uint8_t>(TIFFGetG(rgba[i])),
                           static_cast<std::uint8_t>(TIFFGetB(rgba[i]))};
    }
    return image;
}

}  // namespace

PictureHeader tiff_header(const std::string& path, const OpenOptions& options) {
    const Tiff tiff(path, options);
    const Layout l = layout_of(tiff);
    check_size(path, l.width, l.height, 8, options);
    PictureHeader header;
    header.width = static_cast<int>(l.width);
    header.height = static_cast<int>(l.height);
    header.bits = static_cast<int>(l.bits);
    header.channels = is_grey(l) ? 1 : 3;
    header.orientation = l.orientation;
    header.pages = std::max(1, static_cast<int>(TIFFNumberOfDirectories(tiff.handle.get())));
    return header;
}

Raster decode_tiff(const std::string& path, int page, const OpenOptions& options,
                   std::vector<Reason>& notes, unsigned& orientation) {
    const Tiff tiff(path, options);
    if (TIFFSetDirectory(tiff.handle.get(), static_cast<tdir_t>(page)) == 0)
        tiff.fail("no such page");
    const Layout l = layout_of(tiff);
    orientation = l.orientation;
    check_size(path, l.width, l.height, 12, options);
    const bool whole_numbers =
        l.sample_format == SAMPLEFORMAT_UINT || l.sample_format == SAMPLEFORMAT_VOID;
    if (!whole_numbers || (l.bits > 8 && l.bits != 16)) {
        throw IoError(path, "unsupported",
                      "TIFF with " + std::to_string(l.bits) +
                          "-bit samples of this kind; 8 and 16 bit unsigned are read");
    }
    if (is_grey(l) && (l.bits == 8 || l.bits == 16)) {
        const bool white_is_zero = l.photometric == PHOTOMETRIC_MINISWHITE;
        if (white_is_zero)
            notes.push_back(
                {"inverted", "White is zero in the file; the values were turned over."});
        if (l.bits == 8) {
            auto image = read_grey<std::uint8_t>(tiff, l);
            if (white_is_zero) invert(image);
            return image;
        }
        auto image = read_grey<std::uint16_t>(tiff, l);
        if (white_is_zero) invert(image);
        return image;
    }
    if (l.bits == 16) notes.push_back({"reduced-to-8-bit", "16-bit colour was reduced to 8 bits."});
    if (l.samples == 2 || l.samples == 4) {
        notes.push_back({"alpha-ignored", "The transparency of the TIFF was ignored."});
    }
    return read_rgb(tiff, l);
}

}  // namespace guide::io
