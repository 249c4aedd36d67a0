// SPDX-License-Identifier: Apache-2.0
// Plans on an anatomy made by hand: what a program does that brings its own segmentation.
#include <guide/anatomy/anatomy.hpp>
#include <guide/plan/plan.hpp>

#include <cstdio>
#include <string>

int main() {
    guide::Anatomy anatomy;
    anatomy.grid = {400, 300, guide::Spacing{0.1, 0.1}};
    anatomy.content_box = {0, 0, 400, 300};
    anatomy.view = guide::View::suprapatellar_long;
    anatomy.skin = {{0, 0}, {399, 0}};

    guide::JointSpace recess;
    recess.contours.push_back({{120, 120}, {280, 120}, {280, 170}, {120, 170}});
    recess.target = {200, 145};
    recess.confidence = 1;
    anatomy.joint_space = recess;

    const auto plan = guide::plan::plan_trajectories(anatomy);
    std::printf("%s, %zu paths\n", std::string(guide::plan::name_of(plan.status)).c_str(),
                plan.candidates.size());
    return plan.candidates.empty() ? 1 : 0;
}
