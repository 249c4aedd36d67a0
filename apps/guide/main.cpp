// SPDX-License-Identifier: Apache-2.0
#include "program.hpp"

#include <iostream>

int main(int argc, char** argv) {
    using namespace guide::app;
    const Outcome outcome = run({argv + (argc > 0 ? 1 : 0), argv + argc});
    if (!outcome.message.empty()) {
        std::cerr << "guide: " << outcome.message
                  << (outcome.exit_code == kUsage ? " (see guide --help)" : "") << '\n';
        return outcome.exit_code;
    }
    std::cout.flush();
    if (!std::cout) {
        std::cerr << "guide: standard output: cannot be written\n";
        return kFailed;
    }
    return outcome.exit_code;
}
