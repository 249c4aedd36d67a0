// SPDX-License-Identifier: Apache-2.0
#include "commands.hpp"
#include "output.hpp"

#include <guide/core/error.hpp>
#include <guide/io/frame_source.hpp>
#include <guide/report/track.hpp>
#include <guide/segment/content_box.hpp>
#include <guide/segment/frame_follower.hpp>
#include <guide/segment/frame_scale.hpp>
#include <guide/track/needle.hpp>

#include <algorithm>
#include <memory>
#include <optional>
#include <sstream>
#include <thread>

namespace guide::app {
namespace {

Expected<track::Needle> look(const Frame& frame, const Execution& execution) {
    if (frame.content_box) return track::find_needle(frame, *frame.content_box, {}, execution);
    const auto box = segment::find_content_box(frame.intensity.view());
    if (!box) return tl::unexpected(box.error());
    return track::find_needle(frame, *box, {}, execution);
}

/// What else is asked for.
struct Follow {
    std::optional<std::string> view;  // "auto" or a name; none: the needle alone
    std::optional<double> spacing_mm;
};

std::vector<report::TrackedFrame> look_at_all(io::FrameSource& source, const Follow& follow) {
    segment::FrameFollower follower(
        {view_from_name(follow.view.value_or("auto")).value_or(View::unknown)});
    const Execution execution{static_cast<int>(std::max(1U, std::thread::hardware_concurrency()))};
    std::vector<report::TrackedFrame> frames;
    for (int i = 0; i < source.info().frame_count; ++i) {
        report::TrackedFrame result;
        Frame frame = source.read(i);
        if (follow.spacing_mm) {
            segment::scale_by_user(frame, {*follow.spacing_mm, *follow.spacing_mm});
        } else if (follow.view) {
            segment::scale_by_ruler(frame);
        }
        result.number = i;
        result.source = source.file_of(i).filename().string();
        result.time_s = frame.time_s;
        result.needle = look(frame, execution);
        if (follow.view) result.anatomy = follower.next(frame, execution);
        frames.push_back(std::move(result));
    }
    return frames;
}

std::string summary_of(const std::vector<report::TrackedFrame>& frames) {
    std::ostringstream text;
    text.setf(std::ios::fixed);
    text.precision(1);
    for (const auto& f : frames) {
        text << f.source << " " << f.number << "  ";
        if (f.needle) {
            text << "needle, tip at " << f.needle->tip.x << ", " << f.needle->tip.y << " px, axis "
                 << f.needle->axis_deg << " degrees\n";
        } else {
            text << "no needle: " << f.needle.error().text << '\n';
        }
        if (f.anatomy && f.anatomy->joint_space) {
            const JointSpace& joint = *f.anatomy->joint_space;
            text << "    joint space, target at " << joint.target.x << ", " << joint.target.y
                 << " px\n";
        } else if (f.anatomy) {
            text << "    no joint space: " << f.anatomy->joint_space.error().text << '\n';
        }
    }
    return text.str();
}

}  // namespace

void add_track(CLI::App& app, int& exit_code) {
    struct State {
        std::string file;
        Follow follow;
        Output output;
    };
    auto state = std::make_shared<State>();
    CLI::App* command = app.add_subcommand(
        "track", "Find the needle's shaft and tip in every frame of a file or folder");
    command->add_option("file", state->file, "Film, sequence, picture or folder of frames")
        ->required();
    command
        ->add_option("--json", state->output.json, "Write the result here; - for standard output")
        ->type_name("FILE");
    command
        ->add_option("--view", state->follow.view,
                     "Follow the joint space too, in this view (auto: recognise it)")
        ->check(CLI::Validator(
            [](std::string& text) {
                const auto view = view_from_name(text);
                return text == "auto" || (view && *view != View::unknown && !is_xray(*view))
                           ? std::string{}
                           : "there is no ultrasound view \"" + text + "\"";
            },
            "NAME"));
    command
        ->add_option("--spacing-mm", state->follow.spacing_mm,
                     "Millimetres from one pixel to the next")
        ->check(CLI::Range(0.001, 10.0));
    command->add_flag("--quiet", state->output.quiet, "No summary");
    command->callback([state, &exit_code] {
        state->output.check_apart(state->file);
        io::OpenOptions options;
        options.orientation = io::Orientation::as_stored;
        const auto source = io::open(state->file, options);
        const auto frames = look_at_all(*source, state->follow);
        if (state->output.json) state->output.write_json(report::track_json(frames));
        state->output.say(summary_of(frames));
        const bool seen = std::any_of(frames.begin(), frames.end(), [](const auto& f) {
            return f.needle.has_value() || (f.anatomy && f.anatomy->joint_space);
        });
        exit_code = seen ? kDone : kNoAnswer;
    });
}

}  // namespace guide::app
