// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/geometry/polyline.hpp>

#include <string>

namespace guide {

/// A layer of tissue as ultrasound shows it, named by what lies above its lower border.
struct Layer {
    std::string name;     ///< "skin", "subcutaneous fat", "quadriceps tendon", ...
    PixelPolyline lower;  ///< px, left to right: where the layer ends, two points or more
};

}  // namespace guide
