// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <charconv>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace guide::test {

/// Thrown where the words of a command line are not understood.
struct UsageError {};

/// The words of a command line: options are taken out by name, what is left are the others.
class CommandLine {
  public:
    CommandLine(int count, char** words) : words_(words + 1, words + count) {}

    [[nodiscard]] bool flag(std::string_view name);

    /// What follows `name`, or `otherwise` where it is not there.
    [[nodiscard]] std::string text(std::string_view name, std::string otherwise = {});

    template <class Number>
    [[nodiscard]] Number number(std::string_view name, Number otherwise) {
        const std::string value = text(name);
        if (value.empty()) return otherwise;
        const char* const end = value.data() + value.size();
        const auto [stop, error] = std::from_chars(value.data(), end, otherwise);
        if (error != std::errc{} || stop != end) throw UsageError{};
        return otherwise;
    }

    /// The words that are left, after all options were taken out.
    [[nodiscard]] const std::vector<std::string>& rest() const;

  private:
    std::vector<std::string> words_;
};

/// `run` with the words of a program that is run by hand. 2 with its usage where they are not
/// understood, 1 with what went wrong.
int run_by_hand(const char* usage, int count, char** words, int (*run)(CommandLine));

}  // namespace guide::test
