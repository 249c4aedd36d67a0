// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/expected.hpp>
#include <guide/core/image.hpp>
#include <guide/geometry/pixel_grid.hpp>
#include <guide/segment/export.hpp>

namespace guide::segment {

/// The picture within a scanner's screen: the bounding box of the ultrasound picture without text,
/// icons, rulers, grey bars and buttons around it (for a sector the box around the sector). A
/// picture that is no screen, or a screen cut down to its picture, gives the whole frame.
///
/// Method: pixels that differ from the screen's ground and stand among neighbours that differ along
/// x and along y (tissue does, flat buttons and grey bars do not) are closed over 3 pixels and
/// opened over a line of text; the largest patch that stays, with patches right above and below it,
/// is the picture. Borders of bright tissue are found to the pixel, give or take two; a lower
/// border that lies in black shadow all along cannot be seen: the box then ends where the tissue
/// does, which `lower_edge_support` tells.
///
/// `screen`: any range of grey values, any size; not finite pixels count as ground. Borders as in
/// the frame: x0 and y0 inside, x1 and y1 outside. No answer, code "no-picture": empty, flat, or
/// nothing but text. Cost: some 10 ms for 800x600, one thread; pictures beyond 2048 pixels are read
/// at every second, third, ... pixel.
[[nodiscard]] GUIDE_SEGMENT_EXPORT Expected<PixelBox> find_content_box(
    ImageView<const float> screen);

/// The share of the box's columns (0..1) that are lit down to the lower border, within two pixels.
/// Below some 0.25 the height of the box, and a scale taken from it, may be too small. 0 for an
/// empty box.
[[nodiscard]] GUIDE_SEGMENT_EXPORT double lower_edge_support(ImageView<const float> screen,
                                                             PixelBox box);

/// The scale of a picture `depth_mm` deep that fills the height of `box`. `pixel_aspect`: height of
/// a pixel over its width, as in Frame; 1 is square. No answer: "bad-depth", "bad-aspect" (not
/// finite or not positive), "empty-box", or the fault of a scale beyond all pictures.
[[nodiscard]] GUIDE_SEGMENT_EXPORT Expected<Spacing> spacing_from_depth(PixelBox box,
                                                                        double depth_mm,
                                                                        double pixel_aspect = 1);

}  // namespace guide::segment
