// SPDX-License-Identifier: Apache-2.0
//
// The joint space through simulated clips, frame by frame and followed, run by hand.
#include "support/simulated_knee.hpp"

#include <guide/segment/frame_follower.hpp>

#include <guide_test/hand_run.hpp>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

namespace {

using namespace guide;

const char* const kUsage =
    "guide_followed_clips VIEW still|sweep|needle [--first SEED] [--clips N] [--frames N]\n"
    "                     [--memory SECONDS] [--varied] [--threads T]\n"
    "For each clip and for all: as each frame alone says, and as the follower does.\n";

constexpr double kLeap = 2;  // mm from frame to frame

struct Sum {
    int frames = 0, shown = 0, inside = 0, changes = 0, steps = 0, leaps = 0;
    double dice = 0, step_sq = 0, bone = 0;
    int bones = 0;
    std::optional<Eigen::Vector3d> last;
    bool was_shown = false;

    void add(const test::SimulatedKnee& knee, const Anatomy& found, bool first) {
        const test::Agreement a = test::agreement(knee, found);
        ++frames;
        const bool now = found.joint_space.has_value();
        shown += now ? 1 : 0;
        inside += a.target_inside ? 1 : 0;
        dice += a.dice;
        if (a.bone_mm) bone += *a.bone_mm, ++bones;
        if (first) last.reset();
        if (!first && now != was_shown) ++changes;
        was_shown = now;
        if (!now) {
            last.reset();
            return;
        }
        // Where in the tissue it is: a target that follows the probe's motion does not move.
        const PixelPoint t = found.joint_space->target;
        const Eigen::Vector3d at =
            (*knee.frame.image_to_reference * Eigen::Vector4d(t.x, t.y, 0, 1)).head<3>();
        if (last) {
            const double step = (at - *last).norm();
            ++steps;
            if (step > kLeap) {
                ++leaps;
            } else {
                step_sq += step * step;
            }
        }
        last = at;
    }
    void tell(const char* who) const {
        std::printf(
            "  %-9s shown %.3f, inside %.3f, appears or vanishes %.3f a frame, dice %.3f, "
            "target leaps more than 2 mm in %.3f of frames, else moves %.2f mm (rms, in tissue), "
            "bone "
            "%.2f mm\n",
            who, 1.0 * shown / frames, 1.0 * inside / frames, 1.0 * changes / frames, dice / frames,
            steps > 0 ? 1.0 * leaps / steps : 0.0,
            steps > leaps ? std::sqrt(step_sq / (steps - leaps)) : 0.0,
            bones > 0 ? bone / bones : 0.0);
    }
};

test::ClipMotion motion_from_name(const std::string& name) {
    if (name == "still") return test::ClipMotion::still;
    if (name == "sweep") return test::ClipMotion::sweep;
    if (name == "needle") return test::ClipMotion::needle;
    throw test::UsageError{};
}

int run(test::CommandLine words) {
    segment::FollowOptions follow;
    const auto first = words.number<std::uint64_t>("--first", 1);
    const int clips = words.number("--clips", 5), frames = words.number("--frames", 24),
              threads = words.number("--threads", 2);
    follow.memory_s = words.number("--memory", follow.memory_s);
    const bool varied = words.flag("--varied");
    if (words.rest().size() != 2) throw test::UsageError{};
    const View view = view_from_name(words.rest()[0]).value_or(View::unknown);
    const test::ClipMotion motion = motion_from_name(words.rest()[1]);
    if (view == View::unknown || is_xray(view)) throw test::UsageError{};
    Sum alone, followed;
    for (int c = 0; c < clips; ++c) {
        const auto clip = test::simulated_clip(first + static_cast<std::uint64_t>(c), view, motion,
                                               frames, varied, threads);
        segment::FrameFollower follower({view}, follow);
        Sum here, there;
        for (std::size_t i = 0; i < clip.size(); ++i) {
            const Anatomy seen = segment::find_anatomy(clip[i].frame, {view}, {threads});
            const Anatomy steady = follower.next(clip[i].frame, seen);
            for (Sum* sum : {&alone, &here})
                sum->add(clip[i], seen, i == 0);
            for (Sum* sum : {&followed, &there})
                sum->add(clip[i], steady, i == 0);
        }
        std::printf("seed %llu\n",
                    static_cast<unsigned long long>(first + static_cast<std::uint64_t>(c)));
        here.tell("alone");
        there.tell("followed");
        std::fflush(stdout);
    }
    std::printf("all\n");
    alone.tell("alone");
    followed.tell("followed");
    return 0;
}

}  // namespace

int main(int count, char** words) {
    return test::run_by_hand(kUsage, count, words, run);
}
