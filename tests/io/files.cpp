// SPDX-License-Identifier: Apache-2.0
#include "files.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace guide::test {

void save(const std::filesystem::path& path, std::string_view bytes) {
    std::ofstream(path, std::ios::binary)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

std::string load(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string le16(unsigned value) {
    return {static_cast<char>(value & 255U), static_cast<char>(value >> 8U & 255U)};
}
std::string le32(std::uint32_t value) {
    return le16(value & 0xffffU) + le16(value >> 16U);
}

std::string error_of(const std::filesystem::path& path, const io::OpenOptions& options,
                     std::string* message) {
    try {
        const auto source = io::open(path, options);
        for (int i = 0; i < source->info().frame_count; ++i)
            (void)source->read(i);
    } catch (const IoError& error) {
        if (message != nullptr) *message = error.what();
        return error.code();
    }
    return {};
}

bool has_note(const std::vector<Reason>& notes, std::string_view code) {
    return std::any_of(notes.begin(), notes.end(), [&](const Reason& n) { return n.code == code; });
}

std::vector<float> values(const Frame& frame) {
    return {frame.intensity.data(), frame.intensity.data() + frame.intensity.size()};
}
std::vector<Rgb8> colours(const Frame& frame) {
    return {frame.colour.data(), frame.colour.data() + frame.colour.size()};
}

}  // namespace guide::test
