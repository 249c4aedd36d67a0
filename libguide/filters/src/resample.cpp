// SPDX-License-Identifier: Apache-2.0
#include <guide/filters/resample.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace guide::filters {
namespace {

/// Which input pixels make one output pixel, and their weights.
struct Taps {
    std::vector<int> index;
    std::vector<float> weight;
};

std::vector<Taps> taps_for(int in, int out) {
    const double scale = static_cast<double>(in) / out;
    const double reach = std::max(1.0, scale);
    std::vector<Taps> all(static_cast<std::size_t>(out));
    for (int o = 0; o < out; ++o) {
        const double centre = (o + 0.5) * scale - 0.5;
        std::vector<double> weights;
        Taps& taps = all[static_cast<std::size_t>(o)];
        double sum = 0;
        for (int i = static_cast<int>(std::ceil(centre - reach)); i <= std::floor(centre + reach);
             ++i) {
            const double w = 1.0 - std::abs(i - centre) / reach;
            if (w <= 0) continue;
            taps.index.push_back(std::clamp(i, 0, in - 1));
            weights.push_back(w);
            sum += w;
        }
        for (const double w : weights)
            taps.weight.push_back(static_cast<float>(w / sum));
    }
    return all;
}

}  // namespace

void resample(ImageView<const float> in, ImageView<float> out, const Execution& execution) {
    require(in.empty() == out.empty(), "resample", "both views hold pixels, or both none");
    if (in.empty()) return;
    const auto across = taps_for(in.width, out.width), down = taps_for(in.height, out.height);

    for_each_band(execution, out.height, [&](int begin, int end) {
        std::vector<float> column(static_cast<std::size_t>(in.width));  // one row, averaged along y
        for (int y = begin; y < end; ++y) {
            const Taps& rows = down[static_cast<std::size_t>(y)];
            std::fill(column.begin(), column.end(), 0.0F);
            for (std::size_t i = 0; i < rows.index.size(); ++i) {
                const float* source = in.row(rows.index[i]);
                const float weight = rows.weight[i];
                for (std::size_t x = 0; x < column.size(); ++x)
                    column[x] += weight * source[x];
            }
            float* target = out.row(y);
            for (int x = 0; x < out.width; ++x) {
                const Taps& taps = across[static_cast<std::size_t>(x)];
                float sum = 0;
                for (std::size_t i = 0; i < taps.index.size(); ++i) {
                    sum += taps.weight[i] * column[static_cast<std::size_t>(taps.index[i])];
                }
                target[x] = sum;
            }
        }
    });
}

}  // namespace guide::filters
