// SPDX-License-Identifier: Apache-2.0
#include "contest.hpp"
#include "frames.hpp"

#include <guide/filters/attenuation_sweep.hpp>

#include <algorithm>
#include <cmath>
#include <memory>

namespace {

using namespace guide;

struct Frames {
    explicit Frames(const bench::Case& c)
        : in(bench::speckle_frame(c.width, c.height)),
          out(c.width, c.height),
          plain(c.width, c.height, 1.0F) {}
    Image<float> in, out, plain;

    /// The definition in simple loops.
    void by_definition() {
        const filters::AttenuationOptions o;
        const int last = in.height() - 1, half = o.beam_width / 2;
        for (int y = 1; y <= last; ++y) {
            const double above = 1 - std::exp(-o.alpha * (y - 1) / last);
            const double here = 1 - std::exp(-o.alpha * y / last);
            for (int x = 0; x < in.width(); ++x) {
                const int left = std::max(0, x - half), right = std::min(in.width() - 1, x + half);
                double sum = 0;
                for (int u = left; u <= right; ++u)
                    sum += std::abs(here * in.at(u, y) - above * in.at(u, y - 1));
                const double lost = 1.0 / last + sum / (right - left + 1) / o.full_step;
                plain.at(x, y) = static_cast<float>((y == 1 ? 0.0 : plain.at(x, y - 1)) + lost);
            }
        }
        for (int y = 1; y <= last; ++y) {
            for (int x = 0; x < in.width(); ++x)
                plain.at(x, y) =
                    1 - plain.at(x, y) / (y == last ? plain.at(x, y) : plain.at(x, last));
        }
    }

    [[nodiscard]] double bytes() const {
        return 2.0 * static_cast<double>(in.size()) * sizeof(float);
    }
};

bench::Entry by_guide(const bench::Case& c) {
    auto frames = std::make_shared<Frames>(c);
    return {
        [frames, threads = c.threads] {
            filters::attenuation_sweep(frames->in.view(), frames->out.view(), {}, {threads, {}});
        },
        [frames]() -> std::string {
            frames->by_definition();
            double largest = 0;
            for (std::size_t i = 0; i < frames->in.size(); ++i)
                largest = std::max(largest, std::abs(static_cast<double>(frames->out.data()[i]) -
                                                     frames->plain.data()[i]));
            return largest < 1e-4 ? "" : "differs from the definition";
        },
        frames->bytes()};
}

bench::Entry by_loops(const bench::Case& c) {
    auto frames = std::make_shared<Frames>(c);
    return {[frames] { frames->by_definition(); }, {}, frames->bytes()};
}

const bench::Contest contest("attenuation_sweep", {{"guide", by_guide}, {"plain", by_loops}});

}  // namespace
