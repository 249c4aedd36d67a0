// SPDX-License-Identifier: Apache-2.0
#include "passage.hpp"

#include <algorithm>
#include <limits>
#include <span>

namespace guide::plan {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The points of an edge and of a stretch of the path that are nearest to each other.
Passage::Nearest nearest(OnPath p, OnPath q, Stretch s, double last) {
    Passage::Nearest result;
    double least = kInfinity;
    const auto offer = [&](OnPath place, double at) {
        const double squared = (place.along - at) * (place.along - at) + place.aside * place.aside;
        if (squared >= least) return;
        least = squared;
        result = {true, place, at, at == last, 0};
    };
    for (const OnPath end : {p, q})
        offer(end, std::clamp(end.along, s.from, s.to));
    const double da = q.along - p.along, dx = q.aside - p.aside, squared = da * da + dx * dx;
    for (const double at : {s.from, s.to}) {
        if (!(squared > 0)) continue;
        const double t = std::clamp(((at - p.along) * da - p.aside * dx) / squared, 0.0, 1.0);
        offer({p.along + t * da, p.aside + t * dx}, at);
    }
    return result;
}

}  // namespace

Passage::Passage(const Ruler& ruler, double ample, double spare)
    : ground_(make_ground(ruler, spare)), ample_(ample), bone_margin_(ruler.bone_margin()) {
    for (std::uint32_t i = 0; i < ground_.edges.size(); ++i)
        list_.push_back(i);
    joint_low_ = {kInfinity, kInfinity};
    joint_high_ = {-kInfinity, -kInfinity};
    for (const auto& contour : ruler.scene().joint) {
        for (const MmPoint p : contour) {
            joint_low_ = {std::min(joint_low_.x, p.x), std::min(joint_low_.y, p.y)};
            joint_high_ = {std::max(joint_high_.x, p.x), std::max(joint_high_.y, p.y)};
        }
    }
    all_ = {0, static_cast<std::uint32_t>(list_.size())};
}

/// Where surely no way of the bundle is in the joint space.
void Passage::find_outside(const FatRay& ray) {
    const MmPoint entry = ray.at(0);
    const double around = ray.aside(0) + ray.start();
    if (entry.x > joint_low_.x - around && entry.x < joint_high_.x + around &&
        entry.y > joint_low_.y - around && entry.y < joint_high_.y + around) {
        in_joint_.push_back({0, kInfinity});  // a way may begin in it
    }
    unite(in_joint_);
    outside_.clear();
    double from = ray.start();
    for (const Stretch s : in_joint_) {
        if (s.from - ray.shift(s.from) > from)
            outside_.push_back({from, s.from - ray.shift(s.from)});
        if (s.to == kInfinity) return;
        from = std::max(from, s.to + ray.shift(s.to));
    }
    outside_.push_back({from, kInfinity});
}

