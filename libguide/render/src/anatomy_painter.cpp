// SPDX-License-Identifier: Apache-2.0
#include "caption.hpp"
#include "painters.hpp"

#include <algorithm>
#include <cmath>

namespace guide::render {
namespace {

using namespace palette;

class AnatomyPainter : Painter {
  public:
    using Painter::Painter;

    void paint_unseen() {
        for (const UnseenRegion& region : content_.anatomy.unseen) {
            CanvasLine outline = on_canvas(region.outline);
            if (outline.size() < 3) continue;
            marks_.fill({outline}, visible_picture(), kUnseen.with_alpha(0.16));
            outline.push_back(outline.front());
            marks_.dashed_line(outline, px(1.2), px(2), px(4), kUnseen);
        }
    }

    void paint_layers() {
        for (const Layer& layer : content_.anatomy.layers) {
            const CanvasLine line = on_canvas(layer.lower);
            if (line.size() < 2) continue;
            haloed_dashes(line, px(1.2), px(9), px(4), kLayer);
            if (options_.overlays.names) {
                label(layer.name, line[line.size() / 5] + CanvasVector{0, -px(3)}, {1, -1}, kLayer);
            }
        }
    }

    // Two standard deviations to either side of the outline.
    void paint_uncertainty() {
        if (!content_.anatomy.joint_space) return;
        const JointSpace& joint = *content_.anatomy.joint_space;
        const double reach = 2 * joint.boundary_sigma_px * layout_.scale;
        if (!(reach > px(0.5)) || reach > 1000) return;
        for (const PixelPolygon& contour : joint.contours) {
            const CanvasLine outline = on_canvas(contour);
            const CanvasLine one = parallel(outline, reach), other = parallel(outline, -reach);
            marks_.fill({one, other}, visible_picture(), kJointSpace.with_alpha(0.3));
        }
    }

    void paint_joint_space() {
        if (!content_.anatomy.joint_space) return;
        const CanvasRect within = visible_picture();
        for (const PixelPolygon& contour : content_.anatomy.joint_space->contours) {
            const CanvasLine outline = on_canvas(contour);
            marks_.fill({outline}, within, kJointSpace.with_alpha(0.22));
            marks_.closed_line(outline, px(3.6), kHalo);
            marks_.closed_line(outline, px(1.6), kJointSpace);
        }
    }

    void paint_obstacles() {
        for (const Obstacle& obstacle : content_.anatomy.obstacles) {
            CanvasLine outline = on_canvas(obstacle.outline);
            if (outline.size() < 3) continue;
            outline.push_back(outline.front());
            marks_.dashed_line(outline, px(3.2), px(7), px(4), kHalo);
            marks_.dashed_line(outline, px(1.4), px(7), px(4), kObstacle);
        }
    }

    void paint_bones() {
        for (const BoneSurface& bone : content_.anatomy.bones) {
            const CanvasLine line = on_canvas(bone.points);
            // Where the surface is doubtful the line is faint.
            const double strength = 0.45 + 0.55 * std::clamp(bone.confidence, 0.0, 1.0);
            marks_.line(line, px(4.4), kHalo.with_alpha(kHalo.a * strength));
            marks_.line(line, px(2.2), kBone.with_alpha(strength));
        }
    }

    // Finer than bone: the border of something soft.
    void paint_cartilage() {
        if (!content_.anatomy.cartilage) return;
        const CanvasLine line = on_canvas(content_.anatomy.cartilage->surface);
        marks_.line(line, px(3), kHalo);
        marks_.line(line, px(1.2), kBone);
    }

    // After the needle's own words, which go first to the best places. A bone seen in several
    // stretches is named once, at the longest.
    void name_bones() {
        const std::vector<BoneSurface>& bones = content_.anatomy.bones;
        const auto shorter = [](const BoneSurface& a, const BoneSurface& b) {
            return length_of(a) < length_of(b);
        };
        for (const BoneKind kind :
             {BoneKind::femur, BoneKind::tibia, BoneKind::patella, BoneKind::fibula}) {
            const BoneSurface* longest = nullptr;
            for (const BoneSurface& bone : bones) {
                if (bone.kind != kind || bone.points.empty()) continue;
                if (longest == nullptr || shorter(*longest, bone)) longest = &bone;
            }
            if (longest != nullptr) name_bone(*longest);
        }
    }

