// SPDX-License-Identifier: Apache-2.0
#include "final_checks.hpp"

#include <guide/plan/check.hpp>
#include <guide/simulate/truth.hpp>

#include <algorithm>
#include <cmath>

namespace guide::session {
namespace {

using simulate::UltrasoundSettings;

/// px^2, and the mean of the outlines' x weighted with it.
struct Shown {
    double area = 0, middle_x = 0;
};

Shown shown_joint(const Anatomy& anatomy) {
    Shown shown;
    if (!anatomy.joint_space) return shown;
    double moment = 0;
    for (const PixelPolygon& outline : anatomy.joint_space->contours) {
        double area = 0, first = 0;
        for (std::size_t i = 0; i < outline.size(); ++i) {
            const PixelPoint a = outline[i], b = outline[(i + 1) % outline.size()];
            const double part = (a.x * b.y - b.x * a.y) / 2;
            area += part;
            first += part * (a.x + b.x) / 3;
        }
        shown.area += std::abs(area);
        moment += area < 0 ? -first : first;
    }
    if (shown.area > 0) shown.middle_x = moment / shown.area;
    return shown;
}

/// The planner's best path, from the trainee's side where it has one.
const plan::Candidate* nearest_of(const plan::Plan& plan, PixelPoint entry, double middle_x) {
    for (const plan::Candidate& c : plan.candidates) {
        if ((c.entry.x < middle_x) == (entry.x < middle_x)) return &c;
    }
    return plan.candidates.empty() ? nullptr : &plan.candidates.front();
}

}  // namespace

Anatomy truth_at(const Body& body, const UltrasoundSettings& settings, const Pose& pose, View view,
                 const Execution& execution) {
    return simulate::ultrasound_truth(*body.field, settings, pose, view, {}, execution).anatomy;
}

ViewCheck check_view(const Body& body, const UltrasoundSettings& settings, const Pose& pose,
                     View view) {
    const Shown best = shown_joint(truth_at(body, settings, body.home, view));
    const Shown now = shown_joint(truth_at(body, settings, pose, view));
    ViewCheck check;
    if (best.area > 0) check.area_ppm = std::llround(1e6 * now.area / best.area);
    const double middle = 0.5 * (settings.picture.width - 1);
    const double off = now.area > 0 ? std::abs(now.middle_x - middle) : middle;
    check.off_middle_um = thousandths(off * settings.picture.spacing.x_mm);
    return check;
}

TipCheck check_tip(const Body& body, const UltrasoundSettings& settings, const Pose& pose,
                   const NeedleState& needle, View view, const std::string& approach) {
    TipCheck check;
    check.in_joint = needle.in_joint;
    check.tip_visible = needle.tip_visible;
    const Anatomy anatomy = truth_at(body, settings, pose, view);
    plan::PlanOptions options;
    options.approach = approach;
    options.needle = needle.needle;
    const bool across = plan::find_approach(approach)->entry == plan::EntryRule::across_plane;
    const double front = (pose.inverse() * needle.entry).z() < 0 ? -1 : 1;

    // The planner looks at the image plane: what is said of a path beside it would be wrong.
    if (std::abs(needle.tip_across_mm) <= slice_half_at(needle, settings, pose)) {
        const double out_of_plane = across ? std::abs((pose.inverse() * needle.entry).z()) : 0;
        const auto path = plan::check_trajectory(
            anatomy, {needle.entry_px, needle.tip_px, out_of_plane}, options);
        if (path) {
            if (path->path.p_hit) check.p_hit_ppm = std::llround(1e6 * *path->path.p_hit);
            for (const plan::BrokenLimit& limit : path->broken)
                check.broken.push_back(limit.code);
        }
    }
    const plan::Plan plan = plan::plan_trajectories(anatomy, options);
    const double middle = 0.5 * (settings.picture.width - 1);
    if (const plan::Candidate* wanted = nearest_of(plan, needle.entry_px, middle)) {
        const Eigen::Vector3d out =
            front * wanted->out_of_plane_mm.value_or(0) * pose.motion().linear().col(2);
        check.wanted_entry =
            micrometres(simulate::patient_point(settings, pose, wanted->entry) + out);
        check.wanted_target = micrometres(simulate::patient_point(settings, pose, wanted->target));
    }
    return check;
}

}  // namespace guide::session
