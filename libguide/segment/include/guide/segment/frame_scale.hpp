// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/frame/frame.hpp>
#include <guide/segment/export.hpp>

namespace guide::segment {

/// Gives `frame` the scale of a picture `depth_mm` deep that fills the height of its content box,
/// which is looked for where the frame does not know it. Notes say where that is doubtful: the
/// lower border lies in shadow, or a ruler on the screen disagrees. No answer, and the frame left
/// as it was, where that cannot be: the codes of find_content_box and spacing_from_depth.
[[nodiscard]] GUIDE_SEGMENT_EXPORT Expected<void> scale_by_depth(Frame& frame, double depth_mm);

/// Gives `frame` this scale; a note says where that overrules the file's own.
GUIDE_SEGMENT_EXPORT void scale_by_user(Frame& frame, Spacing spacing);

/// Takes the scale off the ruler of a scanner's screen where the frame has none and may be
/// ultrasound; a note says so, or why a ruler could not be read.
GUIDE_SEGMENT_EXPORT void scale_by_ruler(Frame& frame);

}  // namespace guide::segment
