// SPDX-License-Identifier: Apache-2.0
#include "choose_approach.hpp"
#include "limit_text.hpp"

#include <guide/core/error.hpp>
#include <guide/plan/remedy.hpp>

#include <algorithm>
#include <cmath>
#include <functional>

namespace guide::plan {
namespace {

constexpr double kLongestNeedleMm = 120;
constexpr double kMoreReachMm = 40;
constexpr double kMoreDegrees = 20;

bool possible(const Anatomy& anatomy, PlanOptions options) {
    options.candidate_limit = 1;
    return plan_trajectories(anatomy, options).status == PlanStatus::planned;
}

/// The smallest change in 0..most that makes a path possible, to a 32nd of `most`; none where the
/// whole of it does not.
std::optional<double> least_change(const Anatomy& anatomy, double most,
                                   const std::function<PlanOptions(double)>& changed) {
    if (!possible(anatomy, changed(most))) return {};
    double low = 0, high = most;
    for (int i = 0; i < 5; ++i) {
        const double middle = (low + high) / 2;
        (possible(anatomy, changed(middle)) ? high : low) = middle;
    }
    return high;
}

PlanOptions with_length(const PlanOptions& options, double length_mm) {
    PlanOptions changed = options;
    changed.needle.length_mm = length_mm;
    return changed;
}

PlanOptions with_reach(const PlanOptions& options, double more_mm) {
    PlanOptions changed = options;
    changed.entry_reach_mm = std::min(200.0, options.entry_reach_mm + more_mm);
    return changed;
}

/// The thickest needle of the table, thinner than now, with which there is a path.
std::optional<Needle> thinner_needle(const Anatomy& anatomy, const PlanOptions& options) {
    for (const int gauge : standard_gauges()) {
        const auto needle = standard_needle(gauge, options.needle.length_mm);
        if (!needle || needle->outer_diameter_mm >= options.needle.outer_diameter_mm) continue;
        PlanOptions changed = options;
        changed.needle = *needle;
        if (possible(anatomy, changed)) return *needle;
    }
    return {};
}

/// The shortest common needle, longer than now, with which there is a path.
std::optional<double> longer_needle(const Anatomy& anatomy, const PlanOptions& options) {
    if (options.needle.length_mm >= kLongestNeedleMm ||
        !possible(anatomy, with_length(options, kLongestNeedleMm))) {
        return {};
    }
    for (const double length : common_lengths_mm()) {
        if (length <= options.needle.length_mm) continue;
        if (length >= kLongestNeedleMm || possible(anatomy, with_length(options, length)))
            return length;
    }
    return {};
}

/// One approach with one of its limits let go by `amount`.
PlanOptions relaxed(const PlanOptions& options, const Approach& approach, const std::string& code,
                    double amount) {
    PlanOptions changed = options;
    Approach own = approach;
    if (code == "angle") {
        own.angle_limit_deg = std::min(90.0, own.angle_limit_deg + amount);
    } else if (code == "angle-flat") {
        own.angle_least_deg = std::max(0.0, own.angle_least_deg - amount);
    } else if (code == "bone-clearance") {
        own.bone_margin_mm = std::max(0.0, own.bone_margin_mm - amount);
    } else if (code == "depth") {
        own.depth_limit_mm = std::min(300.0, own.depth_limit_mm + amount);
    } else {
        const double before = own.margin_mm(code);
        std::erase_if(own.margins, [&](const Margin& m) { return m.kind == code; });
        own.margins.push_back({code, std::max(0.0, before - amount)});
    }
    std::erase_if(changed.own_approaches, [&](const Approach& a) { return a.name == own.name; });
    changed.own_approaches.push_back(own);
    changed.approach = own.name;
    return changed;
}

double most_relaxed(const Approach& approach, const std::string& code) {
    if (code == "angle") return std::min(kMoreDegrees, 90 - approach.angle_limit_deg);
    if (code == "angle-flat") return approach.angle_least_deg;
    if (code == "bone-clearance") return approach.bone_margin_mm;
    if (code == "depth") return 40;
    return approach.margin_mm(code);
}

std::string advice(const std::string& code, double amount) {
    const std::string mm = short_number(amount) + " mm";
    if (code == "angle")
        return "There is a path " + short_number(amount) +
               " degrees steeper than allowed: turn or heel the probe so that the joint space lies "
               "flatter to it by as much.";
    if (code == "angle-flat")
        return "There is a path " + short_number(amount) +
               " degrees flatter than allowed: enter nearer to the probe.";
    if (code == "bone-clearance")
        return "There is a path " + mm +
               " nearer to bone than the margin: shift the probe along the bone to where the joint "
               "space is wider.";
    if (code == "depth") return "There is a path " + mm + " deeper than allowed.";
    return "There is a path " + mm + " nearer to the " + code +
           " than its margin: shift or turn the probe so that it moves out of the way.";
}

bool can_be_relaxed(const std::string& code) {
    for (const char* fixed : {"needle-length", "needle-thickness", "bone-crossed", "behind-bone",
                              "wall-margin", "notch", "not-seen"}) {
        if (code == fixed) return false;
    }
    return true;
}

}  // namespace

std::vector<Remedy> find_remedies(const Anatomy& anatomy, const PlanOptions& options) {
    if (const auto valid = options.validate(); !valid)
        throw PreconditionError("find_remedies", valid.error().text);
    std::vector<Remedy> remedies;
    if (!anatomy.joint_space || !anatomy.grid.calibrated()) return remedies;
    const Plan plan = plan_trajectories(anatomy, options);
    if (plan.status != PlanStatus::refused || !approaches_to_try(anatomy.view, options))
        return remedies;

    if (plan.reason && plan.reason->code == "needle-thickness") {
        if (const auto needle = thinner_needle(anatomy, options)) {
            remedies.push_back(
                {"thinner-needle", needle->outer_diameter_mm, "mm",
                 "A needle of " + std::to_string(needle->gauge) + "G is thin enough."});
        }
        return remedies;
    }
    if (const auto length = longer_needle(anatomy, options)) {
        remedies.push_back({"longer-needle", *length, "mm",
                            "A needle of " + short_number(*length) + " mm instead of " +
                                short_number(options.needle.length_mm) + " mm reaches it."});
    }
    const auto reach =
        least_change(anatomy, kMoreReachMm, [&](double more) { return with_reach(options, more); });
    if (reach) {
        remedies.push_back({"wider-reach", *reach, "mm",
                            "An entry " + short_number(*reach) +
                                " mm farther to the side of the probe than is now looked at has a "
                                "path."});
    }
    if (remedies.empty()) {
        const PlanOptions wide = with_reach(options, kMoreReachMm);
        if (const auto length = longer_needle(anatomy, wide)) {
            remedies.push_back({"both", *length, "mm",
                                "A needle of " + short_number(*length) +
                                    " mm from an entry up to " + short_number(wide.entry_reach_mm) +
                                    " mm beside the probe reaches it, at a flatter angle."});
        }
    }
    if (options.approach != "auto") {
        PlanOptions other = options;
        other.approach = "auto";
        const Plan with_other = plan_trajectories(anatomy, other);
        if (with_other.status == PlanStatus::planned) {
            remedies.push_back(
                {"other-approach", 0, "",
                 "The approach " + with_other.approach + " has a path on this view."});
        }
    }
    const Approach& approach = *find_approach(plan.approach, options.own_approaches);
    for (const Rejection& rejection : plan.rejected) {
        if (!can_be_relaxed(rejection.code)) continue;
        const double most = most_relaxed(approach, rejection.code);
        if (!(most > 0)) continue;
        const auto change = least_change(anatomy, most, [&](double amount) {
            return relaxed(options, approach, rejection.code, amount);
        });
        if (change) {
            const bool degrees = rejection.code == "angle" || rejection.code == "angle-flat";
            remedies.push_back(
                {rejection.code, *change, degrees ? "deg" : "mm", advice(rejection.code, *change)});
        }
    }
    return remedies;
}

}  // namespace guide::plan
