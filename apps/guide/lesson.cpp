// SPDX-License-Identifier: Apache-2.0
#include "commands.hpp"
#include "output.hpp"
#include "session_output.hpp"

#include <guide/core/error.hpp>
#include <guide/session/demonstration.hpp>
#include <guide/session/history.hpp>
#include <guide/session/record.hpp>

#include <ctime>
#include <iostream>
#include <memory>

namespace guide::app {
namespace {

struct State {
    std::string file;
    std::optional<std::string> demonstrate, record, history;
    std::string trainee = "demonstration";
    int threads = 0;
    Output output;
};

std::string time_now() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    gmtime_r(&now, &parts);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text;
}

std::string description_of(const session::Lesson& lesson) {
    std::string text = lesson.title + "\n" + lesson.task + "\n";
    text += "goal " + std::string(session::name_of(lesson.goal));
    for (const std::string& name : lesson.approaches)
        text += ", approach " + name;
    for (const std::string& name : lesson.needles)
        text += ", needle " + name;
    return text + "\n";
}

/// Says once what cannot be recorded.
class Told {
  public:
    void operator()(const Expected<void>& written) {
        if (!written && !told_) std::cerr << "guide: " << written.error().text << '\n';
        told_ = !written;
    }
    [[nodiscard]] bool failed() const { return told_; }

  private:
    bool told_ = false;
};

int demonstrate(const State& state, const session::Lesson& lesson) {
    auto run = session::LessonRun::make(lesson, {state.threads, {}});
    if (!run) throw IoError(state.file, run.error().code, run.error().text);
    std::optional<session::Recorder> recorder;
    if (state.record) recorder.emplace(*state.record, run->lesson());
    session::Demonstration trainee(
        *run, *state.demonstrate == "good" ? session::Skill::good : session::Skill::poor);
    Told told;
    while (!run->state().ending) {
        run->tick(trainee.next());
        if (recorder && run->state().tick % session::kTicksPerSecond == 0)
            told(recorder->update(run->log()));
    }
    if (recorder) {
        told(recorder->update(run->log()));
        told(recorder->sync());
    }
    const session::SessionScore score = session::score(run->log());
    if (state.history) {
        session::History(*state.history)
            .add({state.trainee, lesson.id, time_now(), score.score.points, score.score.passed,
                  state.record.value_or(""), score.score.items});
    }
    if (state.output.json) state.output.write_json(session::score_json(run->log(), score));
    state.output.say(summary_of(lesson, score));
    if (trainee.gave_up()) {
        std::cerr << "guide: the demonstration gave up: " << trainee.gave_up()->text << '\n';
        return kNoAnswer;
    }
    return told.failed() ? kFailed : kDone;
}

}  // namespace

void add_lesson(CLI::App& app, int& exit_code) {
    auto state = std::make_shared<State>();
    CLI::App* command =
        app.add_subcommand("lesson", "Say what a lesson asks for, or have it demonstrated");
    command->add_option("LESSON", state->file, "JSON (guide.lesson/1)")->required();
    auto* shown = command
                      ->add_option("--demonstrate", state->demonstrate,
                                   "Take the lesson by itself: good, or poor as it should not be")
                      ->check(CLI::IsMember({"good", "poor"}));
    command->add_option("--record", state->record, "New file for the session")
        ->needs(shown)
        ->type_name("FILE");
    command->add_option("--history", state->history, "SQLite file that the attempt is added to")
        ->needs(shown)
        ->type_name("FILE");
    command->add_option("--trainee", state->trainee, "Any word, for the history")
        ->capture_default_str();
    command->add_option("--threads", state->threads, "0: one for each core; the result is the same")
        ->check(CLI::Range(0, 1024))
        ->capture_default_str();
    command->add_option("--json", state->output.json, "Write the score here; - for standard output")
        ->needs(shown)
        ->type_name("FILE");
    command->add_flag("--quiet", state->output.quiet, "No summary");
    command->callback([state, &exit_code] {
        state->output.check_apart(state->file, {state->record, state->history});
        const session::Lesson lesson = session::load_lesson(state->file);
        if (!state->demonstrate) {
            state->output.say(description_of(lesson));
            exit_code = kDone;
            return;
        }
        exit_code = demonstrate(*state, lesson);
    });
}

}  // namespace guide::app
