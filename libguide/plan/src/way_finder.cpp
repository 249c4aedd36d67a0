// SPDX-License-Identifier: Apache-2.0
#include "way_finder.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace guide::plan {
namespace {

using std::numbers::pi;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kDegree = pi / 180;
constexpr double kFirstTurn = 8 * kDegree, kFirstSlideMm = 8;
// A path with 0.2 mm to spare leaves half of it to the middle of a bundle as narrow as the rest.
constexpr double kSpareMm = 0.1, kLeastMm = 0.1, kStepMm = 0.1;
constexpr int kMost = 60000;  // bundles looked at before it is given up

using Ranges = std::vector<std::pair<double, double>>;

/// The directions that the approach allows, to the level axis.
Ranges turns_of(const Approach& approach, bool behind) {
    const double least = approach.angle_least_deg * kDegree;
    const double limit = approach.angle_limit_deg * kDegree;
    switch (approach.entry) {
        case EntryRule::across_plane:
            return {{0, pi}};
        case EntryRule::frame_side:
            if (least > 0) return {{-limit, -least}, {least, limit}};
            return {{-limit, limit}};
        case EntryRule::beside_probe:
        case EntryRule::along_beam:
            break;
    }
    if (behind) return {{least, limit}, {pi - limit, pi - least}};
    return {{least, limit}};
}

}  // namespace

WayFinder::WayFinder(const Ruler& thin, Scorer& scorer, const std::vector<EntryLine>& lines)
    : scorer_(scorer),
      ruler_(scorer.ruler()),
      lines_(lines),
      unit_(unit_length(ruler_.scene())),
      // Thinned lines lie beside the full ones by the slack, and have it in their margins too.
      passage_(thin, 0, kSpareMm * unit_ - 2 * thin.slack()),
      longest_(ruler_.approach().entry == EntryRule::frame_side ? kInfinity : ruler_.longest()) {
    const Scene& scene = ruler_.scene();
    const EntryRule rule = ruler_.approach().entry;
    const MmVector face = scene.right - scene.left;
    const MmVector along = (1 / length(face)) * face;
    for (const EntryLine& line : lines_) {
        if (rule == EntryRule::frame_side) {
            axes_.push_back({{line.from_left ? 1.0 : -1.0, 0}, {0, 1}});
        } else {
            const double sign = rule == EntryRule::across_plane || line.from_left ? 1.0 : -1.0;
            axes_.push_back({sign * along, {-along.y, along.x}});
        }
    }
}

std::vector<WayFinder::Box> WayFinder::first_boxes() {
    std::vector<Box> boxes;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
        const EntryLine& line = lines_[i];
        double farthest = 0;
        bool behind = false;
        for (const auto& contour : ruler_.scene().joint) {
            for (const MmPoint p : contour) {
                for (const double s : {line.low, line.high})
                    farthest = std::max(farthest, distance(p, line.origin + s * line.direction));
                behind = behind || dot(p - line.origin, line.direction) > line.low;
            }
        }
        const double wide = line.high - line.low;
        const int slides = std::max(1, static_cast<int>(std::ceil(wide / (kFirstSlideMm * unit_))));
        for (const auto& [low, high] : turns_of(ruler_.approach(), behind)) {
            const int turns = std::max(1, static_cast<int>(std::ceil((high - low) / kFirstTurn)));
            for (int j = 0; j < slides; ++j) {
                for (int k = 0; k < turns; ++k) {
                    Box box;
                    box.line = i;
                    box.s_half = wide / (2 * slides);
                    box.s = line.low + (2 * j + 1) * box.s_half;
                    box.turn_half = (high - low) / (2 * turns);
                    box.turn = low + (2 * k + 1) * box.turn_half;
                    box.to = std::min(longest_, farthest) + box.s_half;
                    box.edges = passage_.everything();
                    if (look(box)) boxes.push_back(box);
                }
            }
        }
    }
    return boxes;
}

