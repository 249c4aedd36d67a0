// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/expected.hpp>
#include <guide/plan/export.hpp>
#include <guide/plan/needle.hpp>

#include <string>
#include <vector>

namespace guide::plan {

/// What is to be injected, and how fast.
struct InjectionOptions {
    std::string product = "cells";
    double volume_ml = 5;        ///< > 0
    double flow_ml_min = 4;      ///< > 0; the rate at which cells were shown to live (Onishi 2016)
    double viscosity_mpa_s = 1;  ///< > 0; 1 is watery; concentrates are 3 to 5 times as thick

    /// The field that is wrong and why, if one is.
    [[nodiscard]] GUIDE_PLAN_EXPORT Expected<void> validate() const;
};

/// What the liquid meets on its way through the needle.
struct InjectionCheck {
    InjectionOptions options;
    double wall_shear_pa = 0;  ///< 32 mu Q / (pi d^3)
    double pressure_kpa = 0;   ///< 128 mu L Q / (pi d^4), along the needle only
    std::vector<Reason> warnings;
};

/// Poiseuille flow through `needle` (docs/literature.md, section injection). Throws
/// PreconditionError where options.validate() has a complaint.
[[nodiscard]] GUIDE_PLAN_EXPORT InjectionCheck
check_injection(const Needle& needle, const InjectionOptions& options = {});

}  // namespace guide::plan
