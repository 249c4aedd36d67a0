// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/plan/plan.hpp>

#include <CLI/CLI.hpp>

#include <optional>
#include <string>
#include <vector>

namespace guide::app {

/// What the user asks of the planner: approach, needle, injection, and own tables of the first two.
struct PlanInput {
    std::string approach = "auto";
    std::string needle = "22G:50mm";
    std::optional<std::string> approaches_file, needles_file;
    std::string operator_name = "trained";
    std::optional<std::string> lateral_side;
    plan::InjectionOptions injection;

    void add_to(CLI::App& command);

    /// Reads the tables. Throws IoError naming the file and the entry that is wrong, or a usage
    /// error naming the option.
    [[nodiscard]] plan::PlanOptions read() const;

  private:
    void add_injection(CLI::App& command);
};

}  // namespace guide::app
