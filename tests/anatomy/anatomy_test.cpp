// SPDX-License-Identifier: Apache-2.0
#include <guide/anatomy/anatomy.hpp>

#include <catch2/catch.hpp>

using namespace guide;

namespace {

Anatomy some_anatomy() {
    Anatomy a;
    a.grid = {100, 80, Spacing{0.1, 0.1}};
    a.content_box = {10, 5, 90, 75};
    a.view = View::xray_ap;
    a.skin = {{10, 5}, {89, 5}};
    a.bones = {{BoneKind::femur, {{10, 60}, {50, 50}}, 0.5}};
    a.obstacles = {{"tendon", {{20, 20}, {30, 20}, {30, 30}}}};
    JointSpace joint;
    joint.contours = {{{20, 40}, {40, 40}, {30, 48}}};
    joint.target = {30, 42};
    JointWidths widths;
    widths.left_px = widths.minimum_px = 5;
    widths.right_px = 7;
    widths.minimum_at = {22, 41};
    widths.left_mm = widths.minimum_mm = 0.5;
    widths.right_mm = 0.7;
    widths.left_mean_px = 6;
    widths.right_mean_px = 8;
    widths.standard = {{0.1, 5.5, 0.55}, {0.75, 7.5, 0.75}};
    joint.widths = widths;
    joint.landmarks = {{"tibia-left-margin", {20, 44}},
                       {"tibia-between-spines", {30, 40}},
                       {"tibia-right-margin", {40, 44}},
                       {"femur-left-margin", {21, 38}},
                       {"femur-right-condyle", {36, 39}}};
    a.joint_space = joint;
    return a;
}

}  // namespace

TEST_CASE("anatomy: mirroring twice gives the same anatomy back") {
    const Anatomy a = some_anatomy(), b = mirrored(mirrored(a));
    CHECK(b.content_box == a.content_box);
    CHECK(b.skin == a.skin);
    CHECK(b.bones[0].points == a.bones[0].points);
    CHECK(b.obstacles[0].outline == a.obstacles[0].outline);
    CHECK(b.joint_space->contours == a.joint_space->contours);
    CHECK(b.joint_space->target == a.joint_space->target);
    CHECK(b.joint_space->widths->left_px == 5);
    const auto &landmarks = b.joint_space->landmarks, &as_before = a.joint_space->landmarks;
    REQUIRE(landmarks.size() == as_before.size());
    for (std::size_t i = 0; i < landmarks.size(); ++i) {
        CHECK(landmarks[i].name == as_before[i].name);
        CHECK(landmarks[i].at == as_before[i].at);
    }
}

TEST_CASE("anatomy: mirroring swaps the sides and keeps surfaces left to right") {
    const Anatomy b = mirrored(some_anatomy());
    CHECK(b.joint_space->target.x == 69);
    CHECK(b.joint_space->widths->left_px == 7);
    CHECK(b.joint_space->widths->minimum_at.x == 77);
    CHECK(b.joint_space->widths->left_mean_px == 8);
    const auto& standard = b.joint_space->widths->standard;
    CHECK(standard[0].place == Approx(0.25));
    CHECK(standard[0].px == 7.5);
    CHECK(standard[1].place == Approx(0.9));
    const auto& landmarks = b.joint_space->landmarks;
    CHECK(landmarks[0].name == "tibia-left-margin");
    CHECK(landmarks[0].at.x == 59);
    CHECK(landmarks[1].name == "tibia-between-spines");
    CHECK(landmarks[2].at.x == 79);
    CHECK(landmarks[3].name == "femur-left-condyle");
    CHECK(landmarks[3].at.x == 63);
    CHECK(landmarks[4].name == "femur-right-margin");
    CHECK(b.bones[0].points.front().x < b.bones[0].points.back().x);
    CHECK(b.content_box == PixelBox{10, 5, 90, 75});
}

TEST_CASE("view: every name leads back to its view") {
    for (const View view :
         {View::suprapatellar_long, View::suprapatellar_transverse, View::medial, View::lateral,
          View::posterior, View::trochlea, View::bone, View::xray_ap, View::xray_lateral}) {
        CHECK(view_from_name(name_of(view)) == view);
    }
    CHECK_FALSE(view_from_name("Suprapatellar"));
    CHECK(is_xray(View::xray_lateral));
    CHECK_FALSE(is_xray(View::bone));
}

TEST_CASE("anatomy: cartilage is mirrored with its thickness, and tells its range") {
    guide::Anatomy anatomy;
    anatomy.grid.width = 10;
    CHECK_FALSE(guide::mirrored(anatomy).cartilage.has_value());
    anatomy.cartilage =
        guide::Cartilage{{{1, 2}, {3, 4}}, {{1, 5}, {3, 7}}, std::vector<double>{1.0, 3.0}, 0.5};
    const auto turned = guide::mirrored(anatomy);
    CHECK(turned.cartilage->surface.front().x == 6);
    CHECK(turned.cartilage->bone.front().y == 7);
    CHECK(turned.cartilage->thickness_mm->front() == 3);
    const auto range = guide::thickness_range(*turned.cartilage);
    REQUIRE(range.has_value());
    CHECK(range->mean_mm == 2);
    CHECK(range->least_mm == 1);
    CHECK(range->largest_mm == 3);
    anatomy.cartilage->thickness_mm.reset();
    CHECK_FALSE(guide::thickness_range(*anatomy.cartilage).has_value());
}
