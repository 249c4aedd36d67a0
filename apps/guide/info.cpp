// SPDX-License-Identifier: Apache-2.0
#include "commands.hpp"
#include "output.hpp"

#include <guide/io/frame_source.hpp>
#include <guide/report/documents.hpp>
#include <guide/report/summary.hpp>

#include <memory>

namespace guide::app {

void add_info(CLI::App& app, int&) {
    struct State {
        std::string file;
        Output output;
    };
    auto state = std::make_shared<State>();
    CLI::App* command = app.add_subcommand(
        "info", "Say what a file is: modality, size, frames, calibration and its source, regions");
    command->add_option("FILE", state->file, "A file or a folder of frames")->required();
    command
        ->add_option("--json", state->output.json,
                     "Write it as JSON to this file, or - for standard output")
        ->type_name("FILE");
    command->add_flag("--quiet", state->output.quiet, "No summary");
    command->callback([state] {
        state->output.check_apart(state->file);
        io::OpenOptions options;
        options.orientation = io::Orientation::as_stored;  // as every command reads it
        const auto source = io::open(state->file, options);
        state->output.write_json(report::info_json(source->info()));
        state->output.say(report::info_summary(source->info()));
    });
}

}  // namespace guide::app
