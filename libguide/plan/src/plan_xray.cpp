// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/plan/plan_xray.hpp>

#include <algorithm>
#include <cmath>

namespace guide::plan {
namespace {

using Eigen::Vector3d;

constexpr double kApartMm = 5;  // engineering choice

bool finite(PixelPoint p) {
    return std::isfinite(p.x) && std::isfinite(p.y);
}

tl::unexpected<Reason> disagree(const char* what) {
    return no_answer("views-disagree",
                     std::string("The two pictures do not show the same place: ") + what);
}

/// The point of a pixel's ray that lies so far ahead of the camera.
Vector3d at_depth(const PinholeCamera& camera, PixelPoint pixel, double depth) {
    const Ray ray = camera.ray(pixel);
    return ray.origin + depth / camera.rotation.row(2).dot(ray.direction) * ray.direction;
}

PixelPoint middle_of(const PixelPolygon& outline) {
    PixelPoint sum{0, 0};
    for (const PixelPoint p : outline)
        sum = {sum.x + p.x, sum.y + p.y};
    const auto n = static_cast<double>(outline.size());
    return {sum.x / n, sum.y / n};
}

/// Places pixels of the first picture.
class Placer {
  public:
    explicit Placer(const XrayPlace& place) : place_(place) {}

    /// Where the shown target lies; later ones lie as deep where nothing else is known.
    Expected<void> begin(PixelPoint target) {
        const auto& other = place_.other;
        if (!other) {
            depth_ = *place_.target_depth_mm;
            return {};
        }
        if (!other->target) {
            const auto point = in_both(target);
            if (!point) return tl::unexpected(point.error());
            depth_ = place_.camera.depth(*point);
            return {};
        }
        const auto point =
            triangulate({{place_.camera, target, 1}, {other->camera, *other->target, 1}});
        if (!point) return tl::unexpected(point.error());
        miss_ = point->ray_miss_mm;
        if (miss_ > kApartMm)
            return disagree("the rays to their targets miss one another by more than 5 mm.");
        depth_ = place_.camera.depth(point->point);
        return {};
    }

    [[nodiscard]] Expected<Vector3d> target_at(PixelPoint target) const {
        if (place_.other && !place_.other->target) return in_both(target);
        return at_depth(place_.camera, target, depth_);
    }

    /// mm from the target to the skin, towards the tube.
    [[nodiscard]] std::optional<double> skin_above(PixelPoint pixel, const Vector3d& target) const {
        if (place_.other && place_.other->skin) {
            const auto skin = triangulate(
                {{place_.camera, pixel, 1}, {place_.other->camera, *place_.other->skin, 1}});
            if (skin) return (target - skin->point).norm();
        }
        return place_.skin_mm;
    }

    [[nodiscard]] double depth() const { return depth_; }
    [[nodiscard]] double miss() const { return miss_; }

  private:
    /// The middle of the longest part of the pixel's ray that the other picture shows within the
    /// joint space.
    [[nodiscard]] Expected<Vector3d> in_both(PixelPoint pixel) const {
        constexpr double kReachMm = 150, kStepMm = 0.25;
        const OtherXray& other = *place_.other;
        const auto near = triangulate(
            {{place_.camera, pixel, 1}, {other.camera, middle_of(other.joint_space.front()), 1}});
        if (!near) return tl::unexpected(near.error());
        const Ray ray = place_.camera.ray(pixel);
        const double middle = (near->point - ray.origin).dot(ray.direction);
        double from = 0, best_from = 0, best = 0;
        bool in = false;
        for (double s = -kReachMm; s <= kReachMm; s += kStepMm) {
            const Vector3d p = ray.origin + (middle + s) * ray.direction;
            const PixelPoint seen = other.camera.project(p);
            const bool now = std::ranges::any_of(other.joint_space, [&](const PixelPolygon& c) {
                return polygon_contains(c, seen);
            });
            if (now && !in) from = s;
            in = now;
            if (in && s - from + kStepMm > best) best = s - from + kStepMm, best_from = from;
        }
        if (!(best > 0))
            return disagree("the beam to the target does not meet the other one's joint space.");
        return ray.origin + (middle + best_from + (best - kStepMm) / 2) * ray.direction;
    }

