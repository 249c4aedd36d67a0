// SPDX-License-Identifier: Apache-2.0
#include "volume_ruler.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace guide::plan {
namespace {

constexpr double kCorner = 1e-3;  // mm

constexpr double kDegree = std::numbers::pi / 180;
constexpr double kTouch = 1e-9;
/// What the search keeps beside every margin, so that what it finds can be proved.
constexpr double kSlack = 0.02;
constexpr double kEntryRun = 10;  // mm
/// How far the skin beside the probe may lie from the plane of its face; beyond is another side of
/// the limb.
constexpr double kOtherSideMm = 25;
constexpr double kFarBeyond = 25;  // mm of path beyond the needle that are still looked at

DirectionWindow in_scene(const DirectionWindow& window, const VolumeData& data) {
    DirectionWindow turned = window;
    turned.face = data.turned_to_scene(window.face);
    turned.along = data.turned_to_scene(window.along);
    turned.across = data.turned_to_scene(window.across);
    return turned;
}

/// Walks along a stretch from place to place, never past a point that could lower the least
/// distance by more than `unseen`. `seen` gets a place, the distance there and the least one
/// so far, and says whether to go on.
template <class Seen>
double least_distance(const BoxField& boxes, const VolumePath& path, VolumeStretch stretch,
                      double cap, double unseen, Seen seen) {
    // Half-way between two places a step apart a ball at distance d is nearer by step^2 / (8 d),
    // and anything by half a step.
    const double shortest = std::max(0.15, unseen);
    if (boxes.empty()) return cap;
    const double diagonal = boxes.frame().edge.norm();
    const Eigen::Vector3d start = boxes.frame().in_voxels(path.target),
                          each = path.out.cwiseQuotient(boxes.frame().edge);
    double best = cap, s = stretch.from;
    while (true) {
        const Eigen::Vector3d v = start + s * each;
        double value = boxes.quick_in_voxels(v), ahead = value - diagonal - best;
        if (ahead <= diagonal) {
            value = boxes.near_in_voxels(v);
            best = std::min(best, value);
            ahead = value - best;
        }
        if (!seen(s, value, best) || s >= stretch.to) return best;
        s = std::min(stretch.to, s + std::max({shortest, ahead, std::sqrt(8 * unseen * value)}));
    }
}

}  // namespace

VolumeRuler::VolumeRuler(const VolumeData& data, const Approach& approach,
                         const PlanOptions& options, const DirectionWindow& window)
    : data_(data), approach_(approach), options_(options), window_(in_scene(window, data)) {
    radius_ = options.needle.outer_diameter_mm / 2;
    longest_ = options.needle.length_mm - options.hub_reserve_mm;
    wall_needed_ = std::min(approach.wall_margin_mm, data.widest / 2);
    for (const auto& kind : data.kinds)
        margins_.push_back(approach.margin_mm(kind.name));
}

VolumeTrace VolumeRuler::trace(const VolumePath& path, double most) const {
    // Voxel by voxel (Amanatides and Woo 1987).
    const VoxelFrame& f = data_.frame;
    const Eigen::Vector3d start = f.in_voxels(path.target);
    std::array<int, 3> at{}, step{};
    std::array<double, 3> next{}, each{};
    VolumeTrace trace;
    for (std::size_t a = 0; a < 3; ++a) {
        const int i = static_cast<int>(a);
        at[a] = static_cast<int>(std::floor(start[i] + 0.5));
        if (at[a] < 0 || at[a] >= f.size[a]) {
            trace.left_volume = true;
            return trace;
        }
        const double speed = path.out[i] / f.edge[i];
        step[a] = speed > 0 ? 1 : -1;
        each[a] = speed != 0 ? 1 / std::abs(speed) : std::numeric_limits<double>::infinity();
        const double face = at[a] + 0.5 * step[a];
        next[a] = speed != 0 ? std::max(0.0, (face - start[i]) / speed)
                             : std::numeric_limits<double>::infinity();
    }
    double s = 0;
    bool in_joint = false, first = true;
    const auto turn = [&](bool now) {
        if (!first && now == in_joint) return;
        if (!first) (in_joint ? trace.in_joint : trace.outside).back().to = s;
        (now ? trace.in_joint : trace.outside).push_back({s, s});
        in_joint = now;
        first = false;
    };
    while (true) {
        const LabelRole role = data_.role_at(at[0], at[1], at[2]);
        const double leaves = std::min({next[0], next[1], next[2]});
        if (role == LabelRole::outside) {
            // A path that only touches the corner of a voxel of air has no entry to speak of.
            trace.to_skin = leaves - s >= kCorner;
            trace.left_volume = !trace.to_skin;
            break;
        }
        turn(role == LabelRole::joint_space);
        const std::size_t a =
            next[0] <= next[1] ? (next[0] <= next[2] ? 0 : 2) : (next[1] <= next[2] ? 1 : 2);
        s = next[a];
        if (s > most) {
            s = most;
            break;
        }
        next[a] += each[a];
        at[a] += step[a];
        if (at[a] < 0 || at[a] >= f.size[a]) {
            trace.left_volume = true;
            break;
        }
    }
    trace.length = s;
    if (trace.left_volume) trace.short_of_air = data_.air.near(f.held(path.at(s)));
    if (!first) (in_joint ? trace.in_joint : trace.outside).back().to = s;
    return trace;
}

