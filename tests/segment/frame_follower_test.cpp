// SPDX-License-Identifier: Apache-2.0
#include <guide/core/random.hpp>
#include <guide/segment/frame_follower.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

using namespace guide;
using segment::FrameFollower;

namespace {

constexpr int kWidth = 320, kHeight = 240;
constexpr View kView = View::suprapatellar_long;

/// Blobs of tissue that lie `x`, `y` px farther right and down; `scene` is another tissue.
Frame tissue(double x = 0, double y = 0, std::uint32_t scene = 1) {
    constexpr double kBlob = 12;            // px
    constexpr int kSide = 40, kMargin = 6;  // blobs
    Random random(scene);
    std::vector<double> blobs(kSide * kSide);
    for (double& b : blobs)
        b = random.uniform();
    const auto blob = [&](int i, int j) {
        return blobs[static_cast<std::size_t>((j + kMargin) * kSide + i + kMargin)];
    };
    Frame frame;
    frame.intensity = Image<float>(kWidth, kHeight);
    for (int row = 0; row < kHeight; ++row) {
        for (int column = 0; column < kWidth; ++column) {
            const double u = (column - x) / kBlob, v = (row - y) / kBlob;
            const int i = static_cast<int>(std::floor(u)), j = static_cast<int>(std::floor(v));
            const double upper = std::lerp(blob(i, j), blob(i + 1, j), u - i),
                         lower = std::lerp(blob(i, j + 1), blob(i + 1, j + 1), u - i);
            frame.intensity.at(column, row) =
                static_cast<float>(20 + 200 * std::lerp(upper, lower, v - j));
        }
    }
    frame.spacing = Spacing{0.15, 0.15};
    frame.spacing_source = SpacingSource::user;
    return frame;
}

/// A joint space 60 x 24 px about (x, y), and bone 40 px below it.
Anatomy seen_at(double x, double y, double confidence = 0.9) {
    Anatomy anatomy;
    anatomy.grid = {kWidth, kHeight, Spacing{0.15, 0.15}};
    anatomy.content_box = {0, 0, kWidth, kHeight};
    anatomy.view = kView;
    JointSpace space;
    space.contours = {{{x - 30, y - 12}, {x + 30, y - 12}, {x + 30, y + 12}, {x - 30, y + 12}}};
    space.target = {x, y};
    space.confidence = confidence;
    space.thickness_mm = 3.6;
    anatomy.joint_space = space;
    BoneSurface bone{BoneKind::femur, {}, 0.8};
    for (int i = -80; i <= 80; i += 2)
        bone.points.push_back({x + i, y + 40});
    anatomy.bones = {bone};
    return anatomy;
}

Anatomy nothing_seen() {
    Anatomy anatomy = seen_at(160, 100);
    anatomy.joint_space = no_answer("no-joint-space", "None.");
    anatomy.bones.clear();
    return anatomy;
}

bool has_note(const Anatomy& anatomy, const std::string& code) {
    return std::ranges::any_of(anatomy.notes, [&](const Reason& n) { return n.code == code; });
}

double middle_x(const PixelPolygon& contour) {
    const auto [low, high] = std::ranges::minmax(contour, {}, &PixelPoint::x);
    return (low.x + high.x) / 2;
}

}  // namespace

TEST_CASE("frame follower: the first frame of a clip is shown as it is") {
    FrameFollower follower;
    const Anatomy shown = follower.next(tissue(), seen_at(160, 100));
    REQUIRE(shown.joint_space);
    CHECK(shown.joint_space->target.x == 160);
    CHECK(shown.joint_space->confidence == 0.9);
    REQUIRE(shown.joint_space->contours.size() == 1);
    CHECK(polygon_area(shown.joint_space->contours[0]) == Approx(60 * 24).epsilon(0.1));
    REQUIRE(shown.bones.size() == 1);
    CHECK(shown.bones[0].kind == BoneKind::femur);
    CHECK(shown.bones[0].points.front().y == Approx(140));
}

TEST_CASE("frame follower: what trembles from frame to frame is steadied") {
    FrameFollower follower;
    double last = 160, largest = 0;
    for (int i = 0; i < 12; ++i) {
        const Anatomy shown = follower.next(tissue(), seen_at(160 + (i % 2 == 0 ? 4 : -4), 100));
        REQUIRE(shown.joint_space);
        if (i > 0) largest = std::max(largest, std::abs(shown.joint_space->target.x - last));
        last = shown.joint_space->target.x;
    }
    CHECK(largest < 4);  // 8 in the frames
}

