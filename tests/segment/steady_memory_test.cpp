// SPDX-License-Identifier: Apache-2.0
#include "support/simulated_knee.hpp"

#include <guide/segment/frame_follower.hpp>
#include <guide/segment/segment.hpp>

#include <catch2/catch.hpp>
#include <malloc.h>

#include <cstddef>
#include <vector>

namespace {

using namespace guide;

/// Bytes of the heap in use after each of `rounds` rounds over a clip that is followed.
std::vector<std::size_t> used_after(int rounds) {
    const auto clip =
        test::simulated_clip(21, View::suprapatellar_long, test::ClipMotion::needle, 10, false, 2);
    segment::FrameFollower follower({View::suprapatellar_long}, {});
    std::vector<std::size_t> used(static_cast<std::size_t>(rounds));
    for (std::size_t& bytes : used) {
        for (const auto& knee : clip) {
            const Anatomy seen = segment::find_anatomy(knee.frame, {View::suprapatellar_long}, {2});
            (void)follower.next(knee.frame, seen);
        }
        const auto info = mallinfo2();
        bytes = info.uordblks + info.hblkhd;  // large pictures have pages of their own
    }
    return used;
}

constexpr std::size_t kSlack = 64 * 1024;  // threads keep caches of their own

}  // namespace

TEST_CASE("find_anatomy: memory does not grow from frame to frame") {
    const auto used = used_after(12);
    if (used.back() == 0) {
        WARN("skipped: this build has an allocator of its own");
        return;
    }
    CHECK(used.back() < used[3] + kSlack);
}

TEST_CASE("find_anatomy: memory does not grow over 10,000 frames", "[.][long]") {
    const auto used = used_after(1000);
    CHECK(used.back() < used[3] + kSlack);
}
