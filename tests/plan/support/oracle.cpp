// SPDX-License-Identifier: Apache-2.0
#include "oracle.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace guide::test {
namespace {

using Point = Oracle::Point;

constexpr double kPi = 3.14159265358979323846;
constexpr double kRound = 1e-6;  // mm: what rounding may take

template <class Points>
std::vector<Point> points_mm(const Points& points, Spacing s) {
    std::vector<Point> result;
    for (const auto& p : points)
        result.push_back({p.x * s.x_mm, p.y * s.y_mm});
    return result;
}

}  // namespace

Oracle::Oracle(const Anatomy& anatomy, const plan::Approach& approach,
               const plan::PlanOptions& options)
    : approach_(approach), options_(options) {
    const Spacing s = *anatomy.grid.spacing;
    const JointSpace& joint = *anatomy.joint_space;
    radiograph_ = anatomy.view == View::xray_ap || anatomy.view == View::xray_lateral;
    for (const auto& contour : joint.contours)
        joint_.push_back({"joint", points_mm(contour, s), true});
    for (const auto& o : anatomy.obstacles)
        obstacles_.push_back({o.kind, points_mm(o.outline, s), true});
    for (const auto& u : anatomy.unseen)
        unseen_.push_back({u.cause, points_mm(u.outline, s), true});
    surest_ = {joint.target.x * s.x_mm, joint.target.y * s.y_mm};
    boundary_sigma_ = joint.boundary_sigma_px * std::sqrt(s.x_mm * s.y_mm);
    if (!anatomy.skin.empty()) {
        left_ = {anatomy.skin.front().x * s.x_mm, anatomy.skin.front().y * s.y_mm};
        right_ = {anatomy.skin.back().x * s.x_mm, anatomy.skin.back().y * s.y_mm};
    } else {
        const double y = (anatomy.content_box.y0 + anatomy.content_box.y1 - 1) / 2.0 * s.y_mm;
        left_ = {anatomy.content_box.x0 * s.x_mm, y};
        right_ = {(anatomy.content_box.x1 - 1) * s.x_mm, y};
    }
    const double width = std::abs(right_.x - left_.x);
    for (const auto& b : anatomy.bones) {
        bones_.push_back({"bone", points_mm(b.points, s), false});
        if (radiograph_) continue;
        auto roof = bones_.back().points;
        std::stable_sort(roof.begin(), roof.end(), [](Point p, Point q) { return p.x < q.x; });
        const Point first = roof.front(), last = roof.back();
        if (first.x - left_.x < 0.05 * width) roof.insert(roof.begin(), {first.x - 1e3, first.y});
        if (right_.x - last.x < 0.05 * width) roof.push_back({last.x + 1e3, last.y});
        roofs_.push_back({"roof", roof, false});
    }
    // The thickest place where the tip may end, by a lattice; the surest point counts as well.
    double widest = in_notch(surest_) ? 0 : std::max(0.0, wall(surest_));
    constexpr double kStep = 0.1;
    for (const auto& ring : joint_) {
        const auto [x0, x1] = std::minmax_element(ring.points.begin(), ring.points.end(),
                                                  [](Point p, Point q) { return p.x < q.x; });
        const auto [y0, y1] = std::minmax_element(ring.points.begin(), ring.points.end(),
                                                  [](Point p, Point q) { return p.y < q.y; });
        for (double y = y0->y + kStep / 2; y < y1->y; y += kStep) {
            for (double x = x0->x + kStep / 2; x < x1->x; x += kStep) {
                const double w = wall({x, y});
                if (!in_notch({x, y})) widest = std::max(widest, w);
                // No point is thicker than this one by more than it is away.
                if (w < widest) x += kStep * std::floor((widest - w) / kStep);
            }
        }
    }
    thickest_ = 2 * widest;
    wall_needed_ = std::min(approach.wall_margin_mm, widest / 2);
}

