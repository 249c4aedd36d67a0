// SPDX-License-Identifier: Apache-2.0
#include "commands.hpp"
#include "output.hpp"
#include "session_output.hpp"

#include <guide/core/error.hpp>
#include <guide/io/write.hpp>
#include <guide/session/record.hpp>
#include <guide/session/replay.hpp>
#include <guide/session/score.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <memory>

namespace guide::app {
namespace {

struct State {
    std::string file;
    std::optional<std::string> frames;
    bool score_only = false;
    int threads = 0;
    Output output;
};

void write_frame(const Frame& frame, const std::filesystem::path& folder, int tick) {
    Image<Rgb8> picture(frame.intensity.width(), frame.intensity.height());
    for (int y = 0; y < picture.height(); ++y) {
        for (int x = 0; x < picture.width(); ++x) {
            const auto grey = static_cast<std::uint8_t>(
                std::clamp(std::lround(frame.intensity.at(x, y)), 0L, 255L));
            picture.at(x, y) = {grey, grey, grey};
        }
    }
    char name[32];
    std::snprintf(name, sizeof name, "tick_%05d.png", tick);
    io::write_png(folder / name, picture.view());
}

/// Once more, event by event. What differs is told; the exit code says so.
int take_again(const State& state, const session::Log& log) {
    using session::ReplayPictures;
    if (state.frames) std::filesystem::create_directories(*state.frames);
    const auto seen = [&](const session::LessonState& now, const Frame* frame) {
        if (state.frames && frame != nullptr) write_frame(*frame, *state.frames, now.tick);
    };
    const auto result =
        session::replay(log, state.frames ? ReplayPictures::all : ReplayPictures::checked_ones,
                        seen, {state.threads, {}});
    if (!result) throw IoError(state.file, result.error().code, result.error().text);
    const int other = result->frames_checked - result->frames_equal;
    if (other > 0) {
        std::cerr << "guide: " << other << " of " << result->frames_checked
                  << " pictures are not those of the record, as on another processor\n";
    }
    if (!result->first_difference) return kDone;
    std::cerr << "guide: " << state.file << ": tick " << *result->first_difference
              << " is not replayed as it was recorded. " << result->difference << '\n';
    return kNoAnswer;
}

}  // namespace

void add_replay(CLI::App& app, int& exit_code) {
    auto state = std::make_shared<State>();
    CLI::App* command = app.add_subcommand(
        "replay", "Score a recorded session again, and take it again event by event");
    command->add_option("SESSION", state->file, "Record of a session (guide.session/1)")
        ->required();
    command->add_flag("--score-only", state->score_only, "Do not simulate it again");
    command->add_option("--frames", state->frames, "Folder for the picture of every tick, PNG")
        ->type_name("DIR");
    command->add_option("--threads", state->threads, "0: one for each core; the result is the same")
        ->check(CLI::Range(0, 1024))
        ->capture_default_str();
    command->add_option("--json", state->output.json, "Write the score here; - for standard output")
        ->type_name("FILE");
    command->add_flag("--quiet", state->output.quiet, "No summary");
    command->callback([state, &exit_code] {
        state->output.check_apart(state->file);
        const session::Recording recording = session::read_session(state->file);
        if (recording.torn)
            std::cerr << "guide: " << state->file << ": " << recording.torn->text << '\n';
        const session::SessionScore score = session::score(recording.log);
        if (state->output.json) state->output.write_json(session::score_json(recording.log, score));
        state->output.say(summary_of(recording.log.lesson, score));
        exit_code = state->score_only ? kDone : take_again(*state, recording.log);
    });
}

}  // namespace guide::app
