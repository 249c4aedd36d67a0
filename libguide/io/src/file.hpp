// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/error.hpp>
#include <guide/io/frame_source.hpp>

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace guide::io {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

/// Size of a regular file. Throws IoError when there is none or it is no regular file.
[[nodiscard]] std::int64_t size_of_file(const std::filesystem::path& path);

/// The first `count` bytes, fewer when the file is shorter.
[[nodiscard]] Bytes read_beginning(const std::filesystem::path& path, std::size_t count);

/// The whole file; "too-large" beyond `max_bytes`.
[[nodiscard]] Bytes read_file(const std::filesystem::path& path, std::int64_t max_bytes);

/// `count` bytes at `offset`; "truncated" when the file ends before.
void read_at(const std::filesystem::path& path, std::int64_t offset, std::span<std::uint8_t> into);

/// Throws "damaged" for an empty picture and "too-large" for one beyond the bounds, before anything
/// is allocated. `bytes_per_pixel` is what the decoder holds of it.
void check_size(const std::string& path, std::int64_t width, std::int64_t height,
                std::int64_t bytes_per_pixel, const OpenOptions& options);

/// One line without control characters, at most 200 characters: foreign text for messages and
/// notes.
[[nodiscard]] std::string printable(std::string_view text);

/// Number for people: six significant digits, no trailing zeros.
[[nodiscard]] std::string number(double value);

}  // namespace guide::io
