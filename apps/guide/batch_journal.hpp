// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <string>

namespace guide::app {

/// What came of a job, and of what: `key` is another for other input, options or program, `result`
/// the hash of what was written, empty where nothing was.
struct JournalEntry {
    std::string id, key, result;
    int exit_code = 0;
    std::string message;
};

/// The last entry of each job in the journals of `folder`, its files "journal.*.jsonl" and
/// "journal.jsonl". A line cut off by the end of a program is passed over; its job counts as not
/// done.
[[nodiscard]] std::map<std::string, JournalEntry> read_journals(
    const std::filesystem::path& folder);

/// Appends to a journal, entry by entry, so that what is done stays done whatever ends the program.
class Journal {
  public:
    /// Throws IoError.
    explicit Journal(std::filesystem::path path);
    void add(const JournalEntry& entry);

  private:
    std::filesystem::path path_;
    std::ofstream stream_;
};

}  // namespace guide::app
