// SPDX-License-Identifier: Apache-2.0
#include "contest.hpp"
#include "diffusion_rivals.hpp"

#include <guide/filters/dpad.hpp>

#include <algorithm>

namespace {

using namespace guide;

/// In a window of 3.
float coefficient(const float* pixel, int stride, float level) {
    float mean = 0, squares = 0;
    for (const int row : {-stride, 0, stride})
        mean += (pixel[row - 1] + pixel[row] + pixel[row + 1]) / 9;
    for (const int row : {-stride, 0, stride}) {
        for (const int x : {-1, 0, 1}) {
            const float d = pixel[row + x] - mean;
            squares += d * d;
        }
    }
    const float variation = squares / 8 / (mean * mean);
    return variation > 0 ? std::min(1.0F, (1 + 1 / variation) / (1 + 1 / (level * level))) : 1;
}

bench::Entry by_guide(const bench::Case& c) {
    const auto dpad = [](auto in, auto out, auto& workspace, const auto& execution) {
        filters::dpad(in, out, {}, workspace, execution);
    };
    return bench::guide_diffusion(c, dpad, coefficient, 43);
}

bench::Entry by_plain(const bench::Case& c) {
    return bench::plain_diffusion(c, coefficient);
}

const bench::Contest contest("dpad", {{"guide", by_guide},
                                      {"itk", bench::itk_gradient_diffusion},
                                      {"opencv", bench::opencv_anisotropic_diffusion},
                                      {"plain", by_plain}});

}  // namespace
