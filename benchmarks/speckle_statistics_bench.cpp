// SPDX-License-Identifier: Apache-2.0
#include "contest.hpp"
#include "frames.hpp"

#include <guide/filters/speckle_statistics.hpp>

#include <algorithm>
#include <cmath>
#include <memory>

namespace {

using namespace guide;

constexpr filters::StatisticsWindow kWindow{7, 7};

struct Frames {
    explicit Frames(const bench::Case& c)
        : in(bench::speckle_frame(c.width, c.height)), out(c.width, c.height) {}
    Image<float> in, out;

    [[nodiscard]] double bytes() const {
        return 2.0 * static_cast<double>(in.size()) * sizeof(float);
    }
};

/// The finite samples of the window around (x, y).
template <class Use>
void for_each_sample(const Image<float>& in, int x, int y, const Use& use) {
    const int right = std::min(in.width() - 1, x + kWindow.half_width);
    const int bottom = std::min(in.height() - 1, y + kWindow.half_height);
    for (int j = std::max(0, y - kWindow.half_height); j <= bottom; ++j) {
        for (int i = std::max(0, x - kWindow.half_width); i <= right; ++i) {
            if (std::isfinite(in.at(i, j))) use(double{in.at(i, j)});
        }
    }
}

float plain_snr(const Image<float>& in, int x, int y) {
    double count = 0, sum = 0, squares = 0;
    for_each_sample(in, x, y, [&](double v) {
        count += 1;
        sum += v;
        squares += v * v;
    });
    if (sum == 0) return 0;
    const double mean = sum / count, variance = std::max(squares / count - mean * mean, 0.0);
    const double bound = filters::kLargestSnr;
    return static_cast<float>(std::clamp(mean / std::sqrt(variance), -bound, bound));
}

float plain_shape(const Image<float>& in, int x, int y) {
    std::vector<float> samples;
    for_each_sample(in, x, y, [&](double v) { samples.push_back(static_cast<float>(v)); });
    const auto found = filters::nakagami(samples);
    return found ? static_cast<float>(found->shape) : 0;
}

using PixelValue = float (*)(const Image<float>&, int, int);
using Filter = void (*)(Frames&, int threads);

void guide_snr(Frames& f, int threads) {
    filters::local_speckle_snr(f.in.view(), f.out.view(), kWindow, {threads, {}});
}

void guide_shape(Frames& f, int threads) {
    filters::nakagami_maps(f.in.view(), f.out.view(), {}, kWindow,
                           filters::NakagamiEstimator::kLikelihood, {threads, {}});
}

std::string check(const Frames& f, PixelValue plain) {
    for (int y = 0; y < f.in.height(); y += 7) {
        for (int x = 0; x < f.in.width(); x += 11) {
            const double truth = plain(f.in, x, y);
            if (!(std::abs(f.out.at(x, y) - truth) <= 1e-4 * (1 + std::abs(truth))))
                return "differs from the definition";
        }
    }
    return "";
}

std::vector<std::pair<std::string, bench::Prepare>> entries(Filter filter, PixelValue plain) {
    return {
        {"guide",
         [=](const bench::Case& c) -> bench::Entry {
             auto f = std::make_shared<Frames>(c);
             return {[=] { filter(*f, c.threads); }, [=] { return check(*f, plain); }, f->bytes()};
         }},
        {"plain", [=](const bench::Case& c) -> bench::Entry {
             auto f = std::make_shared<Frames>(c);
             const auto run = [=] {
                 for (int y = 0; y < f->in.height(); ++y) {
                     for (int x = 0; x < f->in.width(); ++x)
                         f->out.at(x, y) = plain(f->in, x, y);
                 }
             };
             return {run, {}, f->bytes()};
         }}};
}

const bench::Contest snr("speckle_snr", entries(guide_snr, plain_snr));
const bench::Contest shape("nakagami_shape", entries(guide_shape, plain_shape));

}  // namespace
