// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "file.hpp"
#include "raster.hpp"

#include <string>
#include <vector>

namespace guide::io {

/// What the header of a plain picture says.
struct PictureHeader {
    int width = 0, height = 0;
    int channels = 1;  ///< as they will be read: 1 or 3
    int bits = 8;      ///< of one channel, as stored
    int pages = 1;
    unsigned orientation = 1;  ///< tag 274 of TIFF and Exif; pixels are decoded as stored
};

/// Every decoder throws IoError on damaged or unsupported data and refuses sizes beyond `options`
/// before it allocates. `notes` takes what was changed or left out.

[[nodiscard]] PictureHeader png_header(const std::string& path, ByteView file);
[[nodiscard]] Raster decode_png(const std::string& path, ByteView file, const OpenOptions& options,
                                std::vector<Reason>& notes);

[[nodiscard]] PictureHeader jpeg_header(const std::string& path, ByteView file);
[[nodiscard]] Raster decode_jpeg(const std::string& path, ByteView file, const OpenOptions& options,
                                 std::vector<Reason>& notes);

[[nodiscard]] PictureHeader bmp_header(const std::string& path, ByteView file);
[[nodiscard]] Raster decode_bmp(const std::string& path, ByteView file, const OpenOptions& options,
                                std::vector<Reason>& notes);

/// TIFF is read from the file page by page, for many are too large to hold whole.
/// The header is that of the first page; `orientation` takes the tag of the page decoded.
[[nodiscard]] PictureHeader tiff_header(const std::string& path, const OpenOptions& options);
[[nodiscard]] Raster decode_tiff(const std::string& path, int page, const OpenOptions& options,
                                 std::vector<Reason>& notes, unsigned& orientation);

}  // namespace guide::io
