// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/render/picture.hpp>

namespace guide::render {

/// `picture` made smaller to `width` x `height`, neither larger than it is: means over areas.
[[nodiscard]] Image<Rgb8> shrunk(ImageView<const Rgb8> picture, int width, int height);

}  // namespace guide::render
