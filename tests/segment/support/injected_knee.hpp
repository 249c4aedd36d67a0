// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/frame/frame.hpp>
#include <guide/geometry/point.hpp>

#include <cstdint>
#include <functional>

namespace guide::test {

/// Contrast agent let out between two frames of one view, and whether it was let out in the joint.
struct InjectedKnee {
    Frame before, after;
    PixelPoint tip;
    bool inside = false;
    double injected_ml = 0;
    double primary_deg = 0;  ///< 0 from in front, 90 from the side
};

/// `count` injections into a random knee, half of them into the joint, half into soft tissue up to
/// some centimetres beside it; from in front and from the side, of either polarity, the leg moved
/// by up to 2 mm between the frames. Gives each to `use`; places that have no room are left out.
void inject(std::uint64_t seed, int count, int threads,
            const std::function<void(const InjectedKnee&)>& use);

}  // namespace guide::test
