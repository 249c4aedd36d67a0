// SPDX-License-Identifier: Apache-2.0
#include "contest.hpp"

#include <guide/anatomy/anatomy.hpp>
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

bench::Entry by_guide(const bench::Case& c) {
    const Anatomy anatomy = recess_over_femur(c.width, c.height);
    auto plan = std::make_shared<plan::Plan>();
    return {
        [anatomy, plan] { *plan = plan::plan_trajectories(anatomy); },
        [plan] { return plan->status == plan::PlanStatus::planned ? "" : "no path was planned"; }};
}

/// Not a filter: what follows one; the size is that of the outlines, not of pixels.
const bench::Contest contest("plan", {{"guide", by_guide}}, {{{480, 400}}, {1}});

}  // namespace
