// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/expected.hpp>
#include <guide/core/image.hpp>
#include <guide/geometry/pixel_grid.hpp>
#include <guide/segment/export.hpp>

#include <vector>

namespace guide::segment {

/// The depth ruler of a scanner's screen: marks one below the other, evenly spaced.
struct DepthRuler {
    std::vector<PixelPoint> marks;  ///< px, from the top down, those that are hidden left out
    double px_per_mark = 0;         ///< from one mark to the next
    double mm_per_mark = 0;         ///< 1, 2, 2.5, 5, 10, 20 or 50
    double mm_per_px = 0;           ///< down the screen
    double relative_error = 0;      ///< of mm_per_px, as a share: three standard deviations
    /// How the step is known: numbers beside the marks or below them agree with it; else the
    /// pattern of long and short marks leaves this step alone.
    bool numbers_read = false;
};

/// Reads the scale of the ultrasound picture in `picture` off its ruler.
///
/// Marks are small patches brighter than what is around them, aligned in a column beside the
/// picture or at its border, at equal steps over a good part of its height. Longer or larger ones
/// at every second, fourth, fifth or tenth step tell what a step means as far as conventions go
/// (2: 5 and 10 mm; 4: 2.5 and 10 mm; 10: 1 and 10 mm); else numbers do, recognised by their shape:
/// a number counts when it stands at a mark and is that mark's depth below the top of the picture
/// in centimetres or millimetres. What would make the picture shallower than 12 mm, deeper than
/// 320 mm, narrower than 10 mm or wider than 400 mm is no scale.
///
/// No answer, and never a guess: "no-ruler", "ruler-ambiguous" (two meanings stay), or
/// "ruler-contradiction" (two rulers, or ruler and numbers, disagree). Throws PreconditionError for
/// an empty box or one beyond the screen. Some 10 ms for 800x600, one thread.
[[nodiscard]] GUIDE_SEGMENT_EXPORT Expected<DepthRuler> read_depth_ruler(
    ImageView<const float> screen, PixelBox picture);

}  // namespace guide::segment
