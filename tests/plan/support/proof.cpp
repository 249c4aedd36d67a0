// SPDX-License-Identifier: Apache-2.0
#include "proof.hpp"

#include "oracle.hpp"
#include "random_scene.hpp"

#include <sstream>

namespace guide::test {
namespace {

constexpr std::size_t kFaultsKept = 20;

void note(std::vector<std::string>& faults, std::uint64_t seed, const std::string& what) {
    if (faults.size() >= kFaultsKept) return;
    std::ostringstream text;
    text << "seed " << seed << ": " << what;
    faults.push_back(text.str());
}

Oracle::Path path_of(const plan::Candidate& c, const Anatomy& anatomy) {
    Oracle::Path path{{c.entry_mm->x, c.entry_mm->y},
                      {c.target_mm->x, c.target_mm->y},
                      c.out_of_plane_mm.value_or(0),
                      false};
    const auto& joint = *anatomy.joint_space;
    const MmPoint surest = to_mm(joint.target, *anatomy.grid.spacing);
    path.to_surest = distance(*c.target_mm, surest) < 1e-6;
    return path;
}

}  // namespace

Proof prove_plans(std::uint64_t first, int count, const ProofOptions& options) {
    Proof proof;
    for (int i = 0; i < count; ++i) {
        const std::uint64_t seed = first + static_cast<std::uint64_t>(i);
        const bool radiograph = seed % 10 == 9;
        const RandomScene scene =
            radiograph ? random_radiograph_scene(seed) : random_ultrasound_scene(seed);
        const plan::Approach& approach =
            *plan::find_approach(scene.options.approach, scene.options.own_approaches);
        const Oracle oracle(scene.anatomy, approach, scene.options);
        const plan::Plan plan = plan::plan_trajectories(scene.anatomy, scene.options);
        ++proof.scenes;
        auto all = plan.candidates;
        for (const auto* extra : {&plan.safest, &plan.shortest, &plan.most_visible}) {
            if (*extra) all.push_back(**extra);
        }
        for (const auto& c : all) {
            ++proof.paths;
            if (const auto broken = oracle.broken(path_of(c, scene.anatomy))) {
                ++proof.unsafe;
                note(proof.faults, seed, "unsafe, " + *broken);
            }
        }
        if (plan.status == plan::PlanStatus::planned) {
            ++proof.planned;
            continue;
        }
        ++proof.refused;
        if (radiograph || !options.look_for_missed) continue;
        if (oracle.find(0.2, options.find_target_mm, options.find_entry_mm)) {
            ++proof.missed;
            note(proof.faults, seed, "a path was missed");
        }
    }
    return proof;
}

Optimality prove_optimal(std::uint64_t first, int count, double target_mm, double entry_mm) {
    Optimality result;
    for (int i = 0; i < count; ++i) {
        const std::uint64_t seed = first + static_cast<std::uint64_t>(i);
        const RandomScene scene = random_ultrasound_scene(seed);
        const plan::Plan plan = plan::plan_trajectories(scene.anatomy, scene.options);
        if (plan.status != plan::PlanStatus::planned) continue;
        const Oracle oracle(scene.anatomy, scene.options.own_approaches[0], scene.options);
        ++result.scenes;
        const auto best = oracle.best_score(target_mm, entry_mm);
        const auto path = path_of(plan.candidates[0], scene.anatomy);
        const double own = oracle.score(path, oracle.p_hit(path, 80));
        if (!best || own >= *best) continue;
        const double share = 1 - own / *best;
        result.worst = std::max(result.worst, share);
        if (share > 0.01) {
            ++result.worse;
            std::ostringstream text;
            text << own << " against " << *best;
            note(result.faults, seed, text.str());
        }
    }
    return result;
}

}  // namespace guide::test
