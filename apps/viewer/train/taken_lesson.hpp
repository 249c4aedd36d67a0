// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/session/record.hpp>
#include <guide/session/run.hpp>
#include <guide/session/score.hpp>

#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace guide::viewer {

/// A lesson that is over, to look back at.
struct TakenLesson {
    std::shared_ptr<session::LessonRun> run;
    std::vector<session::LessonState> moments;  ///< of every tick, from the start on
    session::SessionScore score;
    std::filesystem::path record;
    bool whole = true;         ///< all of it is on the disk
    std::string trouble = {};  ///< what could not be recorded or was cut off
};

/// Takes a record again up to where it stops; `seen` gets every moment. Throws IoError where its
/// lesson cannot be built any more, Stopped.
[[nodiscard]] std::shared_ptr<session::LessonRun> taken_again(
    const session::Log& log, std::vector<session::LessonState>& moments, std::stop_token stop);

/// Reads a record and takes it again. Throws IoError.
[[nodiscard]] std::shared_ptr<TakenLesson> look_back(const std::filesystem::path& record,
                                                     std::stop_token stop = {});

}  // namespace guide::viewer