FatRay WayFinder::ray_of(const Box& box) const {
    const EntryLine& line = lines_[box.line];
    const Axes& axes = axes_[box.line];
    const MmVector way = std::cos(box.turn) * axes.level + std::sin(box.turn) * axes.down;
    return FatRay::of_turns(line.origin + box.s * line.direction, way, line.direction, box.s_half,
                            box.turn_half);
}

bool WayFinder::look(Box& box) {
    ++looked_;
    const FatRay ray = ray_of(box);
    const Passage::Reach reach = passage_.meet(ray, box.to, box.edges);
    box.edges = reach.edges;
    box.from = std::max(box.from, reach.joint_from);
    box.to = std::min({box.to, reach.joint_to, reach.block});
    if (box.from <= box.to && skip_hopeless(box, ray)) return true;
    passage_.forget(reach);
    return false;
}

bool WayFinder::skip_hopeless(Box& box, const FatRay& ray) const {
    for (;;) {
        const TargetMeasures t = ruler_.measure_target(ray.at(box.from));
        const double aside = ray.aside(box.from);
        const double step =
            std::max({kStepMm * unit_, aside, ruler_.wall_needed() - t.wall - aside});
        const double spare = kSpareMm * unit_;
        if (!ruler_.target_hopeless(t, false, aside + step - spare)) return true;
        box.from += step;
        if (box.from > box.to) return false;
    }
}

std::optional<Found> WayFinder::probe(Box& box) {
    const FatRay ray = ray_of(box);
    double depth = box.from;
    Path path;
    TargetMeasures t;
    // The first place where a tip may end: what stops it stops all that go deeper.
    for (;; depth += std::max(kStepMm * unit_, ruler_.wall_needed() - t.wall)) {
        depth = std::min(depth, box.to);
        path = path_from(ruler_, lines_[box.line], box.s, ray.at(depth));
        t = ruler_.measure_target(path.target);
        if (depth >= box.to || ruler_.target_allowed(t, false)) break;
    }
    const auto found = scorer_.score(path, t);
    if (found) return found;
    double worst = 0;
    Measures m;
    scorer_.ruler().measure(path, t, scorer_.cutoff(), m);
    for (const Breach& b : ruler_.breaches(path, m)) {
        const bool angle = b.limit == Limit::steep || b.limit == Limit::flat;
        worst = std::max(worst, angle ? b.amount * m.length / 57 : b.amount);
    }
    box.key = -worst / std::max(1e-6 * unit_, ray.aside(box.from));
    return {};
}

WayFinder::Box WayFinder::part_of(const Box& box, double slid, double turned) const {
    Box part = box;
    part.s += slid;
    part.turn += turned;
    if (slid != 0) part.s_half /= 2;
    if (turned != 0) part.turn_half /= 2;
    // The same targets, seen from the part's own middle.
    const double back = dot(lines_[box.line].direction, ray_of(part).way()) * slid;
    const double beside = ray_of(box).aside(box.to) * std::abs(std::sin(turned));
    part.from = std::max(0.0, box.from * std::cos(turned) - beside - back);
    part.to = box.to + beside - back;
    return part;
}

std::optional<Found> WayFinder::find() {
    const auto by_key = [](const Box& a, const Box& b) { return a.key < b.key; };
    std::vector<Box> boxes = first_boxes();
    for (Box& box : boxes) {
        if (const auto found = probe(box)) return found;
    }
    std::ranges::make_heap(boxes, by_key);
    while (!boxes.empty() && looked_ < kMost) {
        std::ranges::pop_heap(boxes, by_key);
        const Box box = boxes.back();
        boxes.pop_back();
        const FatRay ray = ray_of(box);
        if (ray.aside(box.to) < kLeastMm * unit_) continue;
        const bool slide = ray.aside_of_slide() > box.to * box.turn_half;
        for (const double sign : {-0.5, 0.5}) {
            Box part =
                slide ? part_of(box, sign * box.s_half, 0) : part_of(box, 0, sign * box.turn_half);
            if (!look(part)) continue;
            if (const auto found = probe(part)) return found;
            boxes.push_back(part);
            std::ranges::push_heap(boxes, by_key);
        }
    }
    return {};
}

}  // namespace guide::plan
