// SPDX-License-Identifier: Apache-2.0
#include "xray_input.hpp"

#include <guide/core/error.hpp>
#include <guide/io/frame_source.hpp>
#include <guide/io/mayacam.hpp>
#include <guide/io/write.hpp>
#include <guide/render/overlay.hpp>
#include <guide/segment/segment.hpp>

#include <utility>

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
    auto* picture =
        command
            .add_option("--other-picture", other_picture,
                        "The second picture itself: the joint is looked for in it too, and its "
                        "centre taken from both")
            ->type_name("FILE")
            ->needs(other)
            ->excludes(target);
    command
        .add_option("--other-overlay", other_overlay,
                    "Draw the best path on the second picture into this PNG file")
        ->type_name("FILE")
        ->needs(picture);
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

namespace {

/// No answer: as where no approach fits the view.
plan::XrayPlan none_for(const Reason& reason, const plan::PlanOptions& options) {
    plan::XrayPlan none;
    none.plan.reason = reason;
    none.plan.needle = options.needle;
    none.plan.injection = plan::check_injection(options.needle, options.injection);
    return none;
}

plan::XrayPlan plan_at(const Anatomy& anatomy, const plan::XrayPlace& place,
                       const plan::PlanOptions& options) {
    if (const auto valid = place.validate(); !valid)
        throw CLI::ValidationError("--camera", valid.error().text);
    auto made = plan::plan_on_xray(anatomy, place, options);
    return made ? *std::move(made) : none_for(made.error(), options);
}

/// The camera of a file that belongs to pictures of that size.
PinholeCamera camera_for(const std::string& file, const PixelGrid& grid) {
    const io::MayaCam calibration = io::read_mayacam(file);
    if (calibration.width != grid.width || calibration.height != grid.height)
        throw IoError(file, "bad-calibration", "is of pictures of another size");
    return calibration.camera;
}

}  // namespace

plan::XrayPlan XrayInput::plan_with_picture(Anatomy anatomy, plan::XrayPlace place,
                                            const plan::PlanOptions& options) const {
    io::OpenOptions as_stored;
    as_stored.orientation = io::Orientation::as_stored;
    Frame frame = io::open(*other_picture, as_stored)->read(0);
    // It is of an X-ray pair, whether or not the file says so.
    if (frame.modality == Modality::unknown) frame.modality = Modality::fluoroscopy;
    (void)camera_for(*other_camera, frame.grid());
    const Anatomy other = segment::find_anatomy(frame, {});
    const auto centre =
        plan::find_joint_centre({&anatomy, place.camera}, {&other, place.other->camera});
    plan::XrayPlan made;
    if (centre) {
        anatomy.joint_space->target = centre->seen[0];
        // Each path's depth is that of the joint space along its own beam, where beams meet it.
        place.other->joint_space = other.joint_space->contours;
        made = plan_at(anatomy, place, options);
        if (made.plan.reason && made.plan.reason->code == "views-disagree") {
            place.other->joint_space.clear();
            place.other->target = centre->seen[1];
            made = plan_at(anatomy, place, options);
            for (plan::Candidate& c : made.plan.candidates)
                c.warnings.push_back({"depth-of-centre",
                                      "The joint spaces of both pictures do not meet along the "
                                      "beam: depth is that of the joint's centre alone."});
        }
        made.centre = *centre;
    } else {
        made = none_for(centre.error(), options);
    }
    if (other_overlay) {
        const auto seen = plan::seen_in_other(made);
        const Image<Rgb8> picture = render::draw_overlay(frame, other, seen ? &*seen : nullptr);
        io::write_png(*other_overlay, picture.view());
    }
    return made;
}

plan::XrayPlan XrayInput::plan(const Anatomy& anatomy, const plan::PlanOptions& options) const {
    plan::XrayPlace place;
    place.camera = camera_for(*camera, anatomy.grid);
    place.target_depth_mm = target_depth_mm;
    place.skin_mm = skin_mm;
    if (!other_camera) return plan_at(anatomy, place, options);
    place.other.emplace();
    place.other->camera = io::read_mayacam(*other_camera).camera;
    if (!other_skin.empty()) place.other->skin = PixelPoint{other_skin[0], other_skin[1]};
    if (other_picture) return plan_with_picture(anatomy, place, options);
    if (other_target.empty())
        throw CLI::ValidationError("--other-camera", "wants --other-target or --other-picture");
    place.other->target = PixelPoint{other_target[0], other_target[1]};
    return plan_at(anatomy, place, options);
}

}  // namespace guide::app
