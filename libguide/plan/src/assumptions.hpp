// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/plan/candidate.hpp>
#include <guide/plan/uncertainty.hpp>

#include <vector>

namespace guide::plan {

/// What p_hit would be with other assumptions; `p_hit` takes the changed errors.
template <class Hit>
std::vector<Sensitivity> sensitivities(const TipErrors& errors, const Hit& p_hit) {
    const auto with = [&](const char* what, auto change) {
        TipErrors changed = errors;
        change(changed);
        return Sensitivity{what, p_hit(changed)};
    };
    return {
        with("aiming error twice as large", [](TipErrors& e) { e.aiming_mm *= 2; }),
        with("aiming error half as large", [](TipErrors& e) { e.aiming_mm /= 2; }),
        with("outline twice as uncertain", [](TipErrors& e) { e.boundary_mm *= 2; }),
        with("scale error twice as large", [](TipErrors& e) { e.model.spacing_relative *= 2; }),
        with("speed of sound twice as uncertain",
             [](TipErrors& e) { e.model.sound_speed_relative *= 2; }),
        with("tissue motion twice as large", [](TipErrors& e) { e.model.motion_mm *= 2; }),
        with("bevel not corrected for", [](TipErrors& e) { e.model.deflection_share = 1; }),
    };
}

}  // namespace guide::plan