void VolumeRuler::measure_target(const Eigen::Vector3d& target, VolumeMeasures& m) const {
    m.wall = data_.wall(target);
    m.depth = data_.air.near(target);
}

bool VolumeRuler::target_hopeless(const VolumeMeasures& m, double reach) const {
    return m.wall + reach < wall_needed_ + std::min(0.1, 0.02 * data_.widest) ||
           m.depth - reach > approach_.depth_limit_mm;
}

void VolumeRuler::measure_entry(const VolumePath& path, VolumeMeasures& m) const {
    m.under_probe = 0;
    m.skin_angle = std::numbers::pi / 2;
    if (!m.trace.to_skin) return;
    // By how deep the needle lies when it is a little way in.
    const double in = std::min(kEntryRun, m.trace.length);
    m.skin_angle = std::asin(
        std::clamp(data_.air.near(path.at(m.trace.length - in)) / std::max(1e-9, in), 0.0, 1.0));
    if (!data_.probe) return;
    const ProbePlace& probe = *data_.probe;
    const Eigen::Vector3d from = path.at(m.trace.length) - probe.face_mm;
    if (std::abs(from.dot(probe.looks)) > kOtherSideMm) return;
    const double beside = std::abs(from.dot(probe.along)) - probe.width_mm / 2,
                 before = std::abs(from.dot(probe.looks.cross(probe.along))) -
                          options_.probe_half_width_mm;
    m.under_probe = std::max(0.0, options_.probe_gap_mm - std::max(beside, before));
}

void VolumeRuler::measure_direction(const VolumePath& path, VolumeMeasures& m) const {
    m.angle = window_.angle_of(path.out);
    m.turn_over = std::abs(window_.turn_of(path.out)) - window_.turn_half;
}

void VolumeRuler::measure(const VolumePath& path, const VolumeReach& reach, VolumeMeasures& m,
                          Effort effort) const {
    measure_target(path.target, m);
    measure_way(path, reach, m, effort);
    m.hopeless = m.hopeless || target_hopeless(m, reach.at_target);
}

void VolumeRuler::measure_way(const VolumePath& path, const VolumeReach& reach, VolumeMeasures& m,
                              Effort effort, double unseen) const {
    const auto enough = [&] { return m.hopeless && effort == Effort::until_hopeless; };
    m.hopeless = m.depth - reach.at_target > approach_.depth_limit_mm;
    measure_direction(path, m);
    if (m.angle - reach.spread > window_.angle_high || m.angle + reach.spread < window_.angle_low)
        m.hopeless = true;
    if (enough()) return;

    // No path within the reach comes to the air before this.
    const double far = longest_ + kFarBeyond;
    double s = 0;
    const double diagonal = data_.frame.edge.norm();
    const Eigen::Vector3d start = data_.frame.in_voxels(path.target),
                          each = path.out.cwiseQuotient(data_.frame.edge),
                          last(data_.frame.size[0] - 0.5, data_.frame.size[1] - 0.5,
                               data_.frame.size[2] - 0.5);
    while (s < longest_ + 1) {
        const Eigen::Vector3d v = start + s * each;
        const Eigen::Vector3d held = v.cwiseMax(-0.5).cwiseMin(last);
        if ((v - held).cwiseProduct(data_.frame.edge).squaredNorm() > reach.at(s) * reach.at(s)) {
            // All of them have left the volume without having met the air.
            m.hopeless = true;
            break;
        }
        const double free = data_.air.quick_in_voxels(held) - diagonal - reach.at(s);
        if (free <= 1) break;
        s += free / (1 + reach.spread);
    }
    m.least_length = s;
    if (s > longest_) m.hopeless = true;
    if (enough()) return;

    m.trace = trace(path, far);
    measure_entry(path, m);
    measure_gaps(path, reach, m, effort, unseen);
}

