// SPDX-License-Identifier: Apache-2.0
#include "batch_journal.hpp"

#include <guide/core/error.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <system_error>
#include <utility>
#include <vector>

namespace guide::app {
namespace {

using Json = nlohmann::json;

}  // namespace

std::map<std::string, JournalEntry> read_journals(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    std::error_code error;
    for (const auto& file : std::filesystem::directory_iterator(folder, error)) {
        const auto name = file.path().filename().string();
        if (name.starts_with("journal.") && name.ends_with(".jsonl")) files.push_back(file.path());
    }
    std::ranges::sort(files);
    std::map<std::string, JournalEntry> entries;
    for (const auto& file : files) {
        std::ifstream stream(file);
        if (!stream) throw IoError(file.string(), "cannot-read", "cannot be opened");
        for (std::string line; std::getline(stream, line);) {
            const Json json = Json::parse(line, nullptr, false);
            if (!json.is_object()) continue;
            try {
                JournalEntry entry{json.at("id"), json.at("key"), json.at("result"),
                                   json.at("exit"), json.at("message")};
                entries[entry.id] = entry;
            } catch (const Json::exception&) {  // not a line of ours: as good as none
            }
        }
    }
    return entries;
}

Journal::Journal(std::filesystem::path path) : path_(std::move(path)) {
    // A line that the last program did not end must not swallow the first one of this.
    bool torn = false;
    if (std::ifstream old(path_, std::ios::binary | std::ios::ate); old && old.tellg() > 0) {
        old.seekg(-1, std::ios::end);
        torn = old.get() != '\n';
    }
    stream_.open(path_, std::ios::binary | std::ios::app);
    if (torn) stream_ << '\n';
    if (!stream_.flush()) throw IoError(path_.string(), "cannot-write", "cannot be written");
}

void Journal::add(const JournalEntry& entry) {
    const Json json{{"id", entry.id},
                    {"key", entry.key},
                    {"result", entry.result},
                    {"exit", entry.exit_code},
                    {"message", entry.message}};
    stream_ << json.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
    if (!stream_.flush()) throw IoError(path_.string(), "cannot-write", "cannot be written");
}

}  // namespace guide::app
