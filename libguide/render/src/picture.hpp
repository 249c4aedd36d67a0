// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/image.hpp>
#include <guide/frame/frame.hpp>

namespace guide::render {

/// The frame as a screen shows it: its colours where it has some, else grey between `display_low`
/// (black) and `display_high` (white).
[[nodiscard]] Image<Rgb8> screen_picture(const Frame& frame);

/// `picture` made smaller to `width` x `height`, neither larger than it is: means over areas.
[[nodiscard]] Image<Rgb8> shrunk(ImageView<const Rgb8> picture, int width, int height);

}  // namespace guide::render
