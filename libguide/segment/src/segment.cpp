// SPDX-License-Identifier: Apache-2.0
#include <guide/segment/segment.hpp>

namespace guide::segment {

Anatomy find_anatomy(const Frame& frame, const SegmentOptions& options, const Execution&) {
    require(!frame.intensity.empty(), "find_anatomy", "the frame has pixels");
    Anatomy anatomy;
    anatomy.grid = frame.grid();
    anatomy.content_box = frame.content_box.value_or(frame.grid().bounds());
    anatomy.view = options.view;
    anatomy.notes = frame.notes;
    return anatomy;
}

Image<std::uint8_t> joint_space_mask(const Anatomy& anatomy) {
    Image<std::uint8_t> mask(anatomy.grid.width, anatomy.grid.height);
    if (anatomy.joint_space) fill_polygons(anatomy.joint_space->contours, mask.view());
    return mask;
}

}  // namespace guide::segment
