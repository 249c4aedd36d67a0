// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/expected.hpp>
#include <guide/plan/export.hpp>
#include <guide/plan/needle.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace guide::plan {

/// What can be injected. A table entry, not a code path.
struct Product {
    std::string name;
    bool living = false;  ///< holds cells that are to live on
    /// Of a liquid that Poiseuille's law fits; none where viscosity falls with shear, so that one
    /// number would mislead.
    std::optional<double> viscosity_mpa_s;
    std::string text;    ///< what it is
    std::string source;  ///< where the viscosity comes from
};

/// "cells" (in plasma), "marrow-concentrate", "fat-graft", "hyaluronate", "steroid".
[[nodiscard]] GUIDE_PLAN_EXPORT std::span<const Product> products();

/// Null where there is none of that name.
[[nodiscard]] GUIDE_PLAN_EXPORT const Product* find_product(std::string_view name);

/// What is to be injected, and how fast.
struct InjectionOptions {
    std::string product = "cells";  ///< a name of products()
    double volume_ml = 5;           ///< > 0, of the product
    double flow_ml_min = 4;         ///< > 0; the rate at which cells were shown to live [14]
    std::optional<double> viscosity_mpa_s = {};  ///< > 0; the product's where none is given
    double contrast_ml = 0;                      ///< 0 or more: iodinated contrast with it
    bool local_anaesthetic = false;              ///< in the same syringe
    /// Fluid is seen in the joint. The planner sets it where the segmentation says so.
    bool effusion = false;

    /// The field that is wrong and why, if one is.
    [[nodiscard]] GUIDE_PLAN_EXPORT Expected<void> validate() const;
};

/// What the liquid meets on its way through the needle.
struct InjectionCheck {
    InjectionOptions options;
    std::optional<double> viscosity_mpa_s;  ///< used for shear and pressure; none: not known
    std::optional<double> wall_shear_pa;    ///< 32 mu Q / (pi d^3)
    std::optional<double> pressure_kpa;     ///< 128 mu L Q / (pi d^4), along the needle only
    double residence_s = 0;                 ///< in the needle, on average: pi d^2 L / (4 Q)
    double duration_s = 0;                  ///< of the whole injection
    double reynolds = 0;                    ///< 0 where the viscosity is not known
    /// What to mind, each with its source. Nothing is forbidden.
    std::vector<Reason> warnings;
};

/// Poiseuille flow through `needle` (docs/literature.md, section injection; numbers in brackets
/// there). Throws PreconditionError where options.validate() has a complaint.
[[nodiscard]] GUIDE_PLAN_EXPORT InjectionCheck
check_injection(const Needle& needle, const InjectionOptions& options = {});

}  // namespace guide::plan