    const XrayPlace& place_;
    double depth_ = 0, miss_ = 0;
};

/// Puts one path into the patient. False where the needle does not reach from the skin.
Expected<bool> put(Candidate& c, const Placer& placer, const XrayPlace& place, const Plan& plan,
                   const PlanOptions& options) {
    const auto target = placer.target_at(c.target);
    if (!target) return tl::unexpected(target.error());
    PatientPath path;
    path.entry_mm = path.target_mm = *target;
    path.tip_axes_mm = Vector3d::Constant(c.tip_sigma_mm.value_or(0));
    c.placed = path;
    if (plan.approach_used->entry != EntryRule::along_beam) {
        c.placed->entry_mm = at_depth(place.camera, c.entry, place.camera.depth(*target));
        return true;
    }
    const double longest = options.needle.length_mm - options.hub_reserve_mm;
    const auto skin = placer.skin_above(c.target, *target);
    if (place.other)
        std::erase_if(c.warnings, [](const Reason& w) { return w.code == "depth-not-seen"; });
    if (!skin) {
        c.warnings.push_back({"skin-not-known",
                              "Where the beam meets the skin was not said: the entry is drawn as "
                              "far out as the needle reaches."});
    }
    const Vector3d up = (place.camera.centre() - *target).normalized();
    c.placed->entry_mm = *target + skin.value_or(longest) * up;
    if (skin) c.path_mm = *skin;
    return !skin || *skin <= longest;
}

}  // namespace

std::optional<Plan> seen_in_other(const XrayPlan& plan) {
    if (plan.plan.candidates.empty() || !plan.entry_in_other || !plan.target_in_other)
        return std::nullopt;
    Plan seen = plan.plan;
    seen.candidates.resize(1);
    Candidate& best = seen.candidates.front();
    best.entry = *plan.entry_in_other;
    best.target = *plan.target_in_other;
    // What was measured in the first picture's plane is not seen so in this one.
    best.entry_mm.reset();
    best.target_mm.reset();
    best.tip_ellipse.reset();
    best.p_hit = plan.p_hit_in_other;
    best.layers.clear();
    best.clearance_mm.clear();
    best.sensitivities.clear();
    for (auto* end : {&seen.safest, &seen.shortest, &seen.most_visible})
        end->reset();
    return seen;
}

Expected<void> XrayPlace::validate() const {
    const auto fault = [](const char* text) { return no_answer("bad-xray-place", text); };
    if (const auto valid = camera.validate(); !valid) return valid;
    if (target_depth_mm && !(*target_depth_mm >= 100 && *target_depth_mm <= 3000))
        return fault("target_depth_mm lies between 100 and 3000.");
    if (skin_mm && !(*skin_mm >= 1 && *skin_mm <= 300))
        return fault("skin_mm lies between 1 and 300.");
    if (!other) {
        if (target_depth_mm) return {};
        return fault(
            "One picture does not tell how deep the target lies: give a second one, or "
            "target_depth_mm.");
    }
    if (target_depth_mm) return fault("Both a second picture and target_depth_mm are given.");
    if (const auto valid = other->camera.validate(); !valid) return valid;
    if (other->target.has_value() == !other->joint_space.empty())
        return fault("The second picture has either outlines of its joint space or a target.");
    for (const PixelPolygon& outline : other->joint_space) {
        if (outline.size() < 3 || !std::ranges::all_of(outline, finite))
            return fault("The second picture's outlines have three points or more, all finite.");
    }
    for (const auto& shown : {other->target, other->skin}) {
        if (shown && !finite(*shown)) return fault("The second picture's points are finite.");
    }
    return {};
}

Expected<XrayPlan> plan_on_xray(const Anatomy& anatomy, const XrayPlace& place,
                                const PlanOptions& options) {
    if (const auto valid = options.validate(); !valid)
        throw PreconditionError("plan_on_xray", valid.error().text);
    if (const auto valid = place.validate(); !valid) return tl::unexpected(valid.error());
    if (!is_xray(anatomy.view))
        return no_answer("wrong-view", "A C-arm's place goes with radiographs only.");
    if (!anatomy.joint_space) return tl::unexpected(anatomy.joint_space.error());
    Placer placer(place);
    if (const auto begun = placer.begin(anatomy.joint_space->target); !begun)
        return tl::unexpected(begun.error());

    XrayPlan result;
    result.ray_miss_mm = placer.miss();
    result.mm_per_pixel = place.camera.mm_per_pixel(
        at_depth(place.camera, anatomy.joint_space->target, placer.depth()));
    Anatomy scaled = anatomy;
    scaled.grid.spacing = Spacing{result.mm_per_pixel, result.mm_per_pixel};
    result.plan = plan_trajectories(scaled, options);
    Plan& plan = result.plan;
    if (plan.status != PlanStatus::planned) return result;

    std::vector<Candidate> reached;
    double shortest_miss = 0;
    for (Candidate& c : plan.candidates) {
        const auto reaches = put(c, placer, place, plan, options);
        if (!reaches) continue;
        if (*reaches) {
            c.rank = static_cast<int>(reached.size()) + 1;
            reached.push_back(std::move(c));
            continue;
        }
        const double miss = *c.path_mm - (options.needle.length_mm - options.hub_reserve_mm);
        shortest_miss = shortest_miss > 0 ? std::min(shortest_miss, miss) : miss;
    }
    plan.candidates = std::move(reached);
    for (auto* end : {&plan.safest, &plan.shortest, &plan.most_visible}) {
        if (!*end) continue;
        const auto reaches = put(**end, placer, place, plan, options);
        if (!reaches || !*reaches) end->reset();
    }
    if (plan.candidates.empty()) {
        if (!(shortest_miss > 0))
            return disagree("no target of the first meets the other one's joint space.");
        const std::string text =
            "The needle does not reach from the skin to the joint space along "
            "the beam.";
        plan.status = PlanStatus::refused;
        plan.reason = Reason{"all-paths-refused", text};
        plan.rejected.push_back({"needle-length", 1, shortest_miss, "mm", text});
        return result;
    }
    if (place.other) {
        const OtherXray& other = *place.other;
        const PatientPath& best = *plan.candidates.front().placed;
        result.entry_in_other = other.camera.project(best.entry_mm);
        result.target_in_other = other.camera.project(best.target_mm);
        if (!other.joint_space.empty()) {
            const double mm = other.camera.mm_per_pixel(best.target_mm);
            std::vector<MmPolygon> outlines;
            for (const PixelPolygon& outline : other.joint_space)
                outlines.push_back(polygon_to_mm(outline, {mm, mm}));
            // As on radiographs: what is inserted is not what is drawn, so neither the scale nor
            // the bevel counts.
            const double variance = options.aiming_sigma_mm * options.aiming_sigma_mm +
                                    options.errors.motion_mm * options.errors.motion_mm;
            result.p_hit_in_other = hit_probability(
                outlines, to_mm(*result.target_in_other, {mm, mm}), {variance, 0, variance});
        }
    }
    return result;
}

}  // namespace guide::plan