void VolumeRuler::measure_line(const VolumePath& path, VolumeMeasures& m) const {
    measure_target(path.target, m);
    measure_direction(path, m);
    m.trace = trace(path, longest_ + kFarBeyond);
    measure_entry(path, m);
    m.hopeless = false;
    m.least_length = 0;
    m.bone = m.bone_inside = approach_.bone_margin_mm + kAmple;
    m.kinds.resize(margins_.size());
    for (std::size_t i = 0; i < margins_.size(); ++i)
        m.kinds[i] = margins_[i] + kAmple;
    m.unknown = kAmple;
}

void VolumeRuler::measure_gaps(const VolumePath& path, const VolumeReach& reach, VolumeMeasures& m,
                               Effort effort, double unseen) const {
    const auto enough = [&] { return m.hopeless && effort == Effort::until_hopeless; };
    const double length = m.trace.length;
    // What touches comes no nearer; then it is only asked whether that is hopeless, which it is not
    // where paths nearby may lie farther off than they need to.
    const auto go_on = [&](double at, double least, double need) {
        return !enough() && !(least <= 0 && (m.hopeless || reach.at(at) >= need + kSpare));
    };
    // Where paths nearby have less than `need` whatever they do, none is allowed; beyond the least
    // length one of them may be in the air already.
    const auto watch = [&](double need) {
        return [&, need](double at, double value, double least) {
            if (at <= m.least_length && value + reach.at(at) < need + kSpare) m.hopeless = true;
            return go_on(at, least, need);
        };
    };
    // The margin to bone does not hold within the joint space, where a path nearby may be.
    const double bone_need = approach_.bone_margin_mm + radius_;
    const auto watch_outside = [&](double at, double value, double least) {
        const double most = value + reach.at(at);
        if (at <= m.least_length &&
            (most < radius_ + kSpare || (most < bone_need + kSpare && !m.hopeless &&
                                         data_.joint_distance(path.at(at)) > reach.at(at)))) {
            m.hopeless = true;
        }
        return go_on(at, least, bone_need);
    };
    m.bone = m.bone_inside = bone_need + kAmple;
    for (const VolumeStretch stretch : m.trace.outside)
        m.bone = least_distance(data_.solid, path, stretch, m.bone, unseen, watch_outside);
    for (const VolumeStretch stretch : m.trace.in_joint)
        m.bone_inside =
            least_distance(data_.solid, path, stretch, m.bone_inside, unseen, watch(radius_));
    m.bone -= radius_;
    m.bone_inside -= radius_;
    if (enough()) return;
    m.kinds.resize(data_.kinds.size());
    for (std::size_t i = 0; i < data_.kinds.size(); ++i) {
        const double need = margins_[i] + radius_;
        m.kinds[i] = least_distance(data_.kinds[i].boxes, path, {0, length}, need + kAmple, unseen,
                                    watch(need)) -
                     radius_;
        if (enough()) return;
    }
    m.unknown = kAmple;
    if (!approach_.allows_unseen) {
        m.unknown =
            least_distance(data_.unknown, path, {0, length}, radius_ + 1, unseen, watch(radius_)) -
            radius_;
    }
}

template <class Visit>
void VolumeRuler::visit_breaches(const VolumeMeasures& m, Visit visit) const {
    using enum VolumeLimit;
    const auto beyond = [&](VolumeLimit limit, double value, double most, std::size_t which = 0) {
        if (!(value <= most)) visit(VolumeBreach{limit, value - most, which});
    };
    beyond(steep, m.angle / kDegree, window_.angle_high / kDegree + 1e-9);
    beyond(flat, -m.angle / kDegree, -window_.angle_low / kDegree + 1e-9);
    if (window_.turn_half < std::numbers::pi) beyond(turned, m.turn_over / kDegree, 1e-9);
    if (m.trace.left_volume) visit(VolumeBreach{left_volume, m.trace.short_of_air, 0});
    beyond(under_probe, m.under_probe, 0);
    beyond(grazing, -m.skin_angle / kDegree, -options_.skin_angle_least_deg);
    beyond(needle_length, m.trace.length, longest_);
    beyond(tip_depth, m.depth, approach_.depth_limit_mm);
    beyond(wall_margin, -m.wall, m.wall > 0 ? -wall_needed_ : -wall_needed_ - 1e-9);
    beyond(bone_clearance, -m.bone, -approach_.bone_margin_mm);
    beyond(bone_crossed, -std::min(m.bone, m.bone_inside), -kTouch);
    for (std::size_t i = 0; i < m.kinds.size(); ++i)
        beyond(obstacle, -m.kinds[i], -margins_[i], i);
    if (!approach_.allows_unseen) beyond(not_seen, -m.unknown, -kTouch);
}

