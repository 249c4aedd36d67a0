// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/session/run.hpp>

#include <filesystem>
#include <string>

namespace guide::test {

/// A large effusion seen crosswise by a small probe that hardly moves: quickly built.
[[nodiscard]] session::Lesson small_lesson(session::Goal goal = session::Goal::inject);

[[nodiscard]] session::LessonRun run_of(const session::Lesson& lesson, int threads = 1);

/// A needle on the skin to the left of the probe that points into the fluid.
[[nodiscard]] session::PlaceNeedle into_the_fluid(const session::LessonRun& run);

/// A log as its record has it.
[[nodiscard]] std::string text_of(const session::Log& log);

[[nodiscard]] std::string content_of(const std::filesystem::path& file);

}  // namespace guide::test
