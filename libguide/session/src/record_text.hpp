// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/expected.hpp>
#include <guide/session/log.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace guide::session {

// The lines of a record: CONTENT TAB CHECKSUM, the checksum 16 hexadecimal digits of FNV-1a over
// all contents so far. The first content is an object with schema and lesson, the others are lists.

inline constexpr std::string_view kRecordSchema = "guide.session/1";
inline constexpr std::uint64_t kFirstChecksum = 0xcbf29ce484222325U;

[[nodiscard]] std::uint64_t checksum(std::string_view content, std::uint64_t before);
[[nodiscard]] std::string hexadecimal(std::uint64_t value);

[[nodiscard]] std::string header_text(const Lesson& lesson);
[[nodiscard]] std::string entry_text(const LogEntry& entry);

/// The reason: "not-a-session", "newer-schema", "bad-lesson".
[[nodiscard]] Expected<Lesson> header_from(std::string_view text);
/// The reason ("damaged") says what is wrong.
[[nodiscard]] Expected<LogEntry> entry_from(std::string_view text);

}  // namespace guide::session
