// SPDX-License-Identifier: Apache-2.0
#include "guide_test/hand_run.hpp"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <utility>

namespace guide::test {

bool CommandLine::flag(std::string_view name) {
    return std::erase(words_, name) > 0;
}

std::string CommandLine::text(std::string_view name, std::string otherwise) {
    const auto found = std::find(words_.begin(), words_.end(), name);
    if (found == words_.end()) return otherwise;
    if (found + 1 == words_.end()) throw UsageError{};
    std::string value = std::move(*(found + 1));
    words_.erase(found, found + 2);
    return value;
}

const std::vector<std::string>& CommandLine::rest() const {
    for (const std::string& word : words_)
        if (word.rfind("--", 0) == 0) throw UsageError{};
    return words_;
}

int run_by_hand(const char* usage, int count, char** words, int (*run)(CommandLine)) {
    try {
        return run(CommandLine(count, words));
    } catch (const UsageError&) {
        std::fputs(usage, stderr);
        return 2;
    } catch (const std::exception& e) {
        std::fprintf(stderr, "%s: %s\n", words[0], e.what());
        return 1;
    }
}

}  // namespace guide::test
