// SPDX-License-Identifier: Apache-2.0
#include "bone_consistency.hpp"
#include "femoral_cartilage.hpp"
#include "fluoroscopy_knee.hpp"
#include "picture_kind.hpp"
#include "radiograph_joint_space.hpp"
#include "ultrasound_bone.hpp"
#include "ultrasound_joint_space.hpp"
#include "view_recognition.hpp"
#include "view_words.hpp"

#include <guide/segment/content_box.hpp>
#include <guide/segment/segment.hpp>

#include <opencv2/core.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace guide::segment {
namespace {

// A joint space in a view that nobody stated has to be clear to be believed.
constexpr double kClear = 0.95;
// A view as it looks is taken for the view from here on, and no view of the knee for none.
constexpr double kSureView = 0.8, kNoKnee = 0.5;
constexpr double kClearlyUltrasound =
    0.35;  // its likeness: of frames seen, X-rays below 0.1, ultrasound above 0.6

/// The view that is written on the screen, if any.
bool read_view(const Frame& frame, Anatomy& anatomy) {
    const auto written = find_written_view(frame.intensity.view());
    if (!written) return false;
    anatomy.view = written->view;
    anatomy.view_confidence = written->likeness;
    anatomy.notes.push_back({"view-from-text", "The screen says \"" + written->words + "\"."});
    return true;
}

/// The view to look for when neither user nor screen name one; its confidence is that of the kind
/// of picture alone.
void assume_view(const Frame& frame, Anatomy& anatomy) {
    double likeness = 0;
    switch (frame.modality) {
        case Modality::ultrasound:
            likeness = 2;
            break;
        case Modality::radiograph:
        case Modality::fluoroscopy:
            likeness = -2;
            break;
        default: {
            const PixelBox box = anatomy.content_box;
            likeness = ultrasound_likeness(
                frame.intensity.view().cropped(box.x0, box.y0, box.width(), box.height()));
        }
    }
    const bool ultrasound = likeness >= 0;
    anatomy.view = ultrasound ? View::suprapatellar_long : View::xray_ap;
    // The kind of picture is told, not the view: half the confidence at most.
    anatomy.view_confidence = 0.5 * std::tanh(std::abs(likeness));
    anatomy.notes.push_back(
        {"view-assumed",
         ultrasound ? "The view was not stated: a suprapatellar view of the knee is assumed."
                    : "The view was not stated: an AP view of the knee is assumed."});
}

enum class Look { as_a_view, as_none, unclear };

/// The view as the ultrasound picture looks, where that is clear.
Look recognise_view(const Frame& frame, const Execution& execution, Anatomy& anatomy) {
    const auto look = look_for_view(frame, anatomy.content_box, execution);
    if (!look) return Look::unclear;  // why is said by who looks for the joint space
    if (look->none >= kNoKnee) {
        anatomy.view_confidence = 1 - look->none;
        anatomy.joint_space =
            no_answer("no-knee-view",
                      "The picture looks like none of the knee's usual views: state the view if it "
                      "is one.");
        return Look::as_none;
    }
    if (look->probability < kSureView) return Look::unclear;
    anatomy.view = look->view;
    anatomy.view_confidence = look->probability;
    std::erase_if(anatomy.notes, [](const Reason& note) { return note.code == "view-assumed"; });
    anatomy.notes.push_back(
        look->view == View::medial
            ? Reason{"view-recognised",
                     "The picture looks like a side of the knee; medial and lateral look alike."}
            : Reason{"view-recognised", "The picture looks like a view of the knee: " +
                                            std::string(name_of(look->view)) + "."});
    if (look->view == View::medial) *anatomy.view_confidence /= 2;
    return Look::as_a_view;
}

void find_in_ultrasound(const Frame& frame, bool view_stated, const RecessNetwork* network,
                        const Execution& execution, Anatomy& anatomy) {
    const PixelBox box = anatomy.content_box;
    if (!frame.colour.empty() &&
        is_many_coloured(frame.colour.view().cropped(box.x0, box.y0, box.width(), box.height()))) {
        anatomy.joint_space = no_answer(
            "not-ultrasound", "The picture is coloured throughout, as no ultrasound picture is.");
        return;
    }
    anatomy.skin = {{static_cast<double>(box.x0), static_cast<double>(box.y0)},
                    {box.x1 - 1.0, static_cast<double>(box.y0)}};
    const Look look = view_stated ? Look::as_a_view : recognise_view(frame, execution, anatomy);
    if (look == Look::as_none) {
        anatomy.bones = find_ultrasound_bones(frame, box, View::bone, {}, execution);
        return;
    }
    const View view = look == Look::as_a_view ? anatomy.view : View::unknown;
    const bool bones_alone = anatomy.view == View::bone || anatomy.view == View::trochlea;
    if (bones_alone) {
        anatomy.bones = find_ultrasound_bones(frame, box, anatomy.view, {}, execution);
        anatomy.joint_space = no_answer("view-without-joint-space",
                                        "In this view bone surfaces alone are looked for.");
    } else {
        // Neither needs the other: side by side, which beats threads within each.
        const Execution alone{1, execution.stop};
        Expected<FluidMap> fluid;
        for_each_band(execution, 2, 1, [&](int task, int) {
            if (task == 0) {
                fluid = map_fluid(frame, box, view);
            } else {
                anatomy.bones = find_ultrasound_bones(frame, box, anatomy.view, {}, alone);
            }
        });
        if (fluid) {
            auto liquid =
                find_ultrasound_joint_space(frame, *fluid, anatomy.bones, view, execution, network);
            anatomy.joint_space = std::move(liquid.joint_space);
            anatomy.obstacles = std::move(liquid.vessels);
        } else {
            anatomy.joint_space = tl::unexpected(std::move(fluid.error()));
        }
    }
    if (view == View::trochlea || view == View::suprapatellar_transverse)
        anatomy.cartilage = find_femoral_cartilage(frame, box, anatomy.bones, execution);
    // Lines that are bone only if the assumed view is right stay as obstacles, but without a name
    // and less sure.
    for (auto& bone : anatomy.bones) {
        if (view_stated) break;
        bone.kind = BoneKind::bone;
        bone.confidence *= anatomy.view_confidence.value_or(0.5);
    }
    if (anatomy.cartilage && !view_stated)
        anatomy.cartilage->confidence *= anatomy.view_confidence.value_or(0.5);
    if (bones_alone) return;
    const bool on_femur =
        anatomy.view == View::suprapatellar_long || anatomy.view == View::suprapatellar_transverse;
    if (view_stated && on_femur && anatomy.bones.empty() && anatomy.joint_space) {
        anatomy.joint_space =
            no_answer("no-knee", "No bone is seen below, as the femur is in suprapatellar views.");
    }
    if (!view_stated && anatomy.joint_space &&
        (look == Look::unclear || anatomy.joint_space->confidence < kClear)) {
        anatomy.joint_space = no_answer("unclear",
                                        "Something like a joint space is seen, but the view was "
                                        "not stated, and it or the space is not clear enough.");
    }
    if (anatomy.joint_space) drop_bones_before_fluid(*anatomy.joint_space, anatomy.bones);
}

/// What shows in fluoroscopy however the leg lies, from in front or from the side. False where
/// there is none, or none of the view that was stated.
bool find_in_fluoroscopy(const Frame& frame, bool view_stated, const Execution& execution,
                         Anatomy& anatomy) {
    // What the file says goes before the looks.
    if (frame.modality == Modality::unknown &&
        ultrasound_likeness(frame.intensity.view()) > kClearlyUltrasound) {
        if (anatomy.view == View::xray_lateral)
            anatomy.joint_space = no_answer("not-a-radiograph",
                                            "The picture looks like ultrasound, not like X-rays.");
        return false;
    }
    FluoroscopyKnee found =
        find_fluoroscopy_knee(frame, view_stated ? anatomy.view : View::unknown, execution);
    if (!found.knee.joint_space) {
        if (anatomy.view == View::xray_lateral)
            anatomy.joint_space = std::move(found.knee.joint_space);
        return false;
    }
    if (!view_stated) {
        anatomy.view = found.view;
        anatomy.view_confidence = found.knee.joint_space->confidence;
        std::erase_if(anatomy.notes,
                      [](const Reason& note) { return note.code == "view-assumed"; });
        anatomy.notes.push_back(
            {"view-recognised", found.view == View::xray_ap
                                    ? "The picture looks like a knee from in front."
                                    : "The picture looks like a knee from the side."});
    }
    anatomy.bones = std::move(found.knee.bones);
    anatomy.joint_space = std::move(found.knee.joint_space);
    anatomy.notes.insert(anatomy.notes.end(), found.knee.notes.begin(), found.knee.notes.end());
    return true;
}

void find_in_radiograph(const Frame& frame, bool view_stated, const RadiographNetwork* network,
                        const Execution& execution, Anatomy& anatomy) {
    if (anatomy.view == View::xray_lateral) {
        find_in_fluoroscopy(frame, view_stated, execution, anatomy);
        return;
    }
    RadiographKnee knee = find_radiograph_knee(frame, execution, network);
    if (!knee.joint_space && knee.joint_space.error().code == "no-knee" &&
        find_in_fluoroscopy(frame, view_stated, execution, anatomy))
        return;
    anatomy.bones = std::move(knee.bones);
    anatomy.joint_space = std::move(knee.joint_space);
    anatomy.notes.insert(anatomy.notes.end(), knee.notes.begin(), knee.notes.end());
}

Anatomy look_at(const Frame& frame, const SegmentOptions& options, const Execution& execution) {
    Anatomy anatomy;
    anatomy.grid = frame.grid();
    anatomy.content_box = frame.grid().bounds();
    anatomy.notes = frame.notes;
    anatomy.view = options.view;
    bool view_stated = options.view != View::unknown;

    const bool xray_by_file =
        frame.modality == Modality::radiograph || frame.modality == Modality::fluoroscopy;
    if (!view_stated && frame.modality == Modality::other) {
        anatomy.joint_space = no_answer(
            "other-modality",
            "The file says that this is neither ultrasound nor an X-ray picture: state the view if "
            "it is.");
        return anatomy;
    }
    if (frame.content_box) {
        anatomy.content_box = intersection(*frame.content_box, frame.grid().bounds());
    } else if (!is_xray(options.view) && (view_stated || !xray_by_file)) {
        if (const auto box = find_content_box(frame.intensity.view())) {
            anatomy.content_box = *box;
        } else {
            anatomy.joint_space = tl::unexpected(box.error());
            return anatomy;
        }
    }
    if (anatomy.content_box.empty()) {
        anatomy.joint_space = no_answer("no-picture", "The picture's box lies outside the frame.");
        return anatomy;
    }
    // What is written on the picture is as good as stated.
    if (!view_stated && !xray_by_file) view_stated = read_view(frame, anatomy);
    if (!view_stated) assume_view(frame, anatomy);
    if (is_xray(anatomy.view)) {
        anatomy.content_box = frame.content_box ? anatomy.content_box : frame.grid().bounds();
        find_in_radiograph(frame, view_stated, options.radiograph_network.get(), execution,
                           anatomy);
    } else {
        find_in_ultrasound(frame, view_stated, options.network.get(), execution, anatomy);
    }
    return anatomy;
}

}  // namespace

Anatomy find_anatomy(const Frame& frame, const SegmentOptions& options,
                     const Execution& execution) {
    require(!frame.intensity.empty(), "find_anatomy", "the frame has pixels");
    try {
        return look_at(frame, options, execution);
    } catch (const cv::Exception& error) {
        // A fault of this library: no answer about the picture, and no type that callers lack.
        throw std::runtime_error("find_anatomy: " + error.err);
    }
}

Image<std::uint8_t> joint_space_mask(const Anatomy& anatomy) {
    Image<std::uint8_t> mask(anatomy.grid.width, anatomy.grid.height);
    if (anatomy.joint_space) fill_polygons(anatomy.joint_space->contours, mask.view());
    return mask;
}

}  // namespace guide::segment
