// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/plan/injection.hpp>

#include <cmath>
#include <numbers>

namespace guide::plan {
namespace {

// Engineering thresholds from the cell survival studies in docs/literature.md: 25 G at 4 mL/min is
// where they disagree.
constexpr double kShearWarning = 40;  // Pa
constexpr int kThinGauge = 25;
constexpr double kVolumeNote = 10;     // mL, cell product with what is left of the effusion
constexpr double kVolumeWarning = 20;  // mL, from where the vastus medialis is inhibited

}  // namespace

Expected<void> InjectionOptions::validate() const {
    for (const auto& [name, value] :
         {std::pair{"volume_ml", volume_ml}, std::pair{"flow_ml_min", flow_ml_min},
          std::pair{"viscosity_mpa_s", viscosity_mpa_s}}) {
        if (!std::isfinite(value) || value <= 0) {
            return no_answer("bad-injection", std::string(name) + " is not a positive number.");
        }
    }
    return {};
}

InjectionCheck check_injection(const Needle& needle, const InjectionOptions& options) {
    require(options.validate().has_value(), "check_injection",
            "volume, flow and viscosity are positive");
    require(needle.inner_diameter_mm > 0 && needle.length_mm > 0, "check_injection",
            "the needle has a bore and a length");
    const double flow = options.flow_ml_min * 1e-6 / 60;      // m^3/s
    const double viscosity = options.viscosity_mpa_s * 1e-3;  // Pa s
    const double bore = needle.inner_diameter_mm * 1e-3;      // m
    const double length = needle.length_mm * 1e-3;            // m

    InjectionCheck check;
    check.options = options;
    check.wall_shear_pa = 32 * viscosity * flow / (std::numbers::pi * std::pow(bore, 3));
    check.pressure_kpa =
        128 * viscosity * length * flow / (std::numbers::pi * std::pow(bore, 4)) * 1e-3;
    if (needle.gauge >= kThinGauge) {
        check.warnings.push_back(
            {"thin-needle", "25 G and thinner needles lowered cell survival in some studies."});
    }
    if (check.wall_shear_pa > kShearWarning) {
        check.warnings.push_back(
            {"high-wall-shear",
             "The wall shear stress is above 40 Pa: inject slower or use a thicker needle."});
    }
    if (options.volume_ml > kVolumeWarning) {
        check.warnings.push_back(
            {"large-volume", "More than 20 mL inhibits the vastus medialis and hurts."});
    } else if (options.volume_ml > kVolumeNote) {
        check.warnings.push_back(
            {"large-volume", "More than 10 mL with what is left of an effusion: aspirate first."});
    }
    return check;
}

}  // namespace guide::plan
