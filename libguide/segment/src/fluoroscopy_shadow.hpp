// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/image.hpp>
#include <guide/geometry/point.hpp>

#include <opencv2/core.hpp>

namespace guide::segment {

/// A fluoroscopic frame (bones dark) as the shadow that tissue casts: minus the logarithm of what
/// came through, so that bones are bright and thickness adds up. Reduced; wires are not taken out.
struct ShadowPicture {
    cv::Mat1f shadow;         ///< 0 where nothing is in the way, to about 3.5
    cv::Mat1b outside;        ///< not 0: beyond the round or cut field
    double scale = 1;         ///< its pixels per pixel of the frame
    double field = 0;         ///< diameter of the disc as large as the field, pixels of the frame
    float none = 0, all = 1;  ///< grey where nothing comes through, and where all does
};

/// The longest side becomes 448 pixels where it is longer. `shadow` is empty for a blank frame.
[[nodiscard]] ShadowPicture make_shadow_picture(ImageView<const float> frame);

/// Minus the logarithm of grey between `none` (all absorbed) and `all` (nothing in the way).
[[nodiscard]] cv::Mat1f shadow_of(const cv::Mat1f& grey, float none, float all);

/// A place at which wires were: not 0 within them and next to them. Wires, leads and needles are
/// thin (below `thickness` pixels), long (over eight times that) and darker than what is beside
/// them; `shadow` is changed to what it would be without.
cv::Mat1b take_out_wires(cv::Mat1f& shadow, const cv::Mat1b& outside, int thickness);

}  // namespace guide::segment
