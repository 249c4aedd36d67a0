// SPDX-License-Identifier: Apache-2.0
// What a drawn path breaks, marked where it breaks it.
#include "painters.hpp"

#include <guide/render/words.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>

namespace guide::render {
namespace {

using namespace palette;

std::string short_text(const plan::BrokenLimit& limit) {
    std::string text = limit_name(limit.code);
    if (!std::isfinite(limit.amount) || limit.amount <= 0 || limit.amount > 1e6) return text;
    const std::string unit = limit.unit == "deg" ? "\xC2\xB0" : " " + limit.unit;
    return text + " by " + (limit.amount < 0.05 ? "<0.1" : fixed(limit.amount, 1)) + unit;
}

class TrialPainter : Painter {
  public:
    explicit TrialPainter(Board& board)
        : Painter(board),
          path_(board.content.trial->path),
          entry_(layout_.at(path_.entry)),
          target_(layout_.at(path_.target)) {}

    void paint(const std::vector<plan::BrokenLimit>& broken) {
        if (!finite(path_.entry) || !finite(path_.target)) return;
        for (const plan::BrokenLimit& limit : broken)
            label(short_text(limit), mark(limit) + CanvasVector{px(16), 0}, {1, 0}, kRefused);
    }

  private:
    // Draws what is in the way; gives the place for the words.
    CanvasPoint mark(const plan::BrokenLimit& limit) {
        const std::string& code = limit.code;
        if (code == "angle" || code == "angle-flat") return mark_angle();
        if (code == "bone-clearance" || code == "bone-crossed" || code == "behind-bone")
            return mark_nearest_bone();
        if (code == "not-seen") return mark_unseen();
        if (code == "under-probe") return mark_probe();
        if (code == "needle-length") return mark_end_of_needle(limit);
        for (const Obstacle& obstacle : content_.anatomy.obstacles) {
            if (obstacle.kind == code) outline(obstacle.outline);
        }
        if (const auto place = nearest_obstacle(code)) return ring(*place);
        return ring(target_);
    }

    CanvasPoint ring(CanvasPoint p) {
        marks_.ellipse(p, px(12), px(12), px(4.4), kHalo);
        marks_.ellipse(p, px(12), px(12), px(2.4), kRefused);
        return p;
    }

    void outline(const PixelPolygon& polygon) {
        CanvasLine line = on_canvas(polygon);
        if (line.size() < 3) return;
        line.push_back(line.front());
        haloed(line, px(2.2), kRefused);
    }

    // Between the path and the skin, at the entry.
    CanvasPoint mark_angle() {
        const double way = std::atan2(target_.y - entry_.y, target_.x - entry_.x);
        const double flat = target_.x >= entry_.x ? 0 : std::copysign(3.14159265358979, way);
        CanvasLine arc;
        constexpr int kSteps = 24;
        for (int i = 0; i <= kSteps; ++i) {
            const double a = flat + (way - flat) * i / kSteps;
            arc.push_back({entry_.x + px(46) * std::cos(a), entry_.y + px(46) * std::sin(a)});
        }
        haloed({entry_, {entry_.x + px(60) * std::cos(flat), entry_.y}}, px(1.6), kRefused);
        haloed(arc, px(2.4), kRefused);
        return arc[kSteps / 2];
    }

    // The point of `line` that is nearest to the path.
    struct Near {
        CanvasPoint at;
        double distance = std::numeric_limits<double>::infinity();
    };
    void look(const std::vector<PixelPoint>& line, Near& nearest) const {
        for (const PixelPoint p : line) {
            if (!finite(p)) continue;
            const CanvasPoint c = layout_.at(p);
            const double d = distance_to_segment(c, entry_, target_);
            if (d < nearest.distance) nearest = {c, d};
        }
    }

    CanvasPoint mark_nearest_bone() {
        Near nearest;
        for (const BoneSurface& bone : content_.anatomy.bones)
            look(bone.points, nearest);
        return std::isfinite(nearest.distance) ? ring(nearest.at) : ring(target_);
    }

    [[nodiscard]] std::optional<CanvasPoint> nearest_obstacle(const std::string& kind) const {
        Near nearest;
        for (const Obstacle& obstacle : content_.anatomy.obstacles) {
            if (obstacle.kind == kind) look(obstacle.outline, nearest);
        }
        if (!std::isfinite(nearest.distance)) return std::nullopt;
        return nearest.at;
    }

    CanvasPoint mark_unseen() {
        for (const UnseenRegion& region : content_.anatomy.unseen)
            outline(region.outline);
        return lerp(entry_, target_, 0.5);
    }

    CanvasPoint mark_probe() {
        const CanvasLine face = on_canvas(content_.anatomy.skin);
        if (face.size() >= 2) haloed(face, px(3.4), kRefused);
        return entry_;
    }

    CanvasPoint mark_end_of_needle(const plan::BrokenLimit& limit) {
        double reach = distance(entry_, target_);
        if (path_.path_mm && *path_.path_mm > 0)
            reach *= std::clamp(1 - limit.amount / *path_.path_mm, 0.0, 1.0);
        const CanvasVector along =
            (1 / std::max(1e-9, distance(entry_, target_))) * (target_ - entry_);
        const CanvasVector side{-along.y, along.x};
        const CanvasPoint end = entry_ + reach * along;
        haloed({end + px(12) * side, end + (-px(12)) * side}, px(2.4), kRefused);
        return end;
    }

    const plan::Candidate& path_;
    CanvasPoint entry_, target_;
};

}  // namespace

void paint_trial(Board& board) {
    TrialPainter(board).paint(board.content.trial->broken);
}

}  // namespace guide::render
