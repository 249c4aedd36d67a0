// SPDX-License-Identifier: Apache-2.0
#include "proof.hpp"

#include "oracle.hpp"
#include "random_scene.hpp"

#include <guide/core/random.hpp>
#include <guide/plan/check.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
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

/// Says when the time given is over.
class Deadline {
  public:
    explicit Deadline(double seconds)
        : end_(Clock::now() + std::chrono::duration<double>(seconds)) {}
    [[nodiscard]] bool over() const { return Clock::now() >= end_; }

  private:
    using Clock = std::chrono::steady_clock;
    std::chrono::time_point<Clock, std::chrono::duration<double>> end_;
};

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
    const Deadline deadline(options.seconds);
    for (int i = 0; i < count && !deadline.over(); ++i) {
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

Optimality prove_optimal(std::uint64_t first, int count, double target_mm, double entry_mm,
                         double seconds) {
    Optimality result;
    const Deadline deadline(seconds);
    for (int i = 0; i < count && !deadline.over(); ++i) {
        const std::uint64_t seed = first + static_cast<std::uint64_t>(i);
        const RandomScene scene = random_ultrasound_scene(seed);
        const plan::Plan plan = plan::plan_trajectories(scene.anatomy, scene.options);
        if (plan.status != plan::PlanStatus::planned) continue;
        const Oracle oracle(scene.anatomy, scene.options.own_approaches[0], scene.options);
        ++result.scenes;
        const auto best = oracle.best_score(target_mm, entry_mm);
        const auto path = path_of(plan.candidates[0], scene.anatomy);
        const double own = oracle.score(path, oracle.p_hit(path));
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

Calibration simulate_insertions(int insertions, int draws) {
    constexpr double kPi = 3.14159265358979323846;
    Calibration result;
    Random random(7);
    int done = 0;
    for (std::uint64_t seed = 0; done < insertions; ++seed) {
        auto scene = random_ultrasound_scene(seed);
        scene.options.aiming_sigma_mm = random.uniform(0.3, 4);
        scene.anatomy.joint_space->boundary_sigma_px = random.uniform(0, 5);
        scene.options.candidate_limit = 8;
        const Spacing s = *scene.anatomy.grid.spacing;
        const plan::ErrorModel& e = scene.options.errors;
        const double outline =
            scene.anatomy.joint_space->boundary_sigma_px * std::sqrt(s.x_mm * s.y_mm);
        std::vector<MmPolygon> contours;
        for (const auto& c : scene.anatomy.joint_space->contours)
            contours.push_back(polygon_to_mm(c, s));
        const auto skin = to_mm(scene.anatomy.skin, s);
        for (const auto& c : plan::plan_trajectories(scene.anatomy, scene.options).candidates) {
            if (done++ >= insertions) break;
            const MmVector way = *c.target_mm - *c.entry_mm, face = skin[1] - skin[0];
            const double run = length(way),
                         depth = cross(face, *c.target_mm - skin[0]) / length(face);
            auto& decile = result.deciles[static_cast<std::size_t>(std::min(9.0, *c.p_hit * 10))];
            int hits = 0;
            for (int draw = 0; draw < draws; ++draw) {
                MmPoint tip = *c.target_mm;
                tip.x += scene.options.aiming_sigma_mm * random.normal();
                tip.y += scene.options.aiming_sigma_mm * random.normal();
                tip.x += e.motion_mm * random.normal();
                tip.y += e.motion_mm * random.normal();
                tip = tip + e.spacing_relative * random.normal() * way;
                tip.y += e.sound_speed_relative * random.normal() * depth;
                const double bevel = std::cos(random.uniform(0, 2 * kPi)) * e.deflection_share *
                                     plan::deflection_mm(scene.options.needle, run) / run;
                tip = tip + MmVector{-bevel * way.y, bevel * way.x};
                // The outline lies elsewhere by a draw along its normal.
                double wall = -1e9;
                for (const auto& contour : contours) {
                    const double d = distance_to_outline(contour, tip);
                    wall = std::max(wall, polygon_contains(contour, tip) ? d : -d);
                }
                if (wall + outline * random.normal() > 0) ++hits;
            }
            ++decile.insertions;
            decile.predicted += *c.p_hit;
            decile.observed += static_cast<double>(hits) / draws;
        }
    }
    for (auto& decile : result.deciles) {
        if (decile.insertions == 0) continue;
        decile.predicted /= decile.insertions;
        decile.observed /= decile.insertions;
    }
    return result;
}

namespace {

double processor_ms() {
    return 1e3 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

/// The value below which `share` of them lie.
double quantile(std::vector<double> values, double share) {
    if (values.empty()) return 0;
    std::ranges::sort(values);
    const auto last = static_cast<double>(values.size() - 1);
    return values[static_cast<std::size_t>(std::ceil(share * last))];
}

}  // namespace

Speed measure_speed(std::uint64_t first, int scenes) {
    constexpr std::size_t kObstacles = 4;
    constexpr int kChecks = 20;  // of the same path, since one is near to the clock's step
    std::vector<double> plans, checks;
    for (std::uint64_t seed = first; static_cast<int>(plans.size()) < scenes; ++seed) {
        const RandomScene scene = random_ultrasound_scene(seed);
        if (scene.anatomy.obstacles.size() != kObstacles) continue;
        double start = processor_ms();
        const plan::Plan plan = plan::plan_trajectories(scene.anatomy, scene.options);
        plans.push_back(processor_ms() - start);
        auto checker = plan::TrajectoryChecker::make(scene.anatomy, scene.options);
        const PixelPoint target = scene.anatomy.joint_space->target;
        const plan::Trajectory drawn{{-100, scene.anatomy.skin[0].y}, target};
        start = processor_ms();
        for (int i = 0; i < kChecks; ++i)
            (void)checker->check(drawn);
        checks.push_back((processor_ms() - start) / kChecks);
    }
    return {static_cast<int>(plans.size()),
            quantile(plans, 0.5),
            quantile(plans, 0.99),
            quantile(plans, 1),
            quantile(checks, 0.5),
            quantile(checks, 0.99),
            quantile(checks, 1)};
}

}  // namespace guide::test
