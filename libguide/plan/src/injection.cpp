// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/plan/injection.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

namespace guide::plan {
namespace {

// Thresholds; those without a publication are engineering choices (docs/literature.md, injection).
constexpr double kShearWarning = 40;    // Pa: water through 25 G at 4 mL/min
constexpr int kThinGauge = 25;          // [15]
constexpr double kTestedFlow = 4;       // mL/min, at which cells were shown to live [14]
constexpr double kVolumeNote = 10;      // mL, engineering
constexpr double kVolumeWarning = 20;   // mL [17]
constexpr double kContrastShare = 0.1;  // of all that is injected, engineering after [71]
constexpr double kLaminar = 2000;       // Reynolds number up to which flow in a tube is laminar
constexpr double kDensity = 1000;       // kg/m^3, of water; the products differ by 5 % at most

const std::array<Product, 5>& table() {
    static const std::array<Product, 5> all{{
        {"cells", true, 1.0, "cells in plasma or saline",
         "of water, as the published figures are [16]; plasma is 1.5 to 1.7 at 25 degrees [73]"},
        {"marrow-concentrate", true, 4.0, "bone-marrow concentrate",
         "engineering choice: 3 to 5 times that of water"},
        {"fat-graft", true, std::nullopt, "micro-fragmented fat",
         "no single figure: it flows more easily the faster it flows"},
        {"hyaluronate", false, std::nullopt, "hyaluronate",
         "no single figure: it flows more easily the faster it flows, and brands differ"},
        {"steroid", false, 1.0, "steroid suspension", "of water, engineering choice"},
    }};
    return all;
}

std::string product_names() {
    std::string names;
    for (const Product& product : table())
        names += (names.empty() ? "" : ", ") + product.name;
    return names;
}

class Warnings {
  public:
    Warnings(const Needle& needle, const Product& product, const InjectionCheck& check)
        : needle_(needle), product_(product), check_(check) {}

    std::vector<Reason> all() {
        if (product_.living) cells();
        liquid();
        joint();
        return std::move(warnings_);
    }

  private:
    void warn(const char* code, const char* text) { warnings_.push_back({code, text}); }

    void cells() {
        const InjectionOptions& o = check_.options;
        if (o.local_anaesthetic) {
            warn("local-anaesthetic",
                 "Local anaesthetic in the syringe kills cells: of those in 1 % lidocaine 49 % "
                 "lived (Rahnama 2013 [70]). Use it on skin and capsule only, from another "
                 "syringe.");
        }
        if (needle_.gauge >= kThinGauge) {
            warn("thin-needle",
                 "25 G and thinner needles lowered the survival of cells in one study (Lang 2017 "
                 "[15]) and not in another (Onishi 2016 [14], 30 G at 4 mL/min): 20 to 22 G is "
                 "the safe choice.");
        }
        if (check_.wall_shear_pa && *check_.wall_shear_pa > kShearWarning) {
            warn("high-wall-shear",
                 "The wall shear stress is above 40 Pa, that of water through 25 G at 4 mL/min "
                 "[16]: inject more slowly or use a thicker needle.");
        }
        if (o.flow_ml_min > kTestedFlow) {
            warn("fast-flow",
                 "Cells were shown to live at 4 mL/min (Onishi 2016 [14]): this is faster.");
        }
    }

    void liquid() {
        if (!check_.viscosity_mpa_s) {
            warn("viscosity-not-known",
                 "This product has no single viscosity: wall shear and pressure are not given. "
                 "State one to have them.");
        }
        if (check_.reynolds > kLaminar) {
            warn("not-laminar",
                 "The flow may be turbulent (Reynolds number above 2000): true shear and pressure "
                 "are higher than given.");
        }
        if (product_.living && check_.options.contrast_ml > 0) contrast();
    }

