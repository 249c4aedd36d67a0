// SPDX-License-Identifier: Apache-2.0
#include "volume_proof.hpp"

#include "random_volume.hpp"
#include "volume_oracle.hpp"

#include <guide/plan/plan_volume.hpp>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <sstream>

namespace guide::test {
namespace {

constexpr std::size_t kFaultsKept = 20;

void note(std::vector<std::string>& faults, std::uint64_t seed, const std::string& what) {
    if (faults.size() < kFaultsKept) faults.push_back("seed " + std::to_string(seed) + ": " + what);
}

using Clock = std::chrono::steady_clock;

bool over(Clock::time_point start, double seconds) {
    return std::chrono::duration<double>(Clock::now() - start).count() >= seconds;
}

plan::Plan plan_of(const RandomVolume& scene) {
    const auto ready = plan::VolumeScene::make(scene.volume, scene.table);
    if (!ready) {
        plan::Plan none;
        none.reason = ready.error();
        return none;
    }
    return plan::plan_volume(*ready, scene.options);
}

VolumeOracle oracle_of(const RandomVolume& scene) {
    return {scene.volume, scene.table, scene.options.own_approaches[0], scene.options};
}

VolumeOracle::Path path_of(const plan::Candidate& c) {
    return {c.in_patient->entry_mm, c.in_patient->target_mm};
}

double median(std::vector<double>& values, double share = 0.5) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

}  // namespace

Proof prove_volume_plans(std::uint64_t first, int count, const ProofOptions& options) {
    Proof proof;
    const auto start = Clock::now();
    for (int i = 0; i < count && !over(start, options.seconds); ++i) {
        const std::uint64_t seed = first + static_cast<std::uint64_t>(i);
        const RandomVolume scene = random_volume(seed);
        const plan::Plan plan = plan_of(scene);
        ++proof.scenes;
        if (plan.reason && plan.reason->code != "all-paths-refused") {
            // Nothing that the checker could say: the joint space lies beneath others, say.
            ++proof.refused;
            continue;
        }
        VolumeOracle oracle = oracle_of(scene);
        auto all = plan.candidates;
        for (const auto* extra : {&plan.safest, &plan.shortest, &plan.most_visible}) {
            if (*extra) all.push_back(**extra);
        }
        for (const auto& c : all) {
            ++proof.paths;
            if (const auto broken = oracle.broken(path_of(c))) {
                ++proof.unsafe;
                note(proof.faults, seed, "unsafe, " + *broken);
            }
        }
        if (plan.status == plan::PlanStatus::planned) {
            ++proof.planned;
            continue;
        }
        ++proof.refused;
        if (!options.look_for_missed) continue;
        if (oracle.find(0.2, options.find_target_mm, options.find_entry_mm)) {
            ++proof.missed;
            note(proof.faults, seed, "a path was missed");
        }
    }
    return proof;
}

Optimality prove_volume_optimal(std::uint64_t first, int count, double target_mm,
                                double direction_deg, double seconds) {
    Optimality result;
    const auto start = Clock::now();
    for (int i = 0; i < count && !over(start, seconds); ++i) {
        const std::uint64_t seed = first + static_cast<std::uint64_t>(i);
        const RandomVolume scene = random_volume(seed);
        const plan::Plan plan = plan_of(scene);
        if (plan.status != plan::PlanStatus::planned) continue;
        VolumeOracle oracle = oracle_of(scene);
        ++result.scenes;
        const auto best = oracle.best(target_mm, direction_deg);
        const double own = oracle.score(path_of(plan.candidates[0]));
        const double theirs = best ? oracle.score(*best) : 0;
        if (own >= theirs) continue;
        const double share = 1 - own / theirs;
        result.worst = std::max(result.worst, share);
        if (share > 0.01) {
            ++result.worse;
            std::ostringstream text;
            text << own << " against " << theirs;
            note(result.faults, seed, text.str());
        }
    }
    return result;
}

VolumeSpeed measure_volume_speed(std::uint64_t first, int scenes) {
    VolumeSpeed speed;
    std::vector<double> prepare, planned, refused;
    const auto now = [] { return 1e3 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC; };
    for (int i = 0; i < scenes; ++i) {
        const RandomVolume scene = random_volume(first + static_cast<std::uint64_t>(i));
        const double begin = now();
        const auto ready = plan::VolumeScene::make(scene.volume, scene.table);
        if (!ready) continue;
        const auto planner = plan::VolumePlanner::make(*ready, scene.options);
        if (!planner) continue;
        const double prepared = now();
        const plan::Plan plan = planner->plan();
        const double done = now();
        ++speed.scenes;
        prepare.push_back(prepared - begin);
        (plan.status == plan::PlanStatus::planned ? planned : refused).push_back(done - prepared);
    }
    speed.planned = static_cast<int>(planned.size());
    speed.prepare_median_ms = median(prepare);
    speed.plan_median_ms = median(planned);
    speed.plan_p99_ms = median(planned, 0.99);
    speed.plan_worst_ms = median(planned, 1);
    speed.refused_median_ms = median(refused);
    speed.refused_worst_ms = median(refused, 1);
    return speed;
}

}  // namespace guide::test
