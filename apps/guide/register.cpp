// SPDX-License-Identifier: Apache-2.0
#include "commands.hpp"
#include "output.hpp"

#include <guide/core/error.hpp>
#include <guide/io/frame_source.hpp>
#include <guide/io/label_volume.hpp>
#include <guide/io/mayacam.hpp>
#include <guide/report/registration.hpp>
#include <guide/segment/bone_registration.hpp>

#include <algorithm>
#include <memory>
#include <thread>
#include <vector>

namespace guide::app {
void add_register(CLI::App& app, int& exit_code) {
    struct State {
        std::string volume;
        std::vector<int> bones;
        std::vector<std::string> frames, cameras;
        segment::RegistrationOptions options;
        Output output;
    };
    auto state = std::make_shared<State>();
    CLI::App* command = app.add_subcommand(
        "register",
        "Place the bones of a label volume on two or more X-ray pictures of one moment");
    command->add_option("VOLUME", state->volume, "Label volume, NRRD or MetaImage, placed roughly")
        ->required();
    command->add_option("--bones", state->bones, "Labels of bones that move as one: 2,3,4")
        ->delimiter(',')
        ->check(CLI::Range(1, 255))
        ->type_name("LABELS")
        ->required();
    command->add_option("--picture", state->frames, "An X-ray picture; once for each")
        ->type_name("FILE")
        ->required();
    command
        ->add_option("--camera", state->cameras,
                     "Calibration of that picture, a MayaCam 2.0 file, in the same order")
        ->type_name("FILE")
        ->required();
    command->add_option("--reach-mm", state->options.reach_mm, "How far off the volume may be")
        ->check(CLI::Range(1.0, 30.0))
        ->capture_default_str();
    command->add_option("--reach-deg", state->options.reach_deg, "How far turned it may be")
        ->check(CLI::Range(1.0, 20.0))
        ->capture_default_str();
    command
        ->add_option("--json,--output", state->output.json,
                     "Write the result here; - for standard output")
        ->type_name("FILE");
    command->add_flag("--quiet", state->output.quiet, "No summary");
    command->callback([state, &exit_code] {
        if (state->frames.size() != state->cameras.size())
            throw CLI::ValidationError("--camera", "one for each --picture is needed");
        state->output.check_apart(state->volume);
        for (const auto* files : {&state->frames, &state->cameras}) {
            for (const std::string& file : *files)
                state->output.check_apart(file);
        }
        const LabelVolume volume = io::read_label_volume(state->volume);
        std::vector<std::uint8_t> labels(state->bones.begin(), state->bones.end());
        io::OpenOptions as_stored;
        as_stored.orientation = io::Orientation::as_stored;
        std::vector<Frame> frames;
        std::vector<segment::RegistrationView> views;
        for (std::size_t i = 0; i < state->frames.size(); ++i) {
            frames.push_back(io::open(state->frames[i], as_stored)->read(0));
            const io::MayaCam camera = io::read_mayacam(state->cameras[i]);
            if (camera.width != frames[i].intensity.width() ||
                camera.height != frames[i].intensity.height()) {
                throw IoError(state->cameras[i], "bad-calibration",
                              "is of pictures of another size");
            }
            views.push_back({nullptr, camera.camera});
        }
        for (std::size_t i = 0; i < frames.size(); ++i)
            views[i].frame = &frames[i];
        const Execution execution{
            static_cast<int>(std::max(1U, std::thread::hardware_concurrency()))};
        const auto found = segment::register_bones(segment::bone_points_of(volume, labels), views,
                                                   state->options, execution);
        if (state->output.json)
            state->output.write_json(
                report::registration_json(state->volume, state->frames, found));
        state->output.say(report::registration_summary(found));
        exit_code = found ? kDone : kNoAnswer;
    });
}

}  // namespace guide::app
