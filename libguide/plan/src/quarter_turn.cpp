// SPDX-License-Identifier: Apache-2.0
#include "quarter_turn.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace guide::plan {

QuarterTurn QuarterTurn::upright(const Anatomy& anatomy) {
    QuarterTurn turn;
    turn.grid_ = anatomy.grid;
    if (!is_xray(anatomy.view)) return turn;
    const auto tibia = std::ranges::find_if(
        anatomy.bones, [](const BoneSurface& b) { return b.kind == BoneKind::tibia; });
    if (tibia == anatomy.bones.end() || tibia->points.size() < 2) return turn;
    const PixelPoint from = tibia->points.front(), to = tibia->points.back();
    const double quarters = std::atan2(to.y - from.y, to.x - from.x) / (0.5 * std::numbers::pi);
    turn.quarters_ = (static_cast<int>(std::lround(quarters)) + 4) % 4;
    return turn;
}

PixelPoint QuarterTurn::turn(PixelPoint p) const {
    switch (quarters_) {
        case 1:
            return {p.y, grid_.width - 1 - p.x};
        case 2:
            return {grid_.width - 1 - p.x, grid_.height - 1 - p.y};
        case 3:
            return {grid_.height - 1 - p.y, p.x};
        default:
            return p;
    }
}

PixelPoint QuarterTurn::back(PixelPoint p) const {
    switch (quarters_) {
        case 1:
            return {grid_.width - 1 - p.y, p.x};
        case 3:
            return {p.y, grid_.height - 1 - p.x};
        default:
            return turn(p);
    }
}

Anatomy QuarterTurn::turned(const Anatomy& anatomy) const {
    Anatomy result = anatomy;
    const auto points = [&](auto& line) {
        for (PixelPoint& p : line)
            p = turn(p);
    };
    if (quarters_ % 2 == 1) {
        std::swap(result.grid.width, result.grid.height);
        if (auto& spacing = result.grid.spacing) std::swap(spacing->x_mm, spacing->y_mm);
    }
    const PixelBox& box = anatomy.content_box;
    const PixelPoint a = turn({static_cast<double>(box.x0), static_cast<double>(box.y0)}),
                     b = turn({box.x1 - 1.0, box.y1 - 1.0});
    result.content_box = {
        static_cast<int>(std::min(a.x, b.x)), static_cast<int>(std::min(a.y, b.y)),
        static_cast<int>(std::max(a.x, b.x)) + 1, static_cast<int>(std::max(a.y, b.y)) + 1};
    points(result.skin);
    for (auto& bone : result.bones)
        points(bone.points);
    for (auto& obstacle : result.obstacles)
        points(obstacle.outline);
    for (auto& region : result.unseen)
        points(region.outline);
    for (auto& layer : result.layers)
        points(layer.lower);
    if (result.joint_space) {
        JointSpace& joint = *result.joint_space;
        for (auto& contour : joint.contours)
            points(contour);
        joint.target = turn(joint.target);
        if (joint.widths) joint.widths->minimum_at = turn(joint.widths->minimum_at);
        for (Landmark& landmark : joint.landmarks)
            landmark.at = turn(landmark.at);
    }
    return result;
}

void QuarterTurn::turn_back(Candidate& c, EntryRule entry) const {
    c.entry = back(c.entry);
    c.target = back(c.target);
    if (grid_.spacing) {
        if (c.entry_mm) c.entry_mm = to_mm(c.entry, *grid_.spacing);
        if (c.target_mm) c.target_mm = to_mm(c.target, *grid_.spacing);
    }
    if (c.tip_ellipse) {
        c.tip_ellipse->angle_deg =
            std::remainder(c.tip_ellipse->angle_deg + 90.0 * quarters_, 180.0);
    }
    // Along the beam the angle is that to the picture, however the leg lies in it.
    if (quarters_ % 2 == 1 && entry != EntryRule::along_beam) c.angle_deg = 90 - c.angle_deg;
    c.warnings.push_back({"leg-lies",
                          "The leg does not stand upright in the picture: limits of direction are "
                          "those of the picture turned upright."});
}

void QuarterTurn::turn_back(Plan& plan) const {
    if (!plan.approach_used) return;  // no paths
    const EntryRule entry = plan.approach_used->entry;
    for (Candidate& c : plan.candidates)
        turn_back(c, entry);
    for (auto* end : {&plan.safest, &plan.shortest, &plan.most_visible})
        if (*end) turn_back(**end, entry);
}

}  // namespace guide::plan