bool Oracle::in_notch(Point p) const {
    if (approach_.target != plan::TargetRule::outer_thirds) return false;
    double x0 = 1e300, x1 = -1e300;
    for (const auto& ring : joint_) {
        for (const Point q : ring.points)
            x0 = std::min(x0, q.x), x1 = std::max(x1, q.x);
    }
    const double third = (x1 - x0) / 3;
    return p.x > x0 + third + kRound && p.x < x1 - third - kRound;
}

bool Oracle::in_joint(Point p) const {
    for (const auto& ring : joint_) {
        if (ring.holds(p)) return true;
    }
    return false;
}

double Oracle::wall(Point p) const {
    double best = -1e300;
    for (const auto& ring : joint_) {
        const double d = ring.distance(p);
        best = std::max(best, ring.holds(p) ? d : -d);
    }
    return best;
}

double Oracle::bone_gap(Point p) const {
    double best = 1e300;
    for (const auto& b : bones_)
        best = std::min(best, b.distance(p));
    return best;
}

bool Oracle::below_bone(Point p, double by) const {
    for (const auto& roof : roofs_) {
        for (std::size_t i = 0; i + 1 < roof.points.size(); ++i) {
            const Point a = roof.points[i], b = roof.points[i + 1];
            if (b.x <= a.x || p.x < a.x || p.x > b.x) continue;
            const double y = a.y + (b.y - a.y) * (p.x - a.x) / (b.x - a.x);
            if (p.y - y > by) return true;
        }
    }
    return false;
}

double Oracle::length_mm(const Path& path) const {
    const double dx = path.target.x - path.entry.x, dy = path.target.y - path.entry.y;
    return std::sqrt(dx * dx + dy * dy + path.off_plane * path.off_plane);
}

double Oracle::angle_deg(const Path& path) const {
    double fx = 1, fy = 0;
    if (approach_.entry != plan::EntryRule::frame_side) {
        fx = right_.x - left_.x, fy = right_.y - left_.y;
        const double f = std::sqrt(fx * fx + fy * fy);
        fx /= f, fy /= f;
    }
    const double dx = path.target.x - path.entry.x, dy = path.target.y - path.entry.y;
    const double down = std::abs(fx * dy - fy * dx);
    return std::asin(std::min(1.0, down / length_mm(path))) * 180 / kPi;
}

std::optional<std::string> Oracle::broken(const Path& path, double spare, double step) const {
    using namespace std::string_literals;
    const double degrees = spare > 0 ? 0.5 : -1e-6;
    const double millimetres = spare > 0 ? spare : -kRound;
    // The lattice may miss the thickest place by its step.
    const double needle = options_.needle.outer_diameter_mm;
    if (needle > thickest_ + (spare > 0 ? 0.0 : 0.2)) return "needle-thickness"s;
    const double angle = angle_deg(path), length = length_mm(path);
    if (angle + degrees > approach_.angle_limit_deg) return "angle"s;
    if (angle - degrees < approach_.angle_least_deg && approach_.angle_least_deg > 0)
        return "angle-flat"s;
    const bool from_skin = approach_.entry != plan::EntryRule::frame_side;
    if (from_skin && length + millimetres > options_.needle.length_mm - options_.hub_reserve_mm) {
        return "needle-length"s;
    }
    const double w = wall(path.target);
    if (w <= (spare > 0 ? spare : 0)) return "wall-margin"s;
    if (!path.to_surest && w - millimetres < wall_needed_) return "wall-margin"s;
    const double fx = right_.x - left_.x, fy = right_.y - left_.y;
    const double f = std::sqrt(fx * fx + fy * fy);
    const double depth = (fx * (path.target.y - left_.y) - fy * (path.target.x - left_.x)) / f;
    if (from_skin && depth + millimetres > approach_.depth_limit_mm) return "depth"s;

    if (in_notch(path.target)) return "notch"s;

    const double dx = path.target.x - path.entry.x, dy = path.target.y - path.entry.y;
    const double flat = std::sqrt(dx * dx + dy * dy);
    const int steps = std::max(1, static_cast<int>(std::ceil(flat / step)));
    // With something to spare the whole disc about each sample has to be good: four rings of it.
    constexpr int kAround = 8, kRings = 4;
    const int around = spare > 0 ? kAround * kRings : 0;
    for (int i = 0; i <= steps; ++i) {
        const double t = static_cast<double>(i) / steps;
        const Point centre{path.entry.x + t * dx, path.entry.y + t * dy};
        // Samples within what is free about this one are good as it is.
        const double free = room(centre) - spare;
        if (free > 0) {
            i += static_cast<int>(free / std::max(1e-9, flat / steps));
            continue;
        }
        for (int k = 0; k <= around; ++k) {
            Point p = centre;
            if (k > 0) {
                const double r = spare * ((k - 1) / kAround + 1) / kRings;
                p.x += r * std::cos(2 * kPi * k / kAround);
                p.y += r * std::sin(2 * kPi * k / kAround);
            }
            if (const auto limit = broken_at(p)) return limit;
        }
    }
    return {};
}

