// SPDX-License-Identifier: Apache-2.0
#include <guide/anatomy/anatomy.hpp>

#include <algorithm>
#include <utility>

namespace guide {
namespace {

void mirror(PixelPoint& p, int width) {
    p.x = width - 1 - p.x;
}

void mirror_line(PixelPolyline& line, int width) {
    for (auto& p : line)
        mirror(p, width);
    std::reverse(line.begin(), line.end());
}

}  // namespace

Anatomy mirrored(const Anatomy& anatomy) {
    Anatomy result = anatomy;
    const int width = anatomy.grid.width;
    result.content_box.x0 = width - anatomy.content_box.x1;
    result.content_box.x1 = width - anatomy.content_box.x0;
    mirror_line(result.skin, width);
    for (auto& bone : result.bones)
        mirror_line(bone.points, width);
    for (auto& obstacle : result.obstacles)
        mirror_line(obstacle.outline, width);
    for (auto& region : result.unseen)
        mirror_line(region.outline, width);
    for (auto& layer : result.layers)
        mirror_line(layer.lower, width);
    if (result.joint_space) {
        JointSpace& joint = *result.joint_space;
        for (auto& contour : joint.contours)
            mirror_line(contour, width);
        mirror(joint.target, width);
        if (joint.widths) {
            std::swap(joint.widths->left_px, joint.widths->right_px);
            std::swap(joint.widths->left_mm, joint.widths->right_mm);
            mirror(joint.widths->minimum_at, width);
        }
    }
    return result;
}

}  // namespace guide
