// SPDX-License-Identifier: Apache-2.0
#include "record_text.hpp"

#include <guide/core/error.hpp>
#include <guide/session/record.hpp>

#include <cstdint>
#include <fstream>
#include <sstream>

namespace guide::session {
namespace {

std::string content_of(const std::filesystem::path& file) {
    constexpr std::uintmax_t kLargest = 64U << 20U;
    std::error_code error;
    if (!std::filesystem::is_regular_file(file, error))
        throw IoError(file.string(), "not-found", error ? error.message() : "is no file");
    if (std::filesystem::file_size(file, error) > kLargest)
        throw IoError(file.string(), "too-large", "is larger than 64 MiB: no session");
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    if (!stream || text.view().empty())
        throw IoError(file.string(), stream ? "not-a-session" : "not-found",
                      stream ? "is empty" : "cannot be read");
    return std::move(text).str();
}

/// Checks a line against all before it; its content.
Expected<std::string_view> content_of_line(std::string_view line, std::uint64_t& sum) {
    constexpr std::size_t kTail = 17;  // a tab and 16 digits
    if (line.size() <= kTail || line[line.size() - kTail] != '\t')
        return no_answer("damaged", "has no checksum");
    const std::string_view content = line.substr(0, line.size() - kTail);
    sum = checksum(content, sum);
    if (line.substr(line.size() - kTail + 1) != hexadecimal(sum))
        return no_answer("damaged", "is not what was written, or lines before it are missing");
    return content;
}

}  // namespace

Recording read_session(const std::filesystem::path& file) {
    const std::string text = content_of(file);
    Recording recording;
    std::uint64_t sum = kFirstChecksum;
    int number = 0, tick = 0;
    const auto damaged = [&](const std::string& what) {
        throw IoError(file.string(), "damaged", "line " + std::to_string(number) + " " + what);
    };
    for (std::size_t begin = 0; begin < text.size();) {
        ++number;
        const std::size_t end = text.find('\n', begin);
        if (end == std::string::npos) {
            recording.torn = Reason{"torn",
                                    "The last line was cut off; what comes before it is "
                                    "whole."};
            break;
        }
        const std::string_view line(text.data() + begin, end - begin);
        begin = end + 1;
        const auto content = content_of_line(line, sum);
        if (number == 1) {
            // Who opens some other file is told that, not that it is damaged.
            auto lesson = header_from(line.substr(0, line.find('\t')));
            if (!lesson) throw IoError(file.string(), lesson.error().code, lesson.error().text);
            recording.log.lesson = *std::move(lesson);
        }
        if (!content) damaged(content.error().text);
        if (number == 1) continue;
        auto entry = entry_from(*content);
        if (!entry) damaged("cannot be read: " + entry.error().text);
        const int at = std::visit([](const auto& e) { return e.tick; }, *entry);
        if (at < tick) damaged("goes back in time");
        tick = at;
        recording.log.entries.emplace_back(*std::move(entry));
    }
    if (number == 1 && recording.torn)
        throw IoError(file.string(), "not-a-session", "holds no lesson");
    return recording;
}

}  // namespace guide::session
