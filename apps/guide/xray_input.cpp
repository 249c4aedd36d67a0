// SPDX-License-Identifier: Apache-2.0
#include "xray_input.hpp"

#include <guide/io/mayacam.hpp>

namespace guide::app {

void XrayInput::add_to(CLI::App& command) {
    auto* own = command
                    .add_option("--camera", camera,
                                "Calibration of the radiograph's C-arm, a MayaCam 2.0 file; paths "
                                "are then placed in the patient")
                    ->type_name("FILE");
    auto* other = command
                      .add_option("--other-camera", other_camera,
                                  "Calibration of a second picture of the same moment")
                      ->type_name("FILE")
                      ->needs(own);
    auto* target = command
                       .add_option("--other-target", other_target,
                                   "Where the joint space is in the second picture, pixels")
                       ->type_name("X,Y")
                       ->delimiter(',')
                       ->expected(2)
                       ->needs(other);
    other->needs(target);
    command
        .add_option("--other-skin", other_skin,
                    "Where the beam to the target meets the skin in the second picture, pixels")
        ->type_name("X,Y")
        ->delimiter(',')
        ->expected(2)
        ->needs(other);
    command
        .add_option("--target-depth-mm", target_depth_mm,
                    "From the focal spot to the target, where there is no second picture")
        ->needs(own)
        ->excludes(other);
    command
        .add_option("--skin-mm", skin_mm, "From the target to the skin along the beam, where known")
        ->needs(own);
}

plan::XrayPlan XrayInput::plan(const Anatomy& anatomy, const plan::PlanOptions& options) const {
    plan::XrayPlace place;
    place.camera = io::read_mayacam(*camera).camera;
    place.target_depth_mm = target_depth_mm;
    place.skin_mm = skin_mm;
    if (other_camera) {
        place.other.emplace();
        place.other->camera = io::read_mayacam(*other_camera).camera;
        place.other->target = PixelPoint{other_target[0], other_target[1]};
        if (!other_skin.empty()) place.other->skin = PixelPoint{other_skin[0], other_skin[1]};
    }
    if (const auto valid = place.validate(); !valid)
        throw CLI::ValidationError("--camera", valid.error().text);
    auto made = plan::plan_on_xray(anatomy, place, options);
    if (made) return *std::move(made);
    // No answer: as where no approach fits the view.
    plan::XrayPlan none;
    none.plan.reason = made.error();
    none.plan.needle = options.needle;
    none.plan.injection = plan::check_injection(options.needle, options.injection);
    return none;
}

}  // namespace guide::app
