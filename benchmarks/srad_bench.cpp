// SPDX-License-Identifier: Apache-2.0
#include "contest.hpp"
#include "diffusion_rivals.hpp"

#include <guide/filters/srad.hpp>

#include <algorithm>
#include <cmath>
#include <memory>

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

struct Frames {
    explicit Frames(const bench::Case& c)
        : in(bench::amplitude_frame(c.width, c.height)), out(c.width, c.height) {}
    Image<float> in, out;
    filters::Workspace workspace;
};

bench::Entry by_guide(const bench::Case& c) {
    auto frames = std::make_shared<Frames>(c);
    const double steps = bench::kDiffusionSteps * static_cast<double>(frames->in.size());
    return {[frames, threads = c.threads] {
                filters::srad(frames->in.view(), frames->out.view(), {}, frames->workspace,
                              {threads, {}});
            },
            [frames] {
                const auto expected = bench::plain_result(frames->in, coefficient);
                double largest = 0;
                for (std::size_t i = 0; i < expected.size(); ++i) {
                    largest = std::max<double>(
                        largest, std::abs(expected.data()[i] - frames->out.data()[i]));
                }
                return largest < 0.01 ? "" : "differs from the definition";
            },
            2.0 * static_cast<double>(frames->in.size()) * sizeof(float), 34 * steps, steps};
}

bench::Entry by_plain(const bench::Case& c) {
    return bench::plain_diffusion(c, coefficient);
}

const bench::Contest contest("srad", {{"guide", by_guide},
                                      {"itk", bench::itk_gradient_diffusion},
                                      {"opencv", bench::opencv_anisotropic_diffusion},
                                      {"plain", by_plain}});

}  // namespace