    void contrast() {
        const InjectionOptions& o = check_.options;
        if (o.contrast_ml > kContrastShare * (o.contrast_ml + o.volume_ml)) {
            warn(
                "contrast-share",
                "Iodinated contrast harmed cartilage and tendon cells at a dilution of 1:2, not at "
                "higher ones (BJR 2019 [71]): keep it below a tenth of what is injected.");
        } else {
            warn("contrast-dilutes",
                 "Contrast dilutes the product: no more than shows that the tip is in the joint.");
        }
    }

    void joint() {
        const InjectionOptions& o = check_.options;
        const double volume = o.volume_ml + o.contrast_ml;
        if (volume > kVolumeWarning) {
            warn("large-volume",
                 "More than 20 mL in the joint inhibits the vastus medialis (PubMed 6712434 [17]) "
                 "and hurts.");
        } else if (volume > kVolumeNote) {
            warn("large-volume",
                 "More than 10 mL, with what is left of an effusion, comes near to the 20 mL that "
                 "inhibit the vastus medialis (PubMed 6712434 [17]).");
        }
        if (o.effusion) {
            warn("aspirate-first",
                 "Fluid is seen: aspirate it first, since it dilutes the product and takes up the "
                 "room in the joint (4 mm in the recess is 11 to 13 mL, Am J PM&R 2011 [72]).");
        }
    }

    const Needle& needle_;
    const Product& product_;
    const InjectionCheck& check_;
    std::vector<Reason> warnings_;
};

}  // namespace

std::span<const Product> products() {
    return table();
}

const Product* find_product(std::string_view name) {
    const auto found = std::ranges::find(table(), name, &Product::name);
    return found == table().end() ? nullptr : &*found;
}

Expected<void> InjectionOptions::validate() const {
    if (find_product(product) == nullptr) {
        return no_answer("bad-injection", "product \"" + product + "\" is not known; known are " +
                                              product_names() + ".");
    }
    for (const auto& [name, value] :
         {std::pair{"volume_ml", volume_ml}, std::pair{"flow_ml_min", flow_ml_min},
          std::pair{"viscosity_mpa_s", viscosity_mpa_s.value_or(1)}}) {
        if (!std::isfinite(value) || value <= 0) {
            return no_answer("bad-injection", std::string(name) + " is not a positive number.");
        }
    }
    if (!std::isfinite(contrast_ml) || contrast_ml < 0)
        return no_answer("bad-injection", "contrast_ml is not 0 or more.");
    return {};
}

InjectionCheck check_injection(const Needle& needle, const InjectionOptions& options) {
    if (const auto valid = options.validate(); !valid)
        throw PreconditionError("check_injection", valid.error().text);
    require(needle.inner_diameter_mm > 0 && needle.length_mm > 0, "check_injection",
            "the needle has a bore and a length");
    using std::numbers::pi;
    const Product& product = *find_product(options.product);
    const double flow = options.flow_ml_min * 1e-6 / 60;  // m^3/s
    const double bore = needle.inner_diameter_mm * 1e-3;  // m
    const double length = needle.length_mm * 1e-3;        // m

    InjectionCheck check;
    check.options = options;
    check.residence_s = pi * bore * bore * length / (4 * flow);
    check.duration_s = 60 * (options.volume_ml + options.contrast_ml) / options.flow_ml_min;
    check.viscosity_mpa_s =
        options.viscosity_mpa_s ? options.viscosity_mpa_s : product.viscosity_mpa_s;
    if (check.viscosity_mpa_s) {
        const double viscosity = *check.viscosity_mpa_s * 1e-3;  // Pa s
        check.wall_shear_pa = 32 * viscosity * flow / (pi * std::pow(bore, 3));
        check.pressure_kpa = 128 * viscosity * length * flow / (pi * std::pow(bore, 4)) * 1e-3;
        check.reynolds = 4 * kDensity * flow / (pi * bore * viscosity);
    }
    check.warnings = Warnings(needle, product, check).all();
    return check;
}

}  // namespace guide::plan
