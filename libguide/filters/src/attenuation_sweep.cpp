// SPDX-License-Identifier: Apache-2.0
#include "beam_mean.hpp"

#include <guide/filters/attenuation_sweep.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace guide::filters {
namespace {

float known(float grey) {
    return std::abs(grey) <= 1e30F ? grey : 0.0F;
}

}  // namespace

void AttenuationOptions::validate() const {
    require(alpha >= 0 && alpha <= 100, "AttenuationOptions", "alpha is 0 to 100");
    require(full_step > 0 && full_step <= 1e6, "AttenuationOptions", "full_step is above 0 to 1e6");
    require(beam_width >= 1 && beam_width <= 999 && beam_width % 2 == 1, "AttenuationOptions",
            "beam_width is odd, 1 to 999");
}

void attenuation_sweep(ImageView<const float> in, ImageView<float> out,
                       const AttenuationOptions& options, const Execution& execution) {
    options.validate();
    require(in.width == out.width && in.height == out.height, "attenuation_sweep",
            "in and out are of one size");
    if (in.empty()) return;
    const int last = in.height - 1;
    for_each_band(execution, in.width, kBeamColumns, [&](int begin, int end) {
        BeamMean mean(begin, end, in.width, options.beam_width);
        std::array<float, kBeamColumns> loss{}, step{};
        const int columns = end - begin;
        std::fill(out.row(0) + begin, out.row(0) + end, 1.0F);
        // Losses go to `out` first; a row of depth counts as one, so that steps keep their digits.
        for (int y = 1; y <= last; ++y) {
            const float *above = in.row(y - 1), *here = in.row(y);
            const auto weight = [&](int row) { return 1 - std::exp(-options.alpha * row / last); };
            const auto w0 = static_cast<float>(weight(y - 1) / options.full_step * last);
            const auto w1 = static_cast<float>(weight(y) / options.full_step * last);
            mean([&](int x) { return std::abs(w1 * known(here[x]) - w0 * known(above[x])); },
                 step.data());
            float* to = out.row(y) + begin;
            for (int x = 0; x < columns; ++x) {
                const auto i = static_cast<std::size_t>(x);
                loss[i] += 1 + step[i];
                to[x] = loss[i];
            }
        }
        for (auto& total : loss)
            total = total > 0 ? 1 / total : 0;
        for (int y = 1; y < last; ++y) {
            float* to = out.row(y) + begin;
            for (int x = 0; x < columns; ++x)
                to[x] = std::max(0.0F, 1 - to[x] * loss[static_cast<std::size_t>(x)]);
        }
        if (last > 0) std::fill(out.row(last) + begin, out.row(last) + end, 0.0F);
    });
}

}  // namespace guide::filters
