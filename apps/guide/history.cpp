// SPDX-License-Identifier: Apache-2.0
#include "commands.hpp"
#include "output.hpp"

#include <guide/core/error.hpp>
#include <guide/io/write.hpp>
#include <guide/session/history.hpp>

#include <filesystem>
#include <map>
#include <memory>
#include <sstream>

namespace guide::app {
namespace {

/// How each trainee does in each lesson.
std::string summary_of(const std::vector<session::Attempt>& attempts) {
    std::map<std::pair<std::string, std::string>, std::vector<session::Attempt>> groups;
    for (const session::Attempt& a : attempts)
        groups[{a.trainee, a.lesson}].push_back(a);
    std::ostringstream text;
    text.setf(std::ios::fixed);
    text.precision(0);
    for (const auto& [who, list] : groups) {
        const auto curve = session::learning_curve(list);
        text << who.first << "  " << who.second << "  attempts " << list.size() << ", passed "
             << 100 * curve.success_rate << " % (95 % interval " << 100 * curve.success_low
             << " to " << 100 * curve.success_high << " %), best ";
        double best = 0;
        for (const session::Attempt& a : list)
            best = std::max(best, a.points);
        text << best << " points" << (curve.proficient ? ", proficient" : "") << '\n';
    }
    return text.str();
}

}  // namespace

void add_history(CLI::App& app, int& exit_code) {
    struct State {
        std::string file, trainee;
        std::optional<std::string> csv;
        Output output;
    };
    auto state = std::make_shared<State>();
    CLI::App* command =
        app.add_subcommand("history", "How trainees have done: a summary, or all figures as CSV");
    command->add_option("HISTORY", state->file, "SQLite file that lessons were added to")
        ->required();
    command->add_option("--trainee", state->trainee, "Only this one's");
    command->add_option("--csv", state->csv, "Write all figures here; - for standard output")
        ->type_name("FILE");
    command->add_flag("--quiet", state->output.quiet, "No summary");
    command->callback([state, &exit_code] {
        state->output.check_apart(state->file, {state->csv});
        // A history is made by lessons, not by looking for one.
        if (!std::filesystem::exists(state->file))
            throw IoError(state->file, "not-found", "there is no such file");
        const session::History history(state->file);
        if (state->csv == "-") {
            state->output.tell(history.csv(state->trainee));
        } else if (state->csv) {
            io::write_text(*state->csv, history.csv(state->trainee));
        }
        state->output.say(summary_of(history.attempts(state->trainee)), state->csv.has_value());
        exit_code = kDone;
    });
}

}  // namespace guide::app
