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
    joint.widths = JointWidths{5, 7, 5, {22, 41}, 0.5, 0.7, 0.5, false};
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
}

TEST_CASE("anatomy: mirroring swaps the sides and keeps surfaces left to right") {
    const Anatomy b = mirrored(some_anatomy());
    CHECK(b.joint_space->target.x == 69);
    CHECK(b.joint_space->widths->left_px == 7);
    CHECK(b.joint_space->widths->minimum_at.x == 77);
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