    void paint_skin() {
        const CanvasLine line = on_canvas(content_.anatomy.skin);
        if (line.size() < 2) return;
        marks_.line(line, px(4), kHalo);
        marks_.line(line, px(1.8), kSkin);
        const plan::Candidate* best = content_.shown();
        if (best == nullptr || !finite(best->entry)) return;
        // The skin goes on beside the probe, unseen, to where the needle enters.
        const CanvasPoint entry = layout_.at(best->entry);
        const CanvasPoint end = distance(line.front(), entry) < distance(line.back(), entry)
                                    ? line.front()
                                    : line.back();
        if (distance(end, entry) > px(6)) {
            marks_.dashed_line({end, entry}, px(1.4), px(2.5), px(4), kSkin.with_alpha(0.7));
        }
    }

  private:
    // The closed outline moved aside by `reach`; without the loops that narrow places would make.
    static CanvasLine parallel(const CanvasLine& outline, double reach) {
        CanvasLine moved;
        const double least = 0.94 * reach * reach;
        const std::size_t n = outline.size();
        for (std::size_t i = 0; i < n; ++i) {
            const CanvasVector way = outline[(i + 1) % n] - outline[(i + n - 1) % n];
            const double size = length(way);
            if (!(size > 0)) continue;
            const CanvasPoint p = outline[i] + (reach / size) * CanvasVector{-way.y, way.x};
            const bool clear = std::ranges::none_of(
                outline, [&](CanvasPoint q) { return dot(p - q, p - q) < least; });
            if (clear) moved.push_back(p);
        }
        return moved;
    }

    [[nodiscard]] CanvasRect visible_picture() const {
        const CanvasRect &picture = layout_.picture, &room = layout_.room;
        return {std::max(picture.left, room.left), std::max(picture.top, room.top),
                std::min(picture.right, room.right), std::min(picture.bottom, room.bottom)};
    }

    static double length_of(const BoneSurface& bone) {
        double sum = 0;
        for (std::size_t i = 1; i < bone.points.size(); ++i) {
            const double step = distance(bone.points[i - 1], bone.points[i]);
            if (std::isfinite(step)) sum += step;
        }
        return sum;
    }

    // The name stands within the bone, clear of its outline: below the surface that an ultrasound
    // picture shows, and on a radiograph, where the joint lies between the outlines, above the
    // femur's and below the tibia's and fibula's.
    void name_bone(const BoneSurface& bone) {
        const PixelPoint middle = bone.points[bone.points.size() / 2];
        if (!finite(middle)) return;
        const std::string name = spoken(name_of(bone.kind));
        const bool above = is_xray(content_.anatomy.view) && bone.kind != BoneKind::tibia &&
                           bone.kind != BoneKind::fibula;
        const double side = above ? -1 : 1;
        CanvasPoint at = layout_.at(middle);
        const double half =
            TextAtlas::width(name, layout_.small_font, Weight::regular) / 2.0 + px(4);
        const double x = at.x;
        for (const PixelPoint p : bone.points) {
            const CanvasPoint c = layout_.at(p);
            // Not along a steep outline to its far end.
            if (std::abs(c.x - x) > half || std::abs(c.y - layout_.at(middle).y) > px(60)) continue;
            at.y = above ? std::min(at.y, c.y) : std::max(at.y, c.y);
        }
        label(name, {at.x, at.y + side * px(8)}, {0, side}, kBone);
    }
};

}  // namespace

void paint_tissue(Board& board) {
    const Overlays& shown = board.options.overlays;
    AnatomyPainter painter(board);
    if (shown.unseen) painter.paint_unseen();
    if (shown.uncertainty) painter.paint_uncertainty();
    if (shown.joint_space) painter.paint_joint_space();
    if (shown.layers) painter.paint_layers();
    if (shown.obstacles) painter.paint_obstacles();
    if (shown.bones) painter.paint_bones();
    if (shown.bones) painter.paint_cartilage();
    if (shown.skin) painter.paint_skin();
}

void name_bones(Board& board) {
    AnatomyPainter(board).name_bones();
}

}  // namespace guide::render
