// SPDX-License-Identifier: Apache-2.0
#include "contest.hpp"
#include "diffusion_rivals.hpp"

#include <guide/filters/dpad.hpp>

#include <algorithm>
#include <cmath>
#include <memory>

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
                filters::dpad(frames->in.view(), frames->out.view(), {}, frames->workspace,
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
            2.0 * static_cast<double>(frames->in.size()) * sizeof(float), 43 * steps, steps};
}

bench::Entry by_plain(const bench::Case& c) {
    return bench::plain_diffusion(c, coefficient);
}

const bench::Contest contest("dpad", {{"guide", by_guide},
                                      {"itk", bench::itk_gradient_diffusion},
                                      {"opencv", bench::opencv_anisotropic_diffusion},
                                      {"plain", by_plain}});

}  // namespace