double Oracle::margin(const std::string& kind) const {
    for (const auto& m : approach_.margins) {
        if (m.kind == kind) return m.mm;
    }
    return approach_.other_margin_mm;
}

std::optional<std::string> Oracle::broken_at(Point p) const {
    using namespace std::string_literals;
    const double radius = options_.needle.outer_diameter_mm / 2;
    const double bone = bone_gap(p) - radius;
    if (bone < -kRound) return "bone-crossed"s;
    if (bone < approach_.bone_margin_mm - kRound && !in_joint(p)) {
        // On the outline itself either answer is right.
        if (std::abs(wall(p)) > kRound) return "bone-clearance"s;
    }
    if (below_bone(p, radius + kRound)) return "behind-bone"s;
    for (const auto& o : obstacles_) {
        const double gap = o.holds(p) ? -radius : o.distance(p) - radius;
        if (gap < margin(o.kind) - kRound) return o.kind;
    }
    if (approach_.allows_unseen) return {};
    for (const auto& u : unseen_) {
        if (u.holds(p) || u.distance(p) - radius < -kRound) return "not-seen"s;
    }
    return {};
}

double Oracle::room(Point p) const {
    const double radius = options_.needle.outer_diameter_mm / 2;
    const double bone = bone_gap(p) - radius;
    double room = bone - approach_.bone_margin_mm;
    // Within the joint space the margin to bone does not count, up to its wall.
    if (room <= 0 && bone > 0) room = std::min(bone, wall(p));
    for (const auto& roof : roofs_) {
        for (std::size_t i = 0; i + 1 < roof.points.size(); ++i) {
            const Point a = roof.points[i], b = roof.points[i + 1];
            if (b.x <= a.x) continue;
            double away = OracleShape::segment_distance(p, a, b);
            // What lies below an edge begins beside it where the point is deeper than its end.
            if (p.x < a.x && p.y > a.y) away = a.x - p.x;
            if (p.x > b.x && p.y > b.y) away = p.x - b.x;
            if (p.x >= a.x && p.x <= b.x && p.y >= a.y + (b.y - a.y) * (p.x - a.x) / (b.x - a.x)) {
                return 0;
            }
            room = std::min(room, away);
        }
        if (room <= 0) return 0;
    }
    for (const auto& o : obstacles_) {
        room = std::min(room, o.distance(p) - radius - margin(o.kind));
        if (room <= 0 || o.holds(p)) return 0;
    }
    if (approach_.allows_unseen) return room;
    for (const auto& u : unseen_) {
        room = std::min(room, u.distance(p) - radius);
        if (room <= 0 || u.holds(p)) return 0;
    }
    return room;
}

std::vector<Oracle::Line> Oracle::entry_lines() const {
    const double fx = right_.x - left_.x, fy = right_.y - left_.y;
    const double f = std::sqrt(fx * fx + fy * fy);
    const double low = options_.probe_gap_mm, high = options_.entry_reach_mm;
    return {{left_.x, left_.y, -fx / f, -fy / f, low, high},
            {right_.x, right_.y, fx / f, fy / f, low, high}};
}