std::vector<VolumeBreach> VolumeRuler::breaches(const VolumeMeasures& m) const {
    std::vector<VolumeBreach> result;
    visit_breaches(m, [&](const VolumeBreach& b) { result.push_back(b); });
    return result;
}

bool VolumeRuler::allowed(const VolumeMeasures& m) const {
    bool none = true;
    visit_breaches(m, [&](const VolumeBreach&) { none = false; });
    if (!none) return false;
    // What is sampled has to have a little more than it needs.
    if (m.bone < approach_.bone_margin_mm + kSlack || m.bone_inside < kSlack) return false;
    for (std::size_t i = 0; i < m.kinds.size(); ++i) {
        if (m.kinds[i] < margins_[i] + kSlack) return false;
    }
    return approach_.allows_unseen || m.unknown >= kSlack;
}

bool VolumeRuler::keeps(const BoxField& boxes, const VolumePath& path, VolumeStretch stretch,
                        double gap) const {
    constexpr double kShortest = 1e-3;
    if (boxes.empty()) return true;
    std::vector<VolumeStretch> open{stretch};
    while (!open.empty()) {
        const VolumeStretch s = open.back();
        open.pop_back();
        // Distances change by no more than one goes.
        const double half = (s.to - s.from) / 2, middle = (s.from + s.to) / 2;
        const double value = boxes.exact(path.at(middle), gap + half);
        if (value >= gap + half) continue;
        if (value < gap || half < kShortest) return false;
        open.push_back({s.from, middle});
        open.push_back({middle, s.to});
    }
    return true;
}

bool VolumeRuler::proved(const VolumePath& path, const VolumeMeasures& m) const {
    if (data_.role_at(path.target) != LabelRole::joint_space ||
        data_.not_joint.exact(path.target, wall_needed_) < wall_needed_) {
        return false;
    }
    const double in = std::min(kEntryRun, m.trace.length);
    if (data_.air.exact(path.at(m.trace.length - in), in) <
        in * std::sin(options_.skin_angle_least_deg * kDegree)) {
        return false;
    }
    const VolumeStretch whole{0, m.trace.length};
    for (const VolumeStretch s : m.trace.outside) {
        if (!keeps(data_.solid, path, s, radius_ + approach_.bone_margin_mm)) return false;
    }
    for (const VolumeStretch s : m.trace.in_joint) {
        if (!keeps(data_.solid, path, s, radius_)) return false;
    }
    for (std::size_t i = 0; i < data_.kinds.size(); ++i) {
        if (!keeps(data_.kinds[i].boxes, path, whole, radius_ + margins_[i])) return false;
    }
    return approach_.allows_unseen || keeps(data_.unknown, path, whole, radius_);
}

void VolumeRuler::measure_finely(const VolumePath& path, double cutoff, VolumeMeasures& m) const {
    const auto gap = [&](const BoxField& boxes, VolumeStretch s, double cap) {
        return least_distance(boxes, path, s, cap, kUnseen,
                              [](double, double, double) { return true; });
    };
    m.bone = cutoff + radius_;
    for (const VolumeStretch s : m.trace.outside)
        m.bone = gap(data_.solid, s, m.bone);
    m.bone -= radius_;
    for (std::size_t i = 0; i < data_.kinds.size(); ++i)
        m.kinds[i] = gap(data_.kinds[i].boxes, {0, m.trace.length}, cutoff + radius_) - radius_;
}

std::string code_of(const VolumeBreach& breach, const VolumeData& data) {
    switch (breach.limit) {
        case VolumeLimit::steep:
            return "angle";
        case VolumeLimit::flat:
            return "angle-flat";
        case VolumeLimit::turned:
            return "entry-side";
        case VolumeLimit::needle_length:
            return "needle-length";
        case VolumeLimit::tip_depth:
            return "depth";
        case VolumeLimit::left_volume:
            return "outside-volume";
        case VolumeLimit::bone_clearance:
            return "bone-clearance";
        case VolumeLimit::bone_crossed:
            return "bone-crossed";
        case VolumeLimit::wall_margin:
            return "wall-margin";
        case VolumeLimit::not_seen:
            return "not-seen";
        case VolumeLimit::under_probe:
            return "under-probe";
        case VolumeLimit::grazing:
            return "grazing-entry";
        case VolumeLimit::obstacle:
            break;
    }
    return data.kinds[breach.which].name;
}

std::string unit_of(const VolumeBreach& breach) {
    const bool degrees = breach.limit == VolumeLimit::steep || breach.limit == VolumeLimit::flat ||
                         breach.limit == VolumeLimit::turned ||
                         breach.limit == VolumeLimit::grazing;
    return degrees ? "deg" : "mm";
}

}  // namespace guide::plan
