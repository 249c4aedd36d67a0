// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/segment/segment.hpp>

#include <memory>

namespace guide::segment {

/// How what is seen in one frame is carried on to the next.
struct FollowOptions {
    /// s, 0.01 to 2: how long a frame counts; after it a past frame weighs 1/e. Steadier and later
    /// the longer.
    double memory_s = 0.1;
    /// s, 0.001 to 1: from frame to frame where frames do not say.
    double frame_s = 0.05;
    /// 1 to 100 frames in a row that show something elsewhere before that is believed.
    int frames_to_jump = 3;

    /// Throws PreconditionError naming the bad field.
    GUIDE_SEGMENT_EXPORT void validate() const;
};

/// Looks at the frames of an ultrasound clip one after the other and keeps what is seen steady.
///
/// The motion of the picture from frame to frame (the probe's, along the picture) is found by phase
/// correlation; what was seen moves along with it. The outline of the joint space and the bones are
/// averaged over `memory_s`; the target stays at its place of the tissue as long as that is nearly
/// as far inside as the new frame's. A joint space that a frame misses is shown on with falling
/// confidence and the note "joint-space-held", for about one `memory_s`, and then is not. One that
/// is seen elsewhere counts as missed until `frames_to_jump` frames agree. A picture that is
/// another one (size, content box, or no motion explains it) starts anew, with the note
/// "scene-changed".
///
/// Radiographs are looked at one by one. Same frames, same answers, for any thread count. One
/// caller at a time.
class GUIDE_SEGMENT_EXPORT FrameFollower {
  public:
    explicit FrameFollower(SegmentOptions options = {}, FollowOptions follow = {});
    ~FrameFollower();
    FrameFollower(FrameFollower&&) noexcept;
    FrameFollower& operator=(FrameFollower&&) noexcept;

    /// What is seen in `frame`, the next of the clip. Throws as find_anatomy does.
    [[nodiscard]] Anatomy next(const Frame& frame, const Execution& execution = {});

    /// The same where `seen`, found in this frame alone, is at hand.
    [[nodiscard]] Anatomy next(const Frame& frame, Anatomy seen);

    /// Forgets the clip.
    void restart();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace guide::segment