std::vector<Point> Oracle::targets(double step) const {
    std::vector<Point> result;
    for (const auto& ring : joint_) {
        double x0 = 1e300, x1 = -1e300, y0 = 1e300, y1 = -1e300;
        for (const Point p : ring.points) {
            x0 = std::min(x0, p.x), x1 = std::max(x1, p.x);
            y0 = std::min(y0, p.y), y1 = std::max(y1, p.y);
        }
        for (double y = y0 + step / 2; y < y1; y += step) {
            for (double x = x0 + step / 2; x < x1; x += step) {
                if (ring.holds({x, y})) result.push_back({x, y});
            }
        }
    }
    return result;
}

template <class Visit>
void Oracle::visit_grid(double target_step, double entry_step, bool surest_only,
                        Visit visit) const {
    std::vector<Point> all = surest_only ? std::vector<Point>{surest_} : targets(target_step);
    for (const Point t : all) {
        for (const Line& line : entry_lines()) {
            for (double s = line.low; s <= line.high + 1e-9; s += entry_step) {
                const Path path{{line.x + s * line.dx, line.y + s * line.dy}, t, 0, surest_only};
                if (!visit(path)) return;
            }
        }
    }
}

std::optional<Oracle::Path> Oracle::find(double spare, double target_step,
                                         double entry_step) const {
    std::optional<Path> result;
    const auto look = [&](const Path& path) {
        // A rough look first: it can only pass too much.
        if (broken(path, spare, 2.0) || broken(path, spare, 0.05)) return true;
        result = path;
        return false;
    };
    if (approach_.target == plan::TargetRule::surest_first) visit_grid(0, entry_step, true, look);
    if (!result) visit_grid(target_step, entry_step, false, look);
    return result;
}

double Oracle::p_hit(const Path& path, int columns) const {
    const auto& e = options_.errors;
    const double dx = path.target.x - path.entry.x, dy = path.target.y - path.entry.y;
    const double run = std::sqrt(dx * dx + dy * dy);
    const double fx = right_.x - left_.x, fy = right_.y - left_.y;
    const double f = std::sqrt(fx * fx + fy * fy);
    const double depth = (fx * (path.target.y - left_.y) - fy * (path.target.x - left_.x)) / f;
    // Independent offsets: round, along the path by scale, down by the speed of sound, and across
    // the path by the bevel.
    const double round = std::sqrt(options_.aiming_sigma_mm * options_.aiming_sigma_mm +
                                   boundary_sigma_ * boundary_sigma_ + e.motion_mm * e.motion_mm);
    const double bend =
        plan::deflection_mm(options_.needle, run) * e.deflection_share / std::sqrt(2.0);
    const double along = e.spacing_relative * run, sound = e.sound_speed_relative * depth;
    const double xx =
        round * round + along * along * dx * dx / run / run + bend * bend * dy * dy / run / run;
    const double yy = round * round + along * along * dy * dy / run / run + sound * sound +
                      bend * bend * dx * dx / run / run;
    const double xy = (along * along - bend * bend) * dx * dy / run / run;
    // Square root of the matrix by its eigenvectors.
    const double mean = (xx + yy) / 2, half = std::sqrt((xx - yy) * (xx - yy) / 4 + xy * xy);
    const double tilt = 0.5 * std::atan2(2 * xy, xx - yy);
    const double major = std::sqrt(mean + half), minor = std::sqrt(mean - half);
    // In columns along the minor axis, and in each exactly between the outlines: slits are narrower
    // than the steps of any lattice.
    constexpr double kReach = 4.5;
    const double cosine = std::cos(tilt), sine = std::sin(tilt), wide = 2 * kReach / columns;
    const auto turned = [&](Point p) {
        const double x = p.x - path.target.x, y = p.y - path.target.y;
        return Point{(x * cosine + y * sine) / major, (y * cosine - x * sine) / minor};
    };
    const auto below = [](double v) { return 0.5 * std::erfc(-v / std::sqrt(2.0)); };
    double sum = 0;
    for (const OracleShape& ring : joint_) {
        double mass = 0;
        for (std::size_t i = 0; i < ring.points.size(); ++i) {
            const Point a = turned(ring.points[i]),
                        b = turned(ring.points[(i + 1) % ring.points.size()]);
            if (a.x == b.x) continue;
            const double from = (std::min(a.x, b.x) + kReach) / wide - 0.5,
                         to = (std::max(a.x, b.x) + kReach) / wide - 0.5;
            const int last = static_cast<int>(std::ceil(std::min(to, columns + 0.0)));
            for (int k = static_cast<int>(std::ceil(std::max(from, 0.0))); k < last; ++k) {
                const double u = (k + 0.5) * wide - kReach;
                const double v = a.y + (b.y - a.y) * (u - a.x) / (b.x - a.x);
                const double column = below(u + wide / 2) - below(u - wide / 2);
                mass += (b.x > a.x ? 1 : -1) * column * below(v);
            }
        }
        sum += std::abs(mass);
    }
    return sum;
}