TEST_CASE("frame follower: what moves with the picture does not lag behind") {
    FrameFollower follower;
    Anatomy shown;
    for (int i = 0; i < 8; ++i)
        shown = follower.next(tissue(5.0 * i, 1.0 * i), seen_at(120 + 5.0 * i, 90 + 1.0 * i));
    REQUIRE(shown.joint_space);
    CHECK(std::abs(shown.joint_space->target.x - 155) < 1);
    CHECK(std::abs(shown.joint_space->target.y - 97) < 1);
    CHECK(std::abs(middle_x(shown.joint_space->contours[0]) - 155) < 1.5);
    REQUIRE_FALSE(shown.bones.empty());
    CHECK(std::abs(shown.bones[0].points[shown.bones[0].points.size() / 2].y - 137) < 1);
}

TEST_CASE("frame follower: a frame that misses the joint space is bridged, many are not") {
    FrameFollower follower;
    for (int i = 0; i < 4; ++i)
        (void)follower.next(tissue(), seen_at(160, 100));
    const Anatomy bridged = follower.next(tissue(), nothing_seen());
    REQUIRE(bridged.joint_space);
    CHECK(has_note(bridged, "joint-space-held"));
    CHECK(bridged.joint_space->confidence < 0.7);
    CHECK_FALSE(bridged.bones.empty());
    Anatomy shown;
    for (int i = 0; i < 5; ++i)
        shown = follower.next(tissue(), nothing_seen());
    CHECK_FALSE(shown.joint_space);
    CHECK(shown.bones.empty());
}

TEST_CASE("frame follower: one frame elsewhere is not believed, three that agree are") {
    FrameFollower follower;
    for (int i = 0; i < 4; ++i)
        (void)follower.next(tissue(), seen_at(80, 60));
    Anatomy shown = follower.next(tissue(), seen_at(220, 160));
    REQUIRE(shown.joint_space);
    CHECK(shown.joint_space->target.x == 80);
    CHECK(has_note(shown, "joint-space-held"));
    (void)follower.next(tissue(), seen_at(220, 160));
    shown = follower.next(tissue(), seen_at(220, 160));
    REQUIRE(shown.joint_space);
    CHECK(shown.joint_space->target.x == 220);
    CHECK(has_note(shown, "joint-space-moved"));
}

TEST_CASE("frame follower: the target stays at its place along one joint space") {
    FrameFollower follower;
    Anatomy along = seen_at(160, 100);
    (void)follower.next(tissue(), seen_at(160, 100));
    along.joint_space->target = {182, 100};  // 3.3 mm farther, as deep inside
    Anatomy shown;
    for (int i = 0; i < 5; ++i)
        shown = follower.next(tissue(), along);
    REQUIRE(shown.joint_space);
    CHECK(shown.joint_space->target.x == 160);
}

TEST_CASE("frame follower: another picture starts anew") {
    FrameFollower follower;
    for (int i = 0; i < 4; ++i)
        (void)follower.next(tissue(), seen_at(80, 60));
    const Anatomy shown = follower.next(tissue(0, 0, 5), seen_at(220, 160));
    REQUIRE(shown.joint_space);
    CHECK(has_note(shown, "scene-changed"));
    CHECK(shown.joint_space->target.x == 220);
}

TEST_CASE("frame follower: frames are looked at as find_anatomy does") {
    FrameFollower follower({kView});
    const Frame frame = tissue();
    const Anatomy alone = segment::find_anatomy(frame, {kView});
    const Anatomy shown = follower.next(frame);
    CHECK(shown.joint_space.has_value() == alone.joint_space.has_value());
    CHECK(shown.view == kView);
}

TEST_CASE("frame follower: options out of range are refused") {
    CHECK_THROWS_AS(FrameFollower({}, {0.0}), PreconditionError);
    CHECK_THROWS_AS(FrameFollower({}, {0.1, 2.0}), PreconditionError);
    CHECK_THROWS_AS(FrameFollower({}, {0.1, 0.05, 0}), PreconditionError);
}
