// SPDX-License-Identifier: Apache-2.0
#include "commands.hpp"
#include "frame_input.hpp"
#include "output.hpp"

#include <guide/core/error.hpp>
#include <guide/io/frame_source.hpp>
#include <guide/report/contrast.hpp>
#include <guide/segment/contrast_check.hpp>

#include <memory>
#include <optional>
#include <vector>

namespace guide::app {
void add_contrast(CLI::App& app, int& exit_code) {
    struct State {
        FrameInput before, after;
        std::string view = "auto";
        std::vector<double> tip;
        std::optional<double> injected_ml;
        Output output;
    };
    auto state = std::make_shared<State>();
    CLI::App* command = app.add_subcommand(
        "contrast", "Whether contrast agent ran into the joint or pooled at the needle's tip");
    command->add_option("BEFORE", state->before.file, "Frame before the injection")->required();
    command->add_option("AFTER", state->after.file, "Frame of the same view after it")->required();
    command->add_option("--before-frame", state->before.frame, "Number of that frame in its file")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    command->add_option("--after-frame", state->after.frame, "Number of that frame in its file")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    command
        ->add_option("--view", state->view,
                     "From where the knee is seen: xray-ap, xray-lateral, auto (not known)")
        ->check(CLI::IsMember({"xray-ap", "xray-lateral", "auto"}))
        ->capture_default_str();
    command->add_option("--tip", state->tip, "The needle's tip in the first frame, pixels: X,Y")
        ->delimiter(',')
        ->expected(2)
        ->type_name("X,Y");
    command->add_option("--contrast-ml", state->injected_ml, "Agent let out between the frames, ml")
        ->check(CLI::Range(0.01, 100.0))
        ->type_name("ML");
    command
        ->add_option("--spacing-mm", state->before.spacing_mm,
                     "Millimetres from one pixel to the next, at the knee")
        ->check(CLI::Range(0.001, 10.0))
        ->type_name("MM");
    command
        ->add_option("--json,--output", state->output.json,
                     "Write the result here; - for standard output")
        ->type_name("FILE");
    command->add_flag("--quiet", state->output.quiet, "No summary");
    command->callback([state, &exit_code] {
        // Both may be frames of one file.
        state->output.check_apart(state->before.file);
        state->output.check_apart(state->after.file);
        // Read as X-rays: no scanner's ruler is looked for.
        state->before.view = state->after.view = std::string(name_of(View::xray_ap));
        const auto source = state->before.open(), other = state->after.open();
        const Frame before = state->before.read(*source), after = state->after.read(*other);
        segment::ContrastCheckOptions options;
        options.view = view_from_name(state->view).value_or(View::unknown);
        options.injected_ml = state->injected_ml;
        if (!state->tip.empty()) {
            options.tip = PixelPoint{state->tip[0], state->tip[1]};
            const auto within = [](double v, int size) { return v >= 0 && v <= size - 1; };
            if (!within(options.tip->x, before.intensity.width()) ||
                !within(options.tip->y, before.intensity.height()))
                throw CLI::ValidationError("--tip", "does not lie in the frame");
        }
        const auto check = segment::check_contrast(before, after, options);
        if (state->output.json) {
            state->output.write_json(report::contrast_json(
                state->before.reference(*source), state->after.reference(*other), options, check));
        }
        state->output.say(report::contrast_summary(check));
        exit_code = check && check->place != segment::ContrastPlace::unsure ? kDone : kNoAnswer;
    });
}

}  // namespace guide::app
