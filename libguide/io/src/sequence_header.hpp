// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "detect.hpp"

#include <Eigen/Core>

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace guide::io {

enum class SampleType { u8, i8, u16, i16, u32, i32, f32, f64 };

[[nodiscard]] int bytes_of(SampleType type);

/// What MetaImage and NRRD headers have in common, and the fields that PLUS adds for tracked
/// ultrasound.
struct SequenceHeader {
    std::vector<int> size;  ///< x, y and, if there, frames or slices
    int channels = 1;       ///< 1, 3 or 4, interleaved
    SampleType type = SampleType::u8;
    bool big_endian = false;
    bool compressed = false;  ///< zlib or gzip, one stream over all frames
    std::filesystem::path data_file;
    std::int64_t data_offset = 0;    ///< -1: the data stands at the end of the file
    std::optional<Spacing> spacing;  ///< as the header says, in mm
    std::vector<Reason> notes;       ///< what of the header could not be used
    bool sequence = false;           ///< third axis is time (PLUS), not space
    std::optional<Eigen::Matrix4d>
        volume;  ///< LPS mm from voxel (x, y, slice), where the header gives it
    std::map<std::string, std::string> fields;  ///< of the whole sequence
    std::vector<std::map<std::string, std::string>>
        frames;  ///< fields "Seq_FrameNNNN_NAME", by frame
};

/// Throws IoError: "truncated", "damaged", "unsupported", and "not-found" when the pixels stand in
/// a file that is not there.
[[nodiscard]] SequenceHeader read_sequence_header(const std::filesystem::path& path, Format format,
                                                  const OpenOptions& options);

/// Sixteen numbers, row by row. Nothing when there are not 16 numbers; they need not be finite.
[[nodiscard]] std::optional<Eigen::Matrix4d> parse_matrix(const std::string& text);

/// A number that takes the whole text (spaces around it allowed), '.' as the decimal point in every
/// locale.
[[nodiscard]] std::optional<double> parse_number(std::string_view text);

}  // namespace guide::io
