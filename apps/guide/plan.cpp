// SPDX-License-Identifier: Apache-2.0
#include "commands.hpp"
#include "frame_input.hpp"
#include "output.hpp"

#include <guide/plan/plan.hpp>
#include <guide/report/documents.hpp>
#include <guide/report/summary.hpp>
#include <guide/segment/segment.hpp>

#include <cstdint>
#include <memory>

namespace guide::app {
namespace {

std::string approach_names() {
    std::string names = "auto";
    for (const plan::Approach& approach : plan::approaches())
        names += ", " + std::string(approach.name);
    return names;
}

}  // namespace

void add_plan(CLI::App& app, int& exit_code) {
    struct State {
        FrameInput input;
        Output output;
        plan::PlanOptions options;
        std::uint64_t seed = 0;
    };
    auto state = std::make_shared<State>();
    CLI::App* command = app.add_subcommand(
        "plan", "Rank the needle paths to the joint space, with the reasons for those refused");
    state->input.add_to(*command);
    state->output.add_to(*command);
    command->add_option("--approach", state->options.approach, "The way in: " + approach_names())
        ->check(CLI::Validator(
            [](std::string& text) {
                return text == "auto" || plan::find_approach(text) != nullptr
                           ? std::string{}
                           : "there is no approach \"" + text + "\"; known are " + approach_names();
            },
            "NAME"))
        ->capture_default_str();
    command
        ->add_option_function<std::string>(
            "--needle",
            [state](const std::string& text) {
                const auto needle = plan::parse_needle(text);
                if (!needle) throw CLI::ValidationError("--needle", needle.error().text);
                state->options.needle = *needle;
            },
            "Gauge and length, e.g. 22G:50mm (the default)")
        ->type_name("GAUGE:LENGTH");
    command->add_option(
        "--seed", state->seed,
        "Seed of random choices; planning makes none, so the plan is the same for all");
    command->callback([state, &exit_code] {
        state->output.check_apart(state->input.file);
        const auto source = state->input.open();
        const Frame frame = state->input.read(*source);
        const Anatomy anatomy = segment::find_anatomy(frame, {state->input.chosen_view()});
        state->input.check_against(anatomy);
        const plan::Plan plan = plan::plan_trajectories(anatomy, state->options);
        if (state->output.json) {
            state->output.write_json(
                report::plan_json(state->input.reference(*source), frame, anatomy, plan));
        }
        state->output.write_overlay(frame, anatomy, &plan);
        state->output.say(report::segmentation_summary(frame, anatomy) +
                          report::plan_summary(plan));
        exit_code = plan.status == plan::PlanStatus::planned ? kDone : kNoAnswer;
    });
}

}  // namespace guide::app
