// SPDX-License-Identifier: Apache-2.0
#include "frames.hpp"

#include <guide/core/random.hpp>

#include <algorithm>
#include <cmath>

namespace guide::bench {

Image<float> speckle_frame(int width, int height) {
    Image<float> frame(width, height);
    Random random(1);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const double bone = 0.7 * height + 0.05 * height * std::sin(6.0 * x / width);
            double strength = y > bone + 3 ? 0.02 : 0.3;  // tissue, then shadow
            if (std::abs(y - bone) <= 3) strength = 3;    // bone
            if (y > 0.4 * height && y < 0.5 * height && x > 0.3 * width) strength = 0.03;  // fluid
            // Rayleigh amplitude, log-compressed to 60 dB.
            const double amplitude = strength * std::hypot(random.normal(), random.normal());
            const double decibel = 20 * std::log10(std::max(amplitude, 1e-6) / 5);
            frame.at(x, y) = static_cast<float>(std::clamp(255 * (1 + decibel / 60), 0.0, 255.0));
        }
    }
    return frame;
}

}  // namespace guide::bench
