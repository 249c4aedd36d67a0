// SPDX-License-Identifier: Apache-2.0
#include "bone_consistency.hpp"
#include "followed_bones.hpp"
#include "followed_region.hpp"
#include "picture_motion.hpp"

#include <guide/segment/frame_follower.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

namespace guide::segment {
namespace {

constexpr double kAssumedWidth = 45;  // mm: of a picture without a scale

struct Clip {
    Clip(const Frame& frame, PixelBox picture)
        : size{frame.intensity.width(), frame.intensity.height()},
          box(picture),
          space(picture),
          bones(picture) {}

    std::array<int, 2> size;
    PixelBox box;
    SmallPicture last;
    std::optional<double> time_s;
    FollowedRegion space;
    FollowedBones bones;
};

double px_per_mm(const Frame& frame, PixelBox box) {
    if (!frame.spacing) return box.width() / kAssumedWidth;
    return 1 / std::sqrt(frame.spacing->x_mm * frame.spacing->y_mm);
}

}  // namespace

void FollowOptions::validate() const {
    const char* name = "FollowOptions";
    require(memory_s >= 0.01 && memory_s <= 2, name, "memory_s is 0.01 to 2 s");
    require(frame_s >= 0.001 && frame_s <= 1, name, "frame_s is 0.001 to 1 s");
    require(frames_to_jump >= 1 && frames_to_jump <= 100, name, "frames_to_jump is 1 to 100");
}

struct FrameFollower::State {
    SegmentOptions options;
    FollowOptions follow;
    std::optional<Clip> clip;
    std::optional<View> view;  // that the screen of this clip names
    std::optional<double> view_confidence;
};

FrameFollower::FrameFollower(SegmentOptions options, FollowOptions follow)
    : state_(std::make_unique<State>()) {
    follow.validate();
    state_->options = std::move(options);
    state_->follow = follow;
}
FrameFollower::~FrameFollower() = default;
FrameFollower::FrameFollower(FrameFollower&&) noexcept = default;
FrameFollower& FrameFollower::operator=(FrameFollower&&) noexcept = default;

void FrameFollower::restart() {
    state_->clip.reset();
    state_->view.reset();
}

Anatomy FrameFollower::next(const Frame& frame, const Execution& execution) {
    SegmentOptions options = state_->options;
    if (state_->view) options.view = *state_->view;
    Anatomy seen = find_anatomy(frame, options, execution);
    // What a screen says is read once.
    if (state_->view) {
        seen.view_confidence = state_->view_confidence;
    } else if (std::ranges::any_of(seen.notes,
                                   [](const Reason& r) { return r.code == "view-from-text"; })) {
        state_->view = seen.view;
        state_->view_confidence = seen.view_confidence;
    }
    return next(frame, std::move(seen));
}

Anatomy FrameFollower::next(const Frame& frame, Anatomy seen) {
    require(!frame.intensity.empty(), "FrameFollower::next", "the frame has pixels");
    if (is_xray(seen.view) || seen.view == View::unknown || seen.content_box.empty()) {
        state_->clip.reset();
        return seen;
    }
    auto& clip = state_->clip;
    const std::array<int, 2> size{frame.intensity.width(), frame.intensity.height()};
    // Its lower border lies now here, now there in shadow: the first of the clip stays.
    const auto near = [&](int a, int b) { return 50 * std::abs(a - b) <= size[0]; };
    const bool same = clip && clip->size == size && near(clip->box.x0, seen.content_box.x0) &&
                      near(clip->box.x1, seen.content_box.x1) &&
                      near(clip->box.y0, seen.content_box.y0);
    const PixelBox box = same ? clip->box : seen.content_box;
    SmallPicture picture =
        small_picture(frame.intensity.view().cropped(box.x0, box.y0, box.width(), box.height()));
    std::optional<PixelPoint> motion;
    if (same) motion = motion_between(clip->last, picture);
    const bool anew = !motion;
    if (anew) {
        if (clip) {
            seen.notes.push_back({"scene-changed", "The picture is another one than before."});
        }
        clip.emplace(frame, box);
    }
    double dt = state_->follow.frame_s;
    if (clip->time_s && frame.time_s && *frame.time_s > *clip->time_s)
        dt = *frame.time_s - *clip->time_s;
    FollowStep step;
    step.share = anew ? 1 : 1 - std::exp(-dt / state_->follow.memory_s);
    step.motion = motion.value_or(PixelPoint{0, 0});
    step.frames_to_jump = state_->follow.frames_to_jump;
    step.px_per_mm = px_per_mm(frame, box);
    clip->last = std::move(picture);
    clip->time_s = frame.time_s;

    std::optional<JointSpace> space;
    if (seen.joint_space) space = *seen.joint_space;
    auto answer = clip->space.next(space, step);
    if (answer.space) {
        seen.joint_space = std::move(*answer.space);
        if (answer.held)
            seen.notes.push_back(
                {"joint-space-held", "The joint space is that of the frames before."});
        if (answer.jumped)
            seen.notes.push_back(
                {"joint-space-moved", "The joint space is seen elsewhere than before."});
    } else if (seen.joint_space) {
        seen.joint_space = no_answer(
            "not-yet-sure", "A joint space is seen, but the frames before did not show it there.");
    }
    seen.bones = clip->bones.next(seen.bones, step);
    if (seen.joint_space) drop_bones_before_fluid(*seen.joint_space, seen.bones);
    return seen;
}

}  // namespace guide::segment
