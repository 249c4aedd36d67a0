// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide_test/data.hpp>
#include <guide_test/program.hpp>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace guide::test {

inline ProgramResult run_guide(const std::vector<std::string>& arguments) {
    return run_program(GUIDE_PROGRAM, arguments);
}

inline nlohmann::json json_of(const std::filesystem::path& file) {
    std::ifstream stream(file);
    if (!stream) throw std::runtime_error(file.string() + " cannot be read");
    return nlohmann::json::parse(stream);
}

/// Runs `guide simulate` on a case kept in `folder`, into its folder "out".
inline ProgramResult run_simulate(const std::filesystem::path& folder, const nlohmann::json& c,
                                  const std::vector<std::string>& more = {}) {
    const std::filesystem::path file = folder / "case.json";
    std::ofstream(file) << c.dump();
    std::vector<std::string> words{"simulate", file, "--output", folder / "out"};
    words.insert(words.end(), more.begin(), more.end());
    return run_guide(words);
}

inline std::string sample() {
    return (samples() / "suprapatellar_long.png").string();
}

}  // namespace guide::test
