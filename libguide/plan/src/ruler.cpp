// SPDX-License-Identifier: Apache-2.0
#include "ruler.hpp"

#include "squared_distance.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace guide::plan {
namespace {

constexpr double kDegree = std::numbers::pi / 180;
constexpr double kTouch = 1e-9;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

}  // namespace

Columns notch_of(const Scene& scene, const Approach& approach) {
    return approach.target == TargetRule::outer_thirds ? scene.middle_third() : Columns{};
}

double widest_place(const Scene& scene, const Approach& approach) {
    return scene.widest(notch_of(scene, approach));
}

Ruler::Ruler(const Scene& scene, const Approach& approach, const PlanOptions& options,
             double widest, double slack)
    : scene_(scene),
      approach_(approach),
      options_(options),
      wall_(scene.joint),
      widest_(widest),
      slack_(slack) {
    const bool mm = scene.calibrated;
    radius_ = mm ? options.needle.outer_diameter_mm / 2 : 0;
    bone_margin_ = (mm ? approach.bone_margin_mm : 0) + slack;
    touch_ = kTouch + slack;
    wall_needed_ = (mm ? std::min(approach.wall_margin_mm, widest / 2) : widest / 2);
    wall_needed_ = std::min(wall_needed_ + slack, 0.99 * widest);
    longest_ = mm ? options.needle.length_mm - options.hub_reserve_mm : kInfinity;
    const bool from_probe =
        approach.entry == EntryRule::beside_probe || approach.entry == EntryRule::across_plane;
    // On a radiograph the path is drawn from the frame's side, not from the skin.
    length_limited_ = mm && from_probe;
    depth_limited_ = mm && from_probe;
    angle_limited_ = approach.entry != EntryRule::along_beam;
    for (const auto& obstacle : scene.obstacles)
        margins_.push_back((mm ? approach.margin_mm(obstacle.kind) : kTouch) + slack);
    notch_ = notch_of(scene, approach);
}

TargetMeasures Ruler::measure_target(MmPoint target) const {
    TargetMeasures t;
    t.wall = wall_.distance(target);
    const MmVector face = scene_.right - scene_.left;
    const double width = std::sqrt(dot(face, face));
    t.depth = width > 0 ? cross(face, target - scene_.left) / width : 0;
    if (notch_.low < notch_.high) t.notch = std::min(target.x - notch_.low, notch_.high - target.x);
    return t;
}

void Ruler::measure(const Path& path, const TargetMeasures& at_target, double cutoff, Measures& m) {
    m.at_target = at_target;
    const PathLine line(path.entry, path.target);
    const MmVector way = path.target - path.entry;
    const MmVector face =
        approach_.entry == EntryRule::frame_side || approach_.entry == EntryRule::along_beam
            ? MmVector{1, 0}
            : scene_.right - scene_.left;
    const double off_plane2 = path.off_plane * path.off_plane;
    m.length =
        path.off_plane > 0 ? std::sqrt(line.length() * line.length() + off_plane2) : line.length();
    const double face_length = std::sqrt(dot(face, face));
    const double down = std::abs(cross(face, way)) / face_length;
    const double forth = dot(face, way) / face_length;
    const double level = std::sqrt(forth * forth + off_plane2);
    m.angle_deg = approach_.entry == EntryRule::along_beam ? 90 : std::atan2(down, level) / kDegree;

    inside_.clear();
    for (const auto& contour : scene_.joint) {
        line.see(contour, seen_);
        add_inside(seen_, line.length(), crossings_, inside_);
    }
    unite(inside_);
    complement(inside_, line.length(), m.outside);

    m.bone = m.bone_inside = cutoff + radius_;
    for (std::size_t i = 0; i < scene_.bones.size(); ++i) {
        line.see(scene_.bones[i], seen_);
        for (const Stretch s : m.outside)
            m.bone = gap_to_line(seen_, s, m.bone);
        for (const Stretch s : inside_)
            m.bone_inside = gap_to_line(seen_, s, m.bone_inside);
    }
    m.bone -= radius_;
    m.bone_inside -= radius_;
    m.behind = 0;
    for (const auto& roof : scene_.roofs)
        m.behind = std::max(m.behind, depth_below(roof, path.entry, path.target));

    const Stretch whole{0, line.length()};
    const auto gaps = [&](const std::vector<Scene::Region>& regions, std::vector<double>& result) {
        result.resize(regions.size());
        for (std::size_t i = 0; i < regions.size(); ++i) {
            line.see(regions[i].outline, seen_);
            result[i] = gap_to_region(seen_, whole, cutoff + radius_) - radius_;
        }
    };
    gaps(scene_.obstacles, m.obstacles);
    gaps(scene_.unseen, m.unseen);
}

template <class Visit>
void Ruler::visit_breaches(const Path& path, const Measures& m, Visit visit) const {
    const auto beyond = [&](Limit limit, double value, double most, std::size_t which = 0) {
        if (!(value <= most)) visit(Breach{limit, value - most, which});
    };
    if (scene_.calibrated) beyond(Limit::needle_thickness, 2 * radius_, 2 * widest_);
    if (angle_limited_) {
        beyond(Limit::steep, m.angle_deg, approach_.angle_limit_deg + 1e-9);
        beyond(Limit::flat, -m.angle_deg, -approach_.angle_least_deg + 1e-9);
    }
    if (length_limited_) beyond(Limit::needle_length, m.length, longest_ + 1e-12);
    if (depth_limited_) beyond(Limit::tip_depth, m.at_target.depth, approach_.depth_limit_mm);
    const TargetMeasures& t = m.at_target;
    if (t.wall <= 0) {
        visit(Breach{Limit::wall_margin, wall_needed_ - t.wall, 0});
    } else if (!path.to_surest) {
        beyond(Limit::wall_margin, -t.wall, -wall_needed_);
    }
    if (notch_.low < notch_.high) beyond(Limit::notch, t.notch, 0);
    beyond(Limit::bone_clearance, -m.bone, -bone_margin_);
    beyond(Limit::bone_crossed, -std::min(m.bone, m.bone_inside), -touch_);
    beyond(Limit::behind_bone, m.behind, std::max(0.0, radius_ - touch_ + kTouch));
    for (std::size_t i = 0; i < m.obstacles.size(); ++i)
        beyond(Limit::obstacle, -m.obstacles[i], -margins_[i], i);
    if (!approach_.allows_unseen) {
        for (std::size_t i = 0; i < m.unseen.size(); ++i)
            beyond(Limit::not_seen, -m.unseen[i], -touch_, i);
    }
}

