// SPDX-License-Identifier: Apache-2.0
#include <guide/segment/segment.hpp>

#include <guide/segment/content_box.hpp>

#include "ultrasound_bone.hpp"
#include "ultrasound_joint_space.hpp"

namespace guide::segment {
namespace {

bool is_ultrasound(const Frame& frame, View view) {
    if (is_xray(view)) return false;
    return frame.modality == Modality::ultrasound || frame.modality == Modality::unknown;
}

}  // namespace

Anatomy find_anatomy(const Frame& frame, const SegmentOptions& options,
                    const Execution& execution) {
    require(!frame.intensity.empty(), "find_anatomy", "the frame has pixels");
    Anatomy anatomy;
    anatomy.grid = frame.grid();
    anatomy.content_box = frame.content_box.value_or(frame.grid().bounds());
    anatomy.view = options.view;
    anatomy.notes = frame.notes;
    if (is_ultrasound(frame, anatomy.view)) {
        if (!frame.content_box) {
            const auto box = find_content_box(frame.intensity.view());
            if (box) anatomy.content_box = *box;
            if (!box) anatomy.notes.push_back(box.error());
        }
        anatomy.bones =
            find_ultrasound_bones(frame, anatomy.content_box, anatomy.view, {}, execution);
        if (anatomy.view != View::bone && anatomy.view != View::trochlea) {
            anatomy.joint_space =
                find_ultrasound_joint_space(frame, anatomy.content_box, anatomy.view, execution);
        }
    }
    return anatomy;
}

Image<std::uint8_t> joint_space_mask(const Anatomy& anatomy) {
    Image<std::uint8_t> mask(anatomy.grid.width, anatomy.grid.height);
    if (anatomy.joint_space) fill_polygons(anatomy.joint_space->contours, mask.view());
    return mask;
}

}  // namespace guide::segment
