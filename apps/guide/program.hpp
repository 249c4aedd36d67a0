// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "commands.hpp"

#include <string>
#include <vector>

namespace guide::app {

/// How a command ended.
struct Outcome {
    int exit_code = kDone;
    std::string message;  ///< one line, where something failed or was used wrongly
};

/// Runs the program on the words after its name. Nothing is thrown but what no command can mend.
[[nodiscard]] Outcome run(const std::vector<std::string>& words);

}  // namespace guide::app
