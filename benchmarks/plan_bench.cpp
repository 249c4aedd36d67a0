// SPDX-License-Identifier: Apache-2.0
#include "contest.hpp"

#include <guide/anatomy/anatomy.hpp>
#include <guide/plan/check.hpp>
#include <guide/plan/plan.hpp>

#include <memory>

namespace {

using namespace guide;

/// A recess 4 mm thick, 14.5 mm deep over a flat femur, in a frame of this size.
Anatomy recess_over_femur(int width, int height) {
    Anatomy anatomy;
    anatomy.grid = {width, height, Spacing{0.1, 0.1}};
    anatomy.content_box = anatomy.grid.bounds();
    anatomy.view = View::suprapatellar_long;
    anatomy.skin = {{0, 0}, {width - 1.0, 0}};
    BoneSurface femur;
    femur.kind = BoneKind::femur;
    femur.confidence = 0.9;
    for (int x = 0; x < width; x += 2)
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

/// The same with two vessels, a nerve and a tendon between skin and recess.
Anatomy recess_among_obstacles(int width, int height) {
    Anatomy anatomy = recess_over_femur(width, height);
    const auto box = [](double x, double y, double w, double h) -> PixelPolygon {
        return {{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}};
    };
    anatomy.obstacles = {{"vessel", box(300, 40, 20, 15)},
                         {"vessel", box(420, 90, 15, 15)},
                         {"nerve", box(360, 60, 12, 10)},
                         {"tendon", box(180, 30, 160, 25)}};
    return anatomy;
}

bench::Entry plan_of(const Anatomy& anatomy) {
    auto plan = std::make_shared<plan::Plan>();
    return {
        [anatomy, plan] { *plan = plan::plan_trajectories(anatomy); },
        [plan] { return plan->status == plan::PlanStatus::planned ? "" : "no path was planned"; }};
}

bench::Entry free_way(const bench::Case& c) {
    return plan_of(recess_over_femur(c.width, c.height));
}

bench::Entry four_obstacles(const bench::Case& c) {
    return plan_of(recess_among_obstacles(c.width, c.height));
}

/// A path that somebody drew, by a checker that is ready.
bench::Entry drawn_path(const bench::Case& c) {
    const Anatomy anatomy = recess_among_obstacles(c.width, c.height);
    auto checker = std::make_shared<plan::TrajectoryChecker>(
        *plan::TrajectoryChecker::make(anatomy, plan::PlanOptions{}));
    auto result = std::make_shared<plan::TrajectoryCheck>();
    return {[checker, result] {
                *result = checker->check({{-80, 0}, {240, 145}});
            },
            [result] { return result->path.path_mm ? "" : "nothing was measured"; }};
}

// Not filters: what follows one; the size is that of the outlines, not of pixels. The spread over
// many scenes: guide_plan_proof time (tests/plan).
const bench::Contest plan("plan", {{"guide", free_way}}, {{{480, 400}}, {1}});
const bench::Contest plan_obstacles("plan_four_obstacles", {{"guide", four_obstacles}},
                                    {{{640, 480}}, {1}});
const bench::Contest plan_check("plan_check", {{"guide", drawn_path}}, {{{640, 480}}, {1}});

}  // namespace
