// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/image.hpp>

namespace guide::bench {

/// Speckle with a bright line and a dark slit: grey values 0 to 255 whose statistics are those of
/// an ultrasound frame. Same pixels on every machine.
Image<float> speckle_frame(int width, int height);

}  // namespace guide::bench
