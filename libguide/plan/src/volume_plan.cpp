// SPDX-License-Identifier: Apache-2.0
#include "volume_describe.hpp"
#include "volume_state.hpp"

#include <guide/core/error.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace guide::plan {
namespace {

constexpr int kTops = 6;

bool same_advice(const VolumeFound& a, const VolumeFound& b) {
    return VolumeSearch::alike(a.path, a.length, b.path, b.length);
}

bool better(const VolumeFound& a, const VolumeFound& b) {
    return a.score > b.score;
}

/// All found paths, best first, the best of some different ones led to the top of their hills. The
/// path that is shown now comes first while it is as good as the best.
std::vector<VolumeFound> ranked(VolumeSearch& search, const VolumeData& data,
                                const PlanOptions& options) {
    std::vector<VolumeFound> all = search.found();
    std::ranges::stable_sort(all, better);
    std::vector<VolumeFound> tops;
    for (const VolumeFound& f : all) {
        const auto known = [&](const VolumeFound& other) { return same_advice(f, other); };
        if (std::ranges::any_of(tops, known)) continue;
        tops.push_back(f);
        if (tops.size() == kTops) break;
    }
    for (const VolumeFound& f : tops)
        all.push_back(search.polished(f));
    std::ranges::stable_sort(all, better);
    if (!options.previous_in_patient) return all;
    const Eigen::Vector3d target = data.to_scene(options.previous_in_patient->target_mm),
                          way = data.to_scene(options.previous_in_patient->entry_mm) - target;
    if (way.norm() < 1e-6) return all;
    const auto kept = search.climbed({target, way.normalized()});
    if (kept && (all.empty() || kept->score >= all.front().score - options.keep_bonus))
        all.insert(all.begin(), *kept);
    return all;
}

/// The first path in the order of `worth` that can be proved.
template <class Worth>
std::optional<Candidate> end_of(std::vector<VolumeFound> all, const VolumeRuler& ruler,
                                const VolumePreferences& preferences, Worth worth) {
    constexpr int kAttempts = 20;
    std::ranges::stable_sort(all, [&](const VolumeFound& a, const VolumeFound& b) {
        return std::pair{worth(a), a.score} > std::pair{worth(b), b.score};
    });
    VolumeMeasures m;
    for (int i = 0; i < std::min<int>(kAttempts, static_cast<int>(all.size())); ++i) {
        const VolumePath& path = all[static_cast<std::size_t>(i)].path;
        ruler.measure(path, {}, m);
        if (ruler.proved(path, m)) return describe(path, ruler, preferences);
    }
    return {};
}

std::string commonest(const std::vector<Rejection>& rejected) {
    const auto most = std::ranges::max_element(rejected, {}, &Rejection::count);
    return most == rejected.end() ? "" : " The commonest: " + most->text;
}

Plan plan_one(const VolumeData& data, const ApproachInVolume& way, const PlanOptions& options) {
    const VolumeRuler ruler(data, way.approach, options, way.window);
    const VolumePreferences preferences(ruler, way.hits.get());
    VolumeSearch search(ruler, preferences);
    search.run();

    Plan plan;
    plan.tried = search.tried();
    plan.allowed = search.allowed();
    for (const auto& [code, cost] : search.costs()) {
        plan.rejected.push_back({code, cost.count, cost.closest, unit_of(cost.example),
                                 sentence_of(cost.example, ruler)});
    }
    const std::vector<VolumeFound> all = ranked(search, data, options);
    std::vector<VolumeFound> shown;
    VolumeMeasures m;
    for (const VolumeFound& f : all) {
        if (static_cast<int>(shown.size()) == options.candidate_limit) break;
        const auto known = [&](const VolumeFound& other) { return same_advice(f, other); };
        if (std::ranges::any_of(shown, known)) continue;
        ruler.measure(f.path, {}, m);
        if (!ruler.proved(f.path, m)) continue;
        shown.push_back(f);
        plan.candidates.push_back(describe(f.path, ruler, preferences));
        plan.candidates.back().rank = static_cast<int>(plan.candidates.size());
    }
    if (plan.candidates.empty()) {
        plan.reason = Reason{"all-paths-refused", "Every path to the joint space breaks a limit." +
                                                      commonest(plan.rejected)};
        return plan;
    }
    plan.status = PlanStatus::planned;
    plan.safest = end_of(all, ruler, preferences, [](const VolumeFound& f) { return f.clearance; });
    plan.shortest = end_of(all, ruler, preferences, [](const VolumeFound& f) { return -f.length; });
    plan.most_visible = end_of(all, ruler, preferences, [&](const VolumeFound& f) {
        return preferences.visibility(f.angle);
    });
    return plan;
}

Plan refused(Reason reason) {
    Plan plan;
    plan.reason = std::move(reason);
    return plan;
}

}  // namespace

