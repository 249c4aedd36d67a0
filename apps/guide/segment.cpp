// SPDX-License-Identifier: Apache-2.0
#include "commands.hpp"
#include "frame_input.hpp"
#include "network_option.hpp"
#include "output.hpp"

#include <guide/io/write.hpp>
#include <guide/report/documents.hpp>
#include <guide/report/summary.hpp>
#include <guide/segment/segment.hpp>

#include <memory>

namespace guide::app {

void add_segment(CLI::App& app, int& exit_code) {
    struct State {
        FrameInput input;
        NetworkOption network;
        Output output;
        std::optional<std::string> mask;
    };
    auto state = std::make_shared<State>();
    CLI::App* command =
        app.add_subcommand("segment", "Find the joint space and the bones in a frame");
    state->input.add_to(*command);
    state->network.add_to(*command);
    command
        ->add_option("--mask", state->mask,
                     "Write the joint space as white (255) on black into this PNG file")
        ->type_name("FILE");
    state->output.add_to(*command);
    command->callback([state, &exit_code] {
        state->output.check_apart(state->input.file, {state->mask, state->network.file});
        const auto source = state->input.open();
        const Frame frame = state->input.read(*source);
        const Anatomy anatomy =
            segment::find_anatomy(frame, state->network.options(state->input.chosen_view()));
        state->input.check_against(anatomy);
        if (state->mask)
            io::write_mask_png(*state->mask, segment::joint_space_mask(anatomy).view());
        if (state->output.json) {
            state->output.write_json(
                report::segmentation_json(state->input.reference(*source), frame, anatomy));
        }
        state->output.write_overlay(frame, anatomy, nullptr);
        state->output.say(report::segmentation_summary(frame, anatomy), state->mask.has_value());
        exit_code = anatomy.joint_space ? kDone : kNoAnswer;
    });
}

}  // namespace guide::app
