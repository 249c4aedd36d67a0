// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide_test/program.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace guide::test {

[[nodiscard]] bool has_display_server();

/// Skips a test where there is no display without a screen.
#define GUIDE_REQUIRE_DISPLAY_SERVER()                                 \
    if (!guide::test::has_display_server()) {                          \
        WARN("skipped: no Xvfb, which is a display without a screen"); \
        return;                                                        \
    }

/// Plays scripts/NAME.json, or one of a whole path, in `folder` on a display of its own.
/// `environment`: words NAME=VALUE.
[[nodiscard]] ProgramResult play(const std::filesystem::path& folder, const std::string& name,
                                 const std::vector<std::string>& environment = {},
                                 const std::vector<std::string>& options = {});

/// The same in the background.
class Playing {
  public:
    /// `most_bytes`: its files grow no larger, as on a full disk.
    Playing(const std::filesystem::path& folder, const std::string& name,
            std::optional<std::uintmax_t> most_bytes = {});
    ~Playing();
    Playing(const Playing&) = delete;
    Playing& operator=(const Playing&) = delete;

    /// Whether the file is there within 30 s; false where the program ended before.
    [[nodiscard]] bool waits_for(const std::filesystem::path& file) const;
    void kill() const;
    /// Waits for its end; 128 + signal where one ended it.
    [[nodiscard]] int exit_code();
    [[nodiscard]] std::string errors() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace guide::test
