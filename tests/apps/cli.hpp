// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide_test/data.hpp>
#include <guide_test/program.hpp>

#include <string>
#include <vector>

namespace guide::test {

inline ProgramResult run_guide(const std::vector<std::string>& arguments) {
    return run_program(GUIDE_PROGRAM, arguments);
}

inline std::string sample() {
    return (samples() / "suprapatellar_long.png").string();
}

}  // namespace guide::test
