// SPDX-License-Identifier: Apache-2.0
#include "contest.hpp"
#include "frames.hpp"

#include <guide/filters/shadow_map.hpp>

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

namespace {

using namespace guide;

struct Frames {
    explicit Frames(const bench::Case& c)
        : in(bench::speckle_frame(c.width, c.height)),
          out(c.width, c.height),
          plain(c.width, c.height),
          columns(static_cast<std::size_t>(c.width)) {}
    Image<float> in, out, plain;
    std::vector<filters::ColumnVisibility> columns;

    /// The map of the definition in simple loops: smooth, then sum down from each pixel.
    void by_definition() {
        const filters::ShadowOptions o;
        const int width = in.width(), height = in.height(), half = o.beam_width / 2;
        const int reach = static_cast<int>(std::lround(o.reach * height));
        Image<float> smooth(width, height);
        for (int y = 0; y < height; ++y) {
            for (int x = 0; x < width; ++x) {
                const int left = std::max(0, x - half), right = std::min(width - 1, x + half);
                double sum = 0;
                for (int u = left; u <= right; ++u)
                    sum += in.at(u, y);
                smooth.at(x, y) = static_cast<float>(sum / (right - left + 1));
            }
        }
        for (int y = height - 1; y >= 0; --y) {
            const int end = std::min(height, y + reach);
            for (int x = 0; x < width; ++x) {
                double sum = 0;
                for (int v = y; v < end; ++v)
                    sum += smooth.at(x, v);
                const double echo = (sum / (end - y) - o.dark_grey) / o.dark_grey;
                const auto dark = static_cast<float>(1 - std::clamp(echo, 0.0, 1.0));
                plain.at(x, y) = y + 1 < height ? std::min(dark, plain.at(x, y + 1)) : dark;
            }
        }
    }

    [[nodiscard]] double bytes() const {
        return 3.0 * static_cast<double>(in.size()) * sizeof(float);
    }
};

bench::Entry by_guide(const bench::Case& c) {
    auto frames = std::make_shared<Frames>(c);
    return {[frames, threads = c.threads] {
                filters::shadow_map(frames->in.view(), frames->out.view(), frames->columns, {},
                                    {threads, {}});
            },
            [frames]() -> std::string {
                frames->by_definition();
                double largest = 0;
                for (std::size_t i = 0; i < frames->in.size(); ++i)
                    largest =
                        std::max(largest, std::abs(static_cast<double>(frames->out.data()[i]) -
                                                   frames->plain.data()[i]));
                return largest < 1e-4 ? "" : "differs from the definition";
            },
            frames->bytes()};
}

bench::Entry by_loops(const bench::Case& c) {
    auto frames = std::make_shared<Frames>(c);
    return {[frames] { frames->by_definition(); }, {}, frames->bytes()};
}

const bench::Contest contest("shadow_map", {{"guide", by_guide}, {"plain", by_loops}});

}  // namespace
