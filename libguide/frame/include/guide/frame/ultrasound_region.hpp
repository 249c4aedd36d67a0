// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/geometry/pixel_grid.hpp>

#include <cstdint>
#include <optional>

namespace guide {

/// One item of DICOM's Sequence of Ultrasound Regions (PS3.3 C.8.5.5): a part of the frame with its
/// own scale.
struct UltrasoundRegion {
    PixelBox box;                     ///< as stored, half-open here; may stick out of the frame
    bool clipped = false;             ///< `box` sticks out of the frame
    int spatial_format = 0;           ///< (0018,6012): 1 two-dimensional, 2 M-mode, 3 spectral, ...
    int data_type = 0;                ///< (0018,6014): 1 tissue, 2 colour flow, ...
    std::uint32_t flags = 0;          ///< (0018,6016)
    int unit_x = 0, unit_y = 0;       ///< (0018,6024), (0018,6026): 3 is centimetre
    double delta_x = 0, delta_y = 0;  ///< (0018,602C), (0018,602E) as stored, in the units above
    std::optional<PixelPoint>
        reference_pixel;  ///< (0018,6020), (0018,6022), relative to the box's corner
    std::optional<Spacing>
        spacing;  ///< in millimetres, when both units are centimetres and the deltas make sense

    friend bool operator==(const UltrasoundRegion&, const UltrasoundRegion&) = default;
};

}  // namespace guide
