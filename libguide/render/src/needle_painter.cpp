// SPDX-License-Identifier: Apache-2.0
#include "painters.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace guide::render {
namespace {

using namespace palette;

// 95 % of a two-dimensional normal distribution lie within this many sigmas: sqrt(-2 ln 0.05).
constexpr double kSigmas95 = 2.4477;

class NeedlePainter : Painter {
  public:
    using Painter::Painter;

    // The next best ones and, where a path was drawn, the plan's own.
    void paint_other_needles() {
        if (!content_.plan) return;
        const auto& candidates = content_.plan->candidates;
        for (std::size_t i = std::min<std::size_t>(candidates.size(), 4); i-- > 0;) {
            const bool best = &candidates[i] == content_.best();
            if (best && !content_.trial) continue;
            if (!finite(candidates[i].entry) || !finite(candidates[i].target)) continue;
            const CanvasLine line{layout_.at(candidates[i].entry),
                                  layout_.at(candidates[i].target)};
            if (best) {
                haloed_dashes(line, px(1.8), px(9), px(5), kNeedle);
            } else if (!content_.trial) {
                marks_.dashed_line(line, px(1.1), px(6), px(6), kNeedle.with_alpha(0.4));
            }
        }
    }

    void paint_needle(const plan::Candidate& path, Colour colour) {
        if (!finite(path.entry) || !finite(path.target)) return;
        const CanvasPoint entry = layout_.at(path.entry), target = layout_.at(path.target);
        const double reach = distance(entry, target);
        if (reach < 1) return;
        const CanvasVector along = (1 / reach) * (target - entry);

        // The part outside the skin, towards the hub.
        const CanvasPoint hub = entry + (-px(26)) * along;
        haloed({hub, entry}, px(3.4), kSkin.with_alpha(0.85));
        haloed({entry, target}, px(2.4), colour);
        if (path.path_mm && content_.spacing) paint_ruler(path, entry, target, along, colour);
        if (options_.overlays.tip) paint_tip(path, target);
        crosshair(target, kTarget);
        paint_entry(entry, along, colour);
        if (options_.overlays.names) name_ends(path, entry, target, along, colour);
    }

    void paint_held(const plan::Candidate& path, PathEnd end) {
        const PixelPoint p = end == PathEnd::entry ? path.entry : path.target;
        if (!finite(p)) return;
        marks_.ellipse(layout_.at(p), px(15), px(15), px(4.4), kHalo);
        marks_.ellipse(layout_.at(p), px(15), px(15), px(2), kTarget);
    }

  private:
    // Words stand beyond the ends of the needle, clear of its ruler.
    void name_ends(const plan::Candidate& path, CanvasPoint entry, CanvasPoint target,
                   CanvasVector along, Colour colour) {
        const CanvasVector down =
            along.x >= 0 ? CanvasVector{-along.y, along.x} : CanvasVector{along.y, -along.x};
        label("Entry", entry + px(17) * down, {0, 1}, colour);
        double off = px(17);
        if (path.tip_sigma_mm && content_.spacing && options_.overlays.tip) {
            off = std::max(
                off, kSigmas95 * *path.tip_sigma_mm / content_.spacing->y_mm * layout_.scale_y() +
                         px(6));
        }
        label("Target", {target.x, target.y + off}, {0, 1}, kTarget);
    }

    // Depth from the skin along the needle: a tick for each millimetre, longer ones for 5 and 10.
    void paint_ruler(const plan::Candidate& path, CanvasPoint entry, CanvasPoint target,
                     CanvasVector along, Colour colour) {
        const double length_mm = length(to_mm(path.target - path.entry, *content_.spacing));
        if (!(length_mm > 0) || length_mm > 1000) return;
        const double px_per_mm = distance(entry, target) / length_mm;
        const CanvasVector up =
            along.x >= 0 ? CanvasVector{along.y, -along.x} : CanvasVector{-along.y, along.x};
        const int step = px_per_mm >= px(3.5) ? 1 : px_per_mm >= px(0.9) ? 5 : 10;
        for (int mm = step; mm <= static_cast<int>(length_mm); mm += step) {
            const double size = mm % 10 == 0 ? 11 : mm % 5 == 0 ? 8 : 4.5;
            const CanvasPoint at = entry + (px_per_mm * mm) * along;
            const CanvasLine tick{at + px(1) * up, at + px(size) * up};
            marks_.line(tick, px(2.6), kHalo);
            marks_.line(tick, px(1.1), colour);
            if (options_.overlays.names && mm % 10 == 0 && px_per_mm * 10 >= px(22)) {
                label(std::to_string(mm), at + px(18) * up, {0, 0}, colour);
            }
        }
    }

    void paint_entry(CanvasPoint entry, CanvasVector along, Colour colour) {
        // An arrowhead that points the way in, its tip on the skin.
        const CanvasVector side{-along.y, along.x};
        const CanvasPoint back = entry + (-px(15)) * along;
        const CanvasLine head{entry + px(1) * along, back + px(8) * side, back + (-px(8)) * side};
        CanvasLine border{entry + px(5) * along, back + px(11) * side + (-px(2)) * along,
                          back + (-px(11)) * side + (-px(2)) * along};
        if (!layout_.room.contains(entry)) return;
        marks_.convex(border, kHalo);
        marks_.convex(head, colour);
    }

    void paint_tip(const plan::Candidate& path, CanvasPoint target) {
        if (!path.tip_sigma_mm || !content_.spacing) return;
        const double r = kSigmas95 * *path.tip_sigma_mm;
        const double rx = r * layout_.scale_x() / content_.spacing->x_mm;
        const double ry = r * layout_.scale_y() / content_.spacing->y_mm;
        if (!std::isfinite(rx) || !std::isfinite(ry) || std::max(rx, ry) >= 4000) return;
        marks_.dashed_ellipse(target, rx, ry, px(3), px(4), kHalo);
        marks_.dashed_ellipse(target, rx, ry, px(1.3), px(4), kTarget);
    }
};

}  // namespace

void paint_needles(Board& board) {
    const Overlays& shown = board.options.overlays;
    NeedlePainter painter(board);
    if (shown.other_needles || board.content.trial) painter.paint_other_needles();
    const plan::Candidate* path = board.content.shown();
    if (path == nullptr || !(shown.needle || board.content.trial)) return;
    const bool drawn = board.content.trial.has_value();
    painter.paint_needle(*path, !drawn                         ? kNeedle
                                : board.content.trial->allowed ? kAllowed
                                                               : kRefused);
    if (board.options.held) painter.paint_held(*path, *board.options.held);
}

}  // namespace guide::render
