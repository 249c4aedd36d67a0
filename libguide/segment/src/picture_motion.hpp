// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/image.hpp>
#include <guide/geometry/pixel_grid.hpp>

#include <opencv2/core.hpp>

#include <optional>

namespace guide::segment {

/// An ultrasound picture made small enough to compare it with the next of its clip.
struct SmallPicture {
    cv::Mat1f grey;
    double px_per_cell = 1;
};

[[nodiscard]] SmallPicture small_picture(ImageView<const float> picture);

/// By how many pixels of the frame the picture `now` shows things farther right and down than
/// `before`; none where a shift within a sixth of the picture does not explain it. Phase
/// correlation (Kuglin and Hines 1975) below the cell, believed as far as the shifted picture
/// resembles the new one.
[[nodiscard]] std::optional<PixelPoint> motion_between(const SmallPicture& before,
                                                       const SmallPicture& now);

}  // namespace guide::segment