Expected<DirectionWindow> window_in(const VolumeData& data, const Approach& approach) {
    std::optional<Eigen::Vector3d> looks;
    if (data.probe) looks = data.patient_from_scene.linear() * data.probe->looks;
    return direction_window(approach, data.side, looks);
}

Expected<std::vector<ApproachInVolume>> ways_in(const VolumeScene& scene,
                                                const PlanOptions& options) {
    std::vector<const Approach*> wanted;
    if (options.approach == "auto") {
        for (const Approach& own : options.own_approaches)
            wanted.push_back(&own);
        for (const Approach& a : approaches()) {
            if (find_approach(a.name, options.own_approaches) == &a) wanted.push_back(&a);
        }
    } else {
        wanted.push_back(find_approach(options.approach, options.own_approaches));
    }
    std::vector<ApproachInVolume> ways;
    Reason why{"no-approach", "No approach in the table can be planned in a label volume."};
    for (const Approach* approach : wanted) {
        const auto window = window_in(scene.data(), *approach);
        if (window) {
            ways.push_back({*approach, *window, nullptr});
        } else if (wanted.size() == 1 || window.error().code == "no-laterality") {
            why = window.error();
        }
    }
    if (ways.empty()) return tl::unexpected(why);
    // The joint space is blurred once for each error of aim.
    std::vector<std::pair<double, std::shared_ptr<const HitField>>> made;
    for (ApproachInVolume& way : ways) {
        const double sigma = VolumePreferences::round_sigma(scene.data(), way.approach, options);
        auto known = std::ranges::find(made, sigma, [](const auto& m) { return m.first; });
        if (known == made.end()) {
            made.emplace_back(sigma, std::make_shared<const HitField>(scene.data(), sigma));
            known = std::prev(made.end());
        }
        way.hits = known->second;
    }
    return ways;
}

bool possible(const VolumeData& data, const ApproachInVolume& way, const PlanOptions& options) {
    const VolumeRuler ruler(data, way.approach, options, way.window);
    const VolumePreferences preferences(ruler, nullptr);
    return VolumeSearch(ruler, preferences).any();
}

Expected<VolumePlanner> VolumePlanner::make(const VolumeScene& scene, const PlanOptions& options) {
    if (const auto valid = options.validate(); !valid)
        throw PreconditionError("VolumePlanner::make", valid.error().text);
    auto ways = ways_in(scene, options);
    if (!ways) return tl::unexpected(ways.error());
    return VolumePlanner(std::make_shared<const State>(State{scene, options, *std::move(ways)}));
}

Plan VolumePlanner::plan() const {
    const State& s = *state_;
    std::optional<Plan> first;
    for (const ApproachInVolume& way : s.ways) {
        Plan plan = plan_one(s.scene.data(), way, s.options);
        plan.approach = way.approach.name;
        plan.approach_used = way.approach;
        plan.needle = s.options.needle;
        plan.injection = check_injection(s.options.needle, s.options.injection);
        if (plan.status == PlanStatus::planned) return plan;
        if (!first) first = std::move(plan);
    }
    return *std::move(first);
}

TrajectoryCheck VolumePlanner::check(const PatientTrajectory& drawn) const {
    const State& s = *state_;
    const VolumeData& data = s.scene.data();
    const ApproachInVolume& way = s.ways.front();
    const VolumeRuler ruler(data, way.approach, s.options, way.window);
    const VolumePreferences preferences(ruler, way.hits.get());
    const Eigen::Vector3d target = data.to_scene(drawn.target_mm);
    const Eigen::Vector3d along = data.to_scene(drawn.entry_mm) - target;
    require(drawn.entry_mm.allFinite() && drawn.target_mm.allFinite() && along.norm() > 1e-6,
            "VolumePlanner::check", "entry and target are finite and apart");
    const VolumePath path{target, along.normalized()};
    TrajectoryCheck result;
    VolumeMeasures m;
    ruler.measure(path, {}, m);
    for (const VolumeBreach& b : ruler.breaches(m))
        result.broken.push_back({code_of(b, data), b.amount, unit_of(b), sentence_of(b, ruler)});
    result.allowed = result.broken.empty();
    result.path = describe(path, ruler, preferences);
    return result;
}

Plan plan_volume(const VolumeScene& scene, const PlanOptions& options) {
    const auto planner = VolumePlanner::make(scene, options);
    if (planner) return planner->plan();
    Plan plan = refused(planner.error());
    if (const Approach* one = find_approach(options.approach, options.own_approaches)) {
        plan.approach = one->name;
        plan.approach_used = *one;
    }
    plan.needle = options.needle;
    plan.injection = check_injection(options.needle, options.injection);
    return plan;
}

}  // namespace guide::plan