Passage::Reach Passage::meet(const FatRay& ray, double far, Edges edges) {
    using Kind = Ground::Kind;
    Reach reach{kInfinity, -kInfinity, kInfinity, {static_cast<std::uint32_t>(list_.size()), 0}};
    CrossingFinder crossing(ray);
    seen_.clear();
    in_joint_.clear();
    OnPath q{};
    std::uint32_t previous = 0, body = 0, contour = std::numeric_limits<std::uint32_t>::max();
    bool goes_on = false, joint_known = false;
    for (std::uint32_t i = edges.first; i < edges.last; ++i) {
        const std::uint32_t index = list_[i];
        const Ground::Edge& edge = ground_.edges[index];
        goes_on = goes_on && index == previous + 1 && edge.body == body;
        const OnPath p = goes_on ? q : ray.see(edge.p);
        q = ray.see(edge.q);
        previous = index;
        body = edge.body;
        const Ground::Body& ground = ground_.bodies[body];
        const double low = std::min(p.along, q.along), high = std::max(p.along, q.along);
        const double aside = std::max(ray.aside(low), ray.aside(high));
        const bool joint = ground.kind == Kind::joint;
        const bool clear = ground.kind == Kind::obstacle || ground.kind == Kind::bone;
        const double keep = ground.outer_margin + (clear ? ample_ : 0) + aside;
        // Where the joint space ends counts wherever that is.
        if ((low > far + keep && !joint) || high < -keep - ray.start() ||
            std::min(p.aside, q.aside) > keep || std::max(p.aside, q.aside) < -keep) {
            goes_on = false;
            continue;
        }
        list_.push_back(index);
        if (joint) {
            goes_on = true;
            const Stretch near = within(ray, p, q);
            if (near.from > near.to) continue;
            reach.joint_from = std::min(reach.joint_from, near.from);
            reach.joint_to = std::max(reach.joint_to, near.to);
            if (contour != body) in_joint_.push_back(near);
            contour = body;
            Stretch& all = in_joint_.back();
            all = {std::min(all.from, near.from), std::max(all.to, near.to)};
            continue;
        }
        if (!joint_known) find_outside(ray);
        joint_known = true;
        if (!goes_on) crossing.begin(p);
        goes_on = true;
        if (const Stretch place = crossing.go_on(p, q); place.from <= place.to) {
            const double inner = ground.margin * ray.cosine();
            const double outer = ground.outer_margin * ray.cosine();
            reach.block = std::min(reach.block, place.to - inner);
            // What all ways have in common lies from the last one's margin on.
            const Stretch common{std::max(place.to - outer, ray.start()), place.from + outer};
            for (const Stretch s : outside_) {
                if (certain(common, s))
                    reach.block = std::min(reach.block, std::max(common.from, s.from));
            }
        }
        if (clear) seen_.push_back({p, q, ground.outer_margin, ground.kind == Kind::bone});
        for (const double margin : {ground.outer_margin, ground.margin}) {
            const bool everywhere = margin == ground.margin;
            const double sure = margin - aside;
            if (sure <= 0) break;
            Stretch near = near_edge(p, q, sure);
            near.from = std::max(near.from, ray.start());
            if (everywhere) {
                if (near.from < near.to)
                    reach.block = std::min(reach.block, near.from + ray.shift(near.from));
                break;
            }
            for (const Stretch s : outside_) {
                if (!certain(near, s)) continue;
                const double at = std::max(near.from, s.from);
                reach.block = std::min(reach.block, at + ray.shift(at));
            }
        }
    }
    if (!joint_known) find_outside(ray);
    if (!in_joint_.empty() && in_joint_.front().from == 0) reach.joint_from = 0;
    reach.edges.last = static_cast<std::uint32_t>(list_.size());
    return reach;
}

Passage::Clearance Passage::clearance(const FatRay& ray, double depth) const {
    Clearance result{ample_, {}};
    const double last = depth - ray.shift(depth);
    const Stretch all[] = {{ray.start(), last}};
    for (const Seen& seen : seen_) {
        const double low = std::min(seen.p.along, seen.q.along);
        const double high = std::max(seen.p.along, seen.q.along);
        const double margin = seen.margin - bone_margin_;
        for (const Stretch part : seen.bone ? std::span<const Stretch>(outside_) : all) {
            const Stretch s{part.from, std::min(part.to, last)};
            if (s.from >= s.to) break;
            const double aside = std::max(ray.aside(std::clamp(low, s.from, s.to)),
                                          ray.aside(std::clamp(high, s.from, s.to)));
            const double cutoff = result.most + margin - aside;
            if (cutoff <= 0) continue;
            const double gap = gap_to_edge(seen.p, seen.q, s, cutoff);
            if (gap >= cutoff) continue;
            result.most = gap - margin + aside;
            result.nearest = nearest(seen.p, seen.q, s, last);
            result.nearest.margin = margin;
            result.nearest.tip = result.nearest.tip && !seen.bone;
        }
    }
    return result;
}

}  // namespace guide::plan
