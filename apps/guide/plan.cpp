// SPDX-License-Identifier: Apache-2.0
#include "commands.hpp"
#include "frame_input.hpp"
#include "network_option.hpp"
#include "output.hpp"
#include "plan_input.hpp"
#include "plan_volume.hpp"
#include "xray_input.hpp"

#include <guide/io/write.hpp>
#include <guide/plan/plan.hpp>
#include <guide/plan/remedy.hpp>
#include <guide/render/overlay.hpp>
#include <guide/report/documents.hpp>
#include <guide/report/explanation.hpp>
#include <guide/report/markups.hpp>
#include <guide/report/page.hpp>
#include <guide/report/summary.hpp>
#include <guide/segment/segment.hpp>

#include <cstdint>
#include <filesystem>
#include <iostream>
#include <memory>

namespace guide::app {
namespace {

struct State {
    FrameInput input;
    NetworkOption network;
    Output output;
    PlanInput plan;
    VolumeInput volume;
    XrayInput xray;
    std::optional<std::string> markups, report;
    bool explain = false;
    std::uint64_t seed = 0;
};

std::string fault_of_report_name(const std::string& file) {
    const auto extension = std::filesystem::path(file).extension();
    return extension == ".pdf" || extension == ".html" || extension == ".htm"
               ? std::string{}
               : file + " ends neither in .html nor in .pdf";
}

void write_report(const std::string& file, const report::SourceReference& source,
                  const Frame& frame, const Anatomy& anatomy, const plan::Plan& plan) {
    const Image<Rgb8> picture = render::draw_overlay(frame, anatomy, &plan);
    io::write_text(file, is_pdf(file)
                             ? report::plan_pdf(source, frame, anatomy, plan, picture.view())
                             : report::plan_html(source, frame, anatomy, plan,
                                                 io::encode_png(picture.view())));
}

void write_markups(const std::string& file, const Frame& frame, const plan::Plan& plan) {
    if (const auto markups = report::markups_json(frame, plan)) {
        io::write_text(file, *markups);
    } else {
        std::cerr << "guide: " << file << ": not written. " << markups.error().text << '\n';
    }
}

plan::PlanStatus run(const State& state) {
    state.output.check_apart(
        state.input.file,
        {state.markups, state.report, state.plan.approaches_file, state.plan.needles_file,
         state.volume.labels_file, state.network.file, state.xray.camera, state.xray.other_camera,
         state.xray.other_picture, state.xray.other_overlay});
    const plan::PlanOptions options = state.plan.read();
    if (state.volume.given()) {
        return plan_label_volume(state.input.file, state.volume, options, state.output,
                                 {state.markups, state.report, state.explain});
    }
    const auto source = state.input.open();
    const Frame frame = state.input.read(*source);
    const Anatomy anatomy =
        segment::find_anatomy(frame, state.network.options(state.input.chosen_view()));
    state.input.check_against(anatomy);
    std::optional<plan::XrayPlan> on_xray;
    if (state.xray.given()) on_xray = state.xray.plan(anatomy, options);
    plan::Plan plan = on_xray ? on_xray->plan : plan::plan_trajectories(anatomy, options);
    if (plan.status == plan::PlanStatus::refused && !on_xray)
        plan.remedies = plan::find_remedies(anatomy, options);

    if (state.output.json || state.report) {
        const auto reference = state.input.reference(*source);
        if (state.output.json)
            state.output.write_json(on_xray ? report::plan_json(reference, frame, anatomy, *on_xray)
                                            : report::plan_json(reference, frame, anatomy, plan));
        if (state.report) write_report(*state.report, reference, frame, anatomy, plan);
    }
    if (state.markups) write_markups(*state.markups, frame, plan);
    state.output.write_overlay(frame, anatomy, &plan);
    if (state.explain) {
        state.output.tell(report::explanation_text(anatomy, plan));
    } else {
        state.output.say(report::segmentation_summary(frame, anatomy) + report::plan_summary(plan),
                         state.markups || state.report);
    }
    return plan.status;
}

}  // namespace

void add_plan(CLI::App& app, int& exit_code) {
    auto state = std::make_shared<State>();
    CLI::App* command = app.add_subcommand(
        "plan", "Rank the needle paths to the joint space, with the reasons for those refused");
    state->input.add_to(*command);
    state->network.add_to(*command);
    state->output.add_to(*command);
    state->plan.add_to(*command);
    command->add_flag("--explain", state->explain,
                      "Say in full sentences where to enter, why, and what was refused");
    command
        ->add_option("--markups", state->markups,
                     "Write the best path for 3D Slicer into this .mrk.json file, LPS")
        ->type_name("FILE");
    command
        ->add_option("--report", state->report,
                     "Write one page with picture, numbers, reasons and checklist into this .html "
                     "or .pdf file")
        ->check(
            CLI::Validator([](std::string& file) { return fault_of_report_name(file); }, "FILE"));
    command->add_option(
        "--seed", state->seed,
        "Seed of random choices; planning makes none, so the plan is the same for all");
    state->volume.add_to(*command);
    state->xray.add_to(*command);
    command->callback([state, &exit_code] {
        exit_code = run(*state) == plan::PlanStatus::planned ? kDone : kNoAnswer;
    });
}

}  // namespace guide::app
