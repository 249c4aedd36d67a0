// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/anatomy.hpp>
#include <guide/frame/frame.hpp>
#include <guide/plan/plan.hpp>

namespace guide::test {

/// A black picture of 500 x 400 pixels at 0.1 mm, or without a scale.
inline Frame black_frame(bool calibrated) {
    Frame frame = frame_from_grey(Image<std::uint8_t>(500, 400, 20).view());
    if (calibrated) {
        frame.spacing = Spacing{0.1, 0.1};
        frame.spacing_source = SpacingSource::user;
    }
    return frame;
}

/// A recess 5 mm thick, 10 mm deep; femur at 30 mm.
inline Anatomy recess_in(const Frame& frame, View view = View::suprapatellar_long) {
    Anatomy a;
    a.grid = frame.grid();
    a.content_box = frame.grid().bounds();
    a.view = view;
    a.skin = {{0, 0}, {499, 0}};
    a.bones = {{BoneKind::femur, {{0, 300}, {499, 300}}, 0.8}};
    JointSpace joint;
    joint.contours = {{{150, 100}, {300, 100}, {300, 150}, {150, 150}}};
    joint.target = {200, 125};
    joint.confidence = 0.7;
    a.joint_space = joint;
    return a;
}

/// A front view at 0.5 mm: two level bones 6 mm apart.
inline Anatomy gap_in(const Frame& frame) {
    Anatomy a;
    a.grid = frame.grid();
    a.content_box = frame.grid().bounds();
    a.view = View::xray_ap;
    a.bones = {{BoneKind::femur, {{100, 192}, {400, 192}}, 0.9},
               {BoneKind::tibia, {{100, 208}, {400, 208}}, 0.9}};
    JointSpace joint;
    joint.contours = {{{100, 193}, {400, 193}, {400, 207}, {100, 207}}};
    joint.target = {130, 200};
    joint.confidence = 0.9;
    a.joint_space = joint;
    return a;
}

}  // namespace guide::test
