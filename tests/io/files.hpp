// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/io/frame_source.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace guide::test {

void save(const std::filesystem::path& path, std::string_view bytes);
[[nodiscard]] std::string load(const std::filesystem::path& path);

/// Little-endian numbers for hand-made files.
[[nodiscard]] std::string le16(unsigned value);
[[nodiscard]] std::string le32(std::uint32_t value);

/// The code of the IoError that opening and reading every frame ends in; "" when all is read.
/// `message`, when given, takes the text.
[[nodiscard]] std::string error_of(const std::filesystem::path& path,
                                   const io::OpenOptions& options = {},
                                   std::string* message = nullptr);

[[nodiscard]] bool has_note(const std::vector<Reason>& notes, std::string_view code);

/// The values of a small frame, row by row.
[[nodiscard]] std::vector<float> values(const Frame& frame);
[[nodiscard]] std::vector<Rgb8> colours(const Frame& frame);

}  // namespace guide::test
