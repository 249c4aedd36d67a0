// SPDX-License-Identifier: Apache-2.0
#include "choose_approach.hpp"
#include "describe.hpp"
#include "limit_text.hpp"
#include "quarter_turn.hpp"
#include "search.hpp"
#include "selection.hpp"

#include <guide/core/error.hpp>
#include <guide/plan/plan.hpp>

#include <algorithm>
#include <cmath>

namespace guide::plan {
namespace {

constexpr double kThinningMm = 0.03, kThinningPx = 0.3;

Plan refused(Reason reason) {
    Plan plan;
    plan.reason = std::move(reason);
    return plan;
}

std::string commonest(const std::vector<Rejection>& rejected) {
    const auto most = std::ranges::max_element(rejected, {}, &Rejection::count);
    return most == rejected.end() ? "" : " The commonest: " + most->text;
}

std::optional<Found> previous_path(Search& search, const Ruler& ruler) {
    const PlanOptions& options = ruler.options();
    if (!options.previous) return {};
    const Scene& scene = ruler.scene();
    Path path;
    path.entry = to_mm(options.previous->entry, scene.unit);
    path.target = to_mm(options.previous->target, scene.unit);
    return search.nearest(path);
}

Plan plan_one(const Anatomy& anatomy, const Approach& approach, const PlanOptions& options) {
    const Scene scene = make_scene(anatomy);
    if (scene.joint.empty())
        return refused({"no-joint-space", "The joint space has no outline of three points."});
    if (!(distance(scene.left, scene.right) > 0))
        return refused({"no-skin", "The skin line has no length."});
    const double thinning = scene.calibrated ? kThinningMm : kThinningPx;
    const Scene thin = thinned(scene, thinning);
    const double widest = widest_place(scene, approach);
    if (scene.calibrated && options.needle.outer_diameter_mm > 2 * widest) {
        const Ruler ruler(scene, approach, options, widest);
        const double amount = options.needle.outer_diameter_mm - 2 * widest;
        const std::string text = sentence_of({Limit::needle_thickness, amount, 0}, ruler);
        Plan plan = refused({"needle-thickness", text});
        plan.rejected = {{"needle-thickness", 1, amount, "mm", text}};
        plan.tried = 1;
        return plan;
    }
    Ruler quick(thin, approach, options, widest, thinning), fine(scene, approach, options, widest);
    const Preferences quick_preferences(quick), preferences(fine);
    Scorer full(fine, preferences);
    Search on_thin(quick, quick_preferences, full), on_all(fine, preferences, full);
    on_thin.run();
    // A way as narrow as what thinning takes is looked at on the full outlines alone.
    const bool narrow = on_thin.slit().has_value();
    if (narrow) on_all.run_from(*on_thin.slit());
    Search& search = narrow ? on_all : on_thin;

    Plan plan;
    plan.tried = search.survey().tried;
    plan.allowed = search.survey().allowed;
    for (const auto& [code, cost] : search.survey().costs) {
        plan.rejected.push_back({code, cost.count, cost.closest, unit_of(cost.example, scene),
                                 sentence_of(cost.example, fine)});
    }
    Selection selection =
        select(search, options, scene.calibrated ? 1 : length(scene.right - scene.left) / 50,
               previous_path(search, narrow ? fine : quick));
    // What thinned outlines kept the best path from is given back to it.
    if (!narrow && !selection.ranked.empty()) {
        Found& best = selection.ranked.front();
        if (const auto known = full.score(best.path)) {
            best = on_all.polished(*known);
            renew_ends(selection, best);
        }
    }
    const auto describe_allowed = [&](const Path& path) -> std::optional<Candidate> {
        Measures m;
        fine.measure(path, fine.measure_target(path.target), 50, m);
        if (!fine.allowed(path, m)) return {};
        return describe(path, fine, preferences, anatomy);
    };
    for (const Found& found : selection.ranked) {
        if (static_cast<int>(plan.candidates.size()) == options.candidate_limit) break;
        if (auto candidate = describe_allowed(found.path)) {
            candidate->rank = static_cast<int>(plan.candidates.size()) + 1;
            plan.candidates.push_back(*std::move(candidate));
        }
    }
    if (selection.safest) plan.safest = describe_allowed(selection.safest->path);
    if (selection.shortest) plan.shortest = describe_allowed(selection.shortest->path);
    if (selection.most_visible) plan.most_visible = describe_allowed(selection.most_visible->path);

    if (plan.candidates.empty()) {
        plan.reason = Reason{"all-paths-refused", "Every path to the joint space breaks a limit." +
                                                      commonest(plan.rejected)};
    } else if (!scene.calibrated) {
        plan.status = PlanStatus::uncalibrated;
        plan.reason = Reason{
            "no-calibration",
            "The frame has no scale: no millimetre limit could be checked (give --depth-mm or "
            "--spacing-mm)."};
    } else {
        plan.status = PlanStatus::planned;
    }
    return plan;
}

Plan plan_by_table(const Anatomy& anatomy, const PlanOptions& options) {
    const auto approaches = approaches_to_try(anatomy.view, options);
    if (!approaches) {
        Plan plan = refused(approaches.error());
        if (approaches.error().code == "wrong-view") {
            plan.approach = options.approach;
            plan.approach_used = *find_approach(options.approach, options.own_approaches);
        }
        return plan;
    }
    if (!anatomy.joint_space) {
        Plan plan = refused(anatomy.joint_space.error());
        plan.approach = approaches->front()->name;
        plan.approach_used = *approaches->front();
        return plan;
    }
    std::optional<Plan> first;
    for (const Approach* approach : *approaches) {
        Plan plan = plan_one(anatomy, *approach, options);
        plan.approach = approach->name;
        plan.approach_used = *approach;
        if (plan.status != PlanStatus::refused) return plan;
        if (!first) first = std::move(plan);
    }
    return *std::move(first);
}

}  // namespace

Plan plan_trajectories(const Anatomy& anatomy, const PlanOptions& options) {
    if (const auto valid = options.validate(); !valid)
        throw PreconditionError("plan_trajectories", valid.error().text);
    const QuarterTurn turn = QuarterTurn::upright(anatomy);
    Plan plan = plan_by_table(turn.none() ? anatomy : turn.turned(anatomy), options);
    if (!turn.none()) turn.turn_back(plan);
    plan.needle = options.needle;
    InjectionOptions injection = options.injection;
    if (anatomy.joint_space && anatomy.joint_space->effusion.value_or(false))
        injection.effusion = true;
    plan.injection = check_injection(options.needle, injection);
    return plan;
}

}  // namespace guide::plan