std::vector<Breach> Ruler::breaches(const Path& path, const Measures& m) const {
    std::vector<Breach> result;
    visit_breaches(path, m, [&](const Breach& b) { result.push_back(b); });
    return result;
}

bool Ruler::allowed(const Path& path, const Measures& m) const {
    bool none = true;
    visit_breaches(path, m, [&](const Breach&) { none = false; });
    return none;
}

bool Ruler::target_allowed(const TargetMeasures& t, bool surest) const {
    if (t.wall <= 0 || (!surest && t.wall < wall_needed_)) return false;
    if (depth_limited_ && t.depth > approach_.depth_limit_mm) return false;
    return !(notch_.low < notch_.high) || t.notch <= 0;
}

bool Ruler::target_hopeless(const TargetMeasures& t, bool surest, double reach) const {
    if (t.wall + reach <= 0 || (!surest && t.wall + reach < wall_needed_)) return true;
    if (depth_limited_ && t.depth - reach > approach_.depth_limit_mm) return true;
    return notch_.low < notch_.high && t.notch - reach > 0;
}

bool Ruler::hopeless(const Path& path, const Measures& m, double entry_reach,
                     double target_reach) const {
    const double reach = std::max(entry_reach, target_reach), both = entry_reach + target_reach;
    if (length_limited_ && m.length - both > longest_) return true;
    if (angle_limited_ && both < m.length) {
        const double turn = std::asin(both / m.length) / kDegree;
        if (m.angle_deg - turn > approach_.angle_limit_deg + 1e-6 ||
            m.angle_deg + turn < approach_.angle_least_deg - 1e-6) {
            return true;
        }
    }
    if (std::min(m.bone, m.bone_inside) + reach < 0) return true;
    for (std::size_t i = 0; i < m.obstacles.size(); ++i) {
        if (m.obstacles[i] + reach < margins_[i]) return true;
    }
    if (!approach_.allows_unseen) {
        for (const double gap : m.unseen) {
            if (gap + reach < 0) return true;
        }
    }
    // A point of the path that lies deeper than `reach` in forbidden ground stays in it.
    const PathLine line(path.entry, path.target);
    if (m.bone + reach < bone_margin_) {
        const double near = bone_margin_ + radius_ - reach;
        for (const Stretch s : m.outside) {
            const int steps = 1 + static_cast<int>((s.to - s.from) / std::max(reach, 0.1));
            for (int i = 0; i <= steps; ++i) {
                const MmPoint p = line.at(s.from + (s.to - s.from) * i / steps);
                double bone = kInfinity;
                for (const auto& b : scene_.bones)
                    bone = std::min(bone, squared_to_line(p, b));
                if (bone < near * near && -wall_.distance(p) > reach) return true;
            }
        }
    }
    if (m.behind > radius_ + reach) {
        const int steps = 1 + static_cast<int>(line.length() / std::max(reach, 0.1));
        for (const auto& roof : scene_.roofs) {
            for (int i = 0; i <= steps; ++i) {
                const MmPoint p = line.at(line.length() * i / steps);
                if (p.x - roof.front().x <= reach || roof.back().x - p.x <= reach) continue;
                if (depth_below(roof, p, p) > radius_ &&
                    squared_to_line(p, roof) > (radius_ + reach) * (radius_ + reach)) {
                    return true;
                }
            }
        }
    }
    return false;
}

double Ruler::off_plane_for(MmPoint entry, MmPoint target) const {
    const double unit = scene_.calibrated ? 1 : length(scene_.right - scene_.left) / 50;
    const MmVector face = scene_.right - scene_.left;
    const double down = std::abs(cross(face, target - entry)) / length(face);
    const double least = (options_.probe_half_width_mm + options_.probe_gap_mm) * unit;
    const double most = (options_.probe_half_width_mm + options_.entry_reach_mm) * unit;
    const double wanted = down / std::tan(std::max(1.0, approach_.angle_preferred_deg) * kDegree);
    return std::clamp(wanted, least, most);
}

std::string code_of(const Breach& breach, const Scene& scene) {
    switch (breach.limit) {
        case Limit::needle_thickness:
            return "needle-thickness";
        case Limit::steep:
            return "angle";
        case Limit::flat:
            return "angle-flat";
        case Limit::needle_length:
            return "needle-length";
        case Limit::tip_depth:
            return "depth";
        case Limit::bone_clearance:
            return "bone-clearance";
        case Limit::bone_crossed:
            return "bone-crossed";
        case Limit::behind_bone:
            return "behind-bone";
        case Limit::wall_margin:
            return "wall-margin";
        case Limit::notch:
            return "notch";
        case Limit::not_seen:
            return "not-seen";
        case Limit::obstacle:
            break;
    }
    return scene.obstacles[breach.which].kind;
}

}  // namespace guide::plan
