// SPDX-License-Identifier: Apache-2.0
#include "file.hpp"

#include <cstdio>
#include <fstream>
#include <system_error>

namespace guide::io {

std::int64_t size_of_file(const std::filesystem::path& path) {
    std::error_code error;
    const auto status = std::filesystem::status(path, error);
    if (status.type() == std::filesystem::file_type::not_found) {
        throw IoError(path.string(), "not-found", "no such file");
    }
    if (error) throw IoError(path.string(), "unreadable", error.message());
    if (!std::filesystem::is_regular_file(status)) {
        throw IoError(path.string(), "unreadable", "is not a regular file");
    }
    const auto size = std::filesystem::file_size(path, error);
    if (error) throw IoError(path.string(), "unreadable", error.message());
    return static_cast<std::int64_t>(size);
}

namespace {

Bytes read_some(const std::filesystem::path& path, std::size_t count) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw IoError(path.string(), "unreadable", "cannot be opened for reading");
    Bytes bytes(count);
    file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(count));
    if (file.bad()) throw IoError(path.string(), "unreadable", "reading failed");
    bytes.resize(static_cast<std::size_t>(file.gcount()));
    return bytes;
}

}  // namespace

Bytes read_beginning(const std::filesystem::path& path, std::size_t count) {
    const auto size = static_cast<std::size_t>(size_of_file(path));
    return read_some(path, std::min(count, size));
}

Bytes read_file(const std::filesystem::path& path, std::int64_t max_bytes) {
    const std::int64_t size = size_of_file(path);
    if (size > max_bytes) {
        throw IoError(
            path.string(), "too-large",
            "the file is larger than the limit of " + std::to_string(max_bytes) + " bytes");
    }
    return read_some(path, static_cast<std::size_t>(size));
}

void read_at(const std::filesystem::path& path, std::int64_t offset, std::span<std::uint8_t> into) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw IoError(path.string(), "unreadable", "cannot be opened for reading");
    file.seekg(offset);
    file.read(reinterpret_cast<char*>(into.data()), static_cast<std::streamsize>(into.size()));
    if (static_cast<std::size_t>(file.gcount()) != into.size()) {
        throw IoError(path.string(), "truncated", "the file ends before its pixels do");
    }
}

void check_size(const std::string& path, std::int64_t width, std::int64_t height,
                std::int64_t bytes_per_pixel, const OpenOptions& options) {
    constexpr std::int64_t kLongestSide = 1 << 24;  // keeps every product below far from overflow
    const std::string size = std::to_string(width) + " x " + std::to_string(height) + " pixels";
    if (width <= 0 || height <= 0) {
        throw IoError(path, "damaged", "the picture has no pixels (" + size + ")");
    }
    if (width > kLongestSide || height > kLongestSide || width * height > options.max_pixels) {
        throw IoError(
            path, "too-large",
            size + " is more than the limit of " + std::to_string(options.max_pixels) + " pixels");
    }
    if (width * height > options.max_bytes / std::max<std::int64_t>(bytes_per_pixel, 1)) {
        throw IoError(path, "too-large",
                      "decoding " + size + " takes more than the limit of " +
                          std::to_string(options.max_bytes) + " bytes");
    }
}

std::string printable(std::string_view text) {
    constexpr std::size_t kLongest = 200;
    std::string line;
    for (const char c : text.substr(0, kLongest)) {
        line +=
            static_cast<unsigned char>(c) < 32 || static_cast<unsigned char>(c) == 127 ? ' ' : c;
    }
    while (!line.empty() && line.back() == ' ')
        line.pop_back();
    return line;
}

std::string number(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.6g", value);
    return text;
}

}  // namespace guide::io
