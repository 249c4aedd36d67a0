// SPDX-License-Identifier: Apache-2.0
#include "contest.hpp"
#include "diffusion_rivals.hpp"

#include <guide/filters/srad.hpp>

#include <algorithm>

namespace {

using namespace guide;

float coefficient(const float* pixel, int stride, float level) {
    float squares = 0, laplacian = 0;
    for (const int neighbour : {-1, 1, -stride, stride}) {
        const float d = pixel[neighbour] - pixel[0];
        squares += d * d;
        laplacian += d;
    }
    const float gradient = squares / 2 / (pixel[0] * pixel[0]);
    const float curvature = laplacian / pixel[0];
    const float mean = 1 + curvature / 4;
    const float q = (gradient - curvature * curvature / 16) / (mean * mean), q0 = level * level;
    return std::clamp(1 / (1 + (q - q0) / (q0 * (1 + q0))), 0.0F, 1.0F);
}

bench::Entry by_guide(const bench::Case& c) {
    const auto srad = [](auto in, auto out, auto& workspace, const auto& execution) {
        filters::srad(in, out, {}, workspace, execution);
    };
    return bench::guide_diffusion(c, srad, coefficient, 34);
}

bench::Entry by_plain(const bench::Case& c) {
    return bench::plain_diffusion(c, coefficient);
}

const bench::Contest contest("srad", {{"guide", by_guide},
                                      {"itk", bench::itk_gradient_diffusion},
                                      {"opencv", bench::opencv_anisotropic_diffusion},
                                      {"plain", by_plain}});

}  // namespace
