// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/frame/frame.hpp>
#include <guide/geometry/camera.hpp>

#include <cstdint>

namespace guide::test {

struct TurnedFluoroscopySetup {
    std::uint64_t seed = 1;
    double flexion_deg = 10, roll_deg = 0;
    bool from_the_side = false, wires = false;
};

/// A fluoroscopic frame (bones dark, 200 x 200 pixels) of a random knee on a turned C-arm.
struct TurnedFluoroscopy {
    Frame frame;
    PinholeCamera camera;
    PixelPoint centre;        ///< where the middle of the joint is seen
    PixelPoint distal;        ///< unit vector in the picture from the joint along the shin
    double mm_per_pixel = 0;  ///< there
};

[[nodiscard]] TurnedFluoroscopy turned_fluoroscopy(const TurnedFluoroscopySetup& setup);

}  // namespace guide::test
