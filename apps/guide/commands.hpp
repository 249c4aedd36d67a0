// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>

namespace guide::app {

/// What the program ends with; the interface contract (docs/cli.md).
enum ExitCode { kDone = 0, kFailed = 1, kUsage = 2, kNoAnswer = 3 };

/// Each adds its sub-command to `app`; when it is chosen, its exit code is written to `exit_code`
/// on parsing.
void add_info(CLI::App& app, int& exit_code);
void add_segment(CLI::App& app, int& exit_code);
void add_plan(CLI::App& app, int& exit_code);
void add_track(CLI::App& app, int& exit_code);
void add_contrast(CLI::App& app, int& exit_code);
void add_register(CLI::App& app, int& exit_code);
void add_simulate(CLI::App& app, int& exit_code);
void add_evaluate(CLI::App& app, int& exit_code);
void add_batch(CLI::App& app, int& exit_code);
void add_lesson(CLI::App& app, int& exit_code);
void add_replay(CLI::App& app, int& exit_code);
void add_history(CLI::App& app, int& exit_code);

}  // namespace guide::app