double Oracle::clearance(const Path& path) const {
    double clear = 1e300;
    const double radius = options_.needle.outer_diameter_mm / 2;
    const double dx = path.target.x - path.entry.x, dy = path.target.y - path.entry.y;
    const int steps = static_cast<int>(std::sqrt(dx * dx + dy * dy) / 0.1) + 1;
    for (int i = 0; i <= steps; ++i) {
        const Point q{path.entry.x + dx * i / steps, path.entry.y + dy * i / steps};
        if (!in_joint(q)) clear = std::min(clear, bone_gap(q) - radius);
        for (const auto& o : obstacles_) {
            clear =
                std::min(clear, o.distance(q) - radius - margin(o.kind) + approach_.bone_margin_mm);
        }
    }
    return clear;
}

double Oracle::score(const Path& path, double p) const {
    return score(path, p, clearance(path));
}

double Oracle::score(const Path& path, double p, double clear) const {
    const double angle = angle_deg(path);
    const auto unit = [](double v) { return v < 0 ? 0 : (v > 1 ? 1 : v); };
    return 0.5 * p + 0.25 * unit(1 - angle / 81) + 0.15 * unit(clear / 5) +
           0.10 * unit(1 - length_mm(path) / options_.needle.length_mm);
}

std::optional<double> Oracle::best_score(double target_step, double entry_step) const {
    constexpr double kRough = 0.02;  // what the rough score may lie beside the true one
    struct Rough {
        double most, p;  // the score at best, as if nothing were near, and the rough p_hit
        Path path;
    };
    std::vector<Rough> all;
    std::map<std::pair<double, double>, double> ready;
    const auto gather = [&](const Path& path) {
        const auto [known, fresh] = ready.try_emplace({path.target.x, path.target.y}, 0.0);
        if (fresh) known->second = p_hit(path, 40);
        all.push_back({score(path, known->second, 1e300), known->second, path});
        return true;
    };
    // From the most promising on, so that little is left to look at closely.
    const auto best_of_all = [&] {
        std::optional<double> best;
        std::stable_sort(all.begin(), all.end(),
                         [](const Rough& a, const Rough& b) { return a.most > b.most; });
        for (const Rough& rough : all) {
            if (best && rough.most < *best - kRough) break;
            if (broken(rough.path, 0, 2.0)) continue;
            const double clear = clearance(rough.path);
            if (best && score(rough.path, rough.p, clear) < *best - kRough) continue;
            if (broken(rough.path, 0, 0.1)) continue;
            const double s = score(rough.path, p_hit(rough.path, kColumns), clear);
            // In coarse steps the margin to bone is missed by as much as it changes within one,
            // where the path comes into the joint space.
            if ((!best || s > *best) && !broken(rough.path, 0, 0.005)) best = s;
        }
        all.clear();
        return best;
    };
    if (approach_.target == plan::TargetRule::surest_first) {
        visit_grid(0, entry_step / 4, true, gather);
        if (const auto best = best_of_all()) return best;
    }
    visit_grid(target_step, entry_step, false, gather);
    return best_of_all();
}

}  // namespace guide::test
