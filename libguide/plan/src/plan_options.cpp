// SPDX-License-Identifier: Apache-2.0
#include <guide/plan/plan.hpp>

#include <algorithm>

namespace guide::plan {

std::string_view name_of(PlanStatus status) {
    switch (status) {
        case PlanStatus::planned:
            return "planned";
        case PlanStatus::uncalibrated:
            return "uncalibrated";
        case PlanStatus::refused:
            break;
    }
    return "refused";
}

Expected<void> PlanOptions::validate() const {
    auto fault = [](const char* text) { return no_answer("bad-plan-option", text); };
    for (const Approach& own : own_approaches) {
        if (const auto valid = own.validate(); !valid) return valid;
        if (std::ranges::count(own_approaches, own.name, &Approach::name) > 1) {
            return no_answer("bad-approach", "own_approaches names \"" + own.name + "\" twice.");
        }
    }
    if (approach != "auto" && find_approach(approach, own_approaches) == nullptr) {
        return no_answer("unknown-approach", "There is no approach called \"" + approach + "\".");
    }
    if (const auto valid = needle.validate(); !valid) return valid;
    if (!(hub_reserve_mm >= 0) || hub_reserve_mm >= needle.length_mm) {
        return fault("hub_reserve_mm is at least 0 and less than the needle's length_mm.");
    }
    if (!(probe_gap_mm >= 0)) return fault("probe_gap_mm is at least 0.");
    if (!(entry_reach_mm >= probe_gap_mm) || !(entry_reach_mm <= 200)) {
        return fault("entry_reach_mm lies between probe_gap_mm and 200.");
    }
    if (!(probe_half_width_mm >= 0 && probe_half_width_mm <= 50))
        return fault("probe_half_width_mm lies between 0 and 50.");
    if (!(slice_thickness_mm > 0 && slice_thickness_mm <= 50))
        return fault("slice_thickness_mm is positive and at most 50.");
    if (!(skin_angle_least_deg >= 0 && skin_angle_least_deg <= 45))
        return fault("skin_angle_least_deg lies between 0 and 45.");
    if (!(aiming_sigma_mm > 0 && aiming_sigma_mm <= 100))
        return fault("aiming_sigma_mm is positive and at most 100.");
    if (const auto valid = errors.validate(); !valid) return valid;
    if (candidate_limit < 1) return fault("candidate_limit is at least 1.");
    if (previous_in_patient &&
        !(previous_in_patient->entry_mm.allFinite() && previous_in_patient->target_mm.allFinite()))
        return fault("previous_in_patient is finite.");
    if (!(keep_bonus >= 0 && keep_bonus <= 1)) return fault("keep_bonus lies between 0 and 1.");
    return injection.validate();
}

}  // namespace guide::plan
