// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/io/export.hpp>

#include <filesystem>
#include <string>
#include <string_view>

namespace guide::io {

/// SHA-256 (FIPS 180-4) in lower-case hex, 64 characters.
[[nodiscard]] GUIDE_IO_EXPORT std::string sha256(std::string_view bytes);

/// The same of a file's content, read in pieces. Throws IoError when it cannot be read.
[[nodiscard]] GUIDE_IO_EXPORT std::string sha256_of_file(const std::filesystem::path& path);

}  // namespace guide::io
