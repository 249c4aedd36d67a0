// SPDX-License-Identifier: Apache-2.0
#include <guide/anatomy/anatomy.hpp>
#include <guide/plan/plan.hpp>

#include <benchmark/benchmark.h>

namespace {

using namespace guide;

// A recess 4 mm thick, 14.5 mm deep over a flat femur.
Anatomy recess_over_femur() {
    Anatomy anatomy;
    anatomy.grid = {480, 400, Spacing{0.1, 0.1}};
    anatomy.content_box = anatomy.grid.bounds();
    anatomy.view = View::suprapatellar_long;
    anatomy.skin = {{0, 0}, {479, 0}};
    BoneSurface femur;
    femur.kind = BoneKind::femur;
    femur.confidence = 0.9;
    for (int x = 0; x < 480; x += 2)
        femur.points.push_back({static_cast<double>(x), 230.0});
    anatomy.bones.push_back(femur);
    JointSpace recess;
    recess.contours.push_back({{140, 125}, {340, 125}, {340, 165}, {140, 165}});
    recess.target = {240, 145};
    recess.confidence = 0.8;
    recess.boundary_sigma_px = 3;
    anatomy.joint_space = recess;
    return anatomy;
}

void plan_suprapatellar(benchmark::State& state) {
    const Anatomy anatomy = recess_over_femur();
    const plan::Plan first = plan::plan_trajectories(anatomy);
    if (first.status != plan::PlanStatus::planned) {
        state.SkipWithError("no path was planned");
        return;
    }
    for (auto _ : state)
        benchmark::DoNotOptimize(plan::plan_trajectories(anatomy).candidates.data());
}
BENCHMARK(plan_suprapatellar)->Unit(benchmark::kMillisecond);

}  // namespace
