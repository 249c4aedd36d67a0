// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace guide::test {

struct ProgramResult {
    int exit_code = -1;  ///< 128 + signal where one ended it, as a shell has it
    std::string out, err;
};

/// Runs `program` without a shell, with nothing to read and no display, and waits for its end.
/// Throws where it cannot be started. Time limits are those of the test.
[[nodiscard]] ProgramResult run_program(const std::filesystem::path& program,
                                        const std::vector<std::string>& arguments);

/// Names of all that lies in `folder`, sorted.
[[nodiscard]] std::vector<std::string> names_in(const std::filesystem::path& folder);

}  // namespace guide::test
