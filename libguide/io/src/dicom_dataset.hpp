// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/io/dicom_write.hpp>

#include <filesystem>
#include <optional>
#include <string>

namespace guide::io {

/// How several frames follow each other; one frame has none.
struct DicomTiming {
    int frames;
    double frames_per_s;
};

/// Whether the pixels are written as RGB.
[[nodiscard]] bool has_colour(const Frame& frame);

/// As shown, rows one after the other: grey, or red, green and blue in turn.
void append_pixels(const Frame& frame, std::string& bytes);

/// Throws PreconditionError, see write_dicom.
void check_dicom_tags(const Frame& frame, const DicomTags& tags);

/// The file of one frame, or of several of which `frame` is the first. Identifiers come from the
/// tags and `content`. The pixels are laid behind what DCMTK makes of the rest, so that many frames
/// are not copied through it.
void write_dicom_file(const std::filesystem::path& path, const Frame& frame, const DicomTags& tags,
                      const std::string& content, const std::optional<DicomTiming>& timing,
                      const std::string& pixels);

}  // namespace guide::io
