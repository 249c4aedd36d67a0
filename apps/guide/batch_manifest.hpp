// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace guide::app {

/// One line of a manifest: a command on a file.
struct Job {
    std::string id;       ///< names its results
    std::string command;  ///< info, segment, plan or track
    std::filesystem::path file;
    std::vector<std::string> options;  ///< words: "--view", "medial", ...
};

/// Jobs of a manifest, in its order. It is a table of comma-separated values (RFC 4180) whose first
/// line names the columns: `file`, seen from the manifest's folder; if wanted `id` (the file's name
/// without its ending if left out) and `command` (plan); every other column is an option of that
/// name, not given where its cell is empty. Throws IoError naming file, line and cause.
[[nodiscard]] std::vector<Job> read_manifest(const std::filesystem::path& path);

}  // namespace guide::app
