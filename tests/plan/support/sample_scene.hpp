// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/anatomy.hpp>

#include <cmath>
#include <optional>

namespace guide::test {

inline PixelPolygon ellipse(double cx, double cy, double rx, double ry) {
    PixelPolygon polygon;
    for (int i = 0; i < 64; ++i) {
        const double a = i * 2 * 3.14159265358979 / 64;
        polygon.push_back({cx + rx * std::cos(a), cy + ry * std::sin(a)});
    }
    return polygon;
}

/// A 50 mm wide, 40 mm deep picture at 0.1 mm/px: a recess 8 mm thick, 13 mm deep, left of the
/// middle; femur at 25 mm.
inline Anatomy suprapatellar(std::optional<Spacing> spacing = Spacing{0.1, 0.1}) {
    Anatomy a;
    a.grid = {500, 400, spacing};
    a.content_box = a.grid.bounds();
    a.view = View::suprapatellar_transverse;
    a.skin = {{0, 0}, {499, 0}};
    a.bones = {{BoneKind::femur, {{0, 250}, {250, 240}, {499, 250}}, 0.9}};
    JointSpace joint;
    joint.contours = {ellipse(200, 130, 90, 40)};
    joint.target = {200, 130};
    joint.confidence = 0.9;
    joint.boundary_sigma_px = 3;
    a.joint_space = joint;
    return a;
}

}  // namespace guide::test
