// SPDX-License-Identifier: Apache-2.0
#include "contest.hpp"
#include "frames.hpp"
#include "itk_objectness.hpp"

#include <guide/filters/sheetness.hpp>

#include <algorithm>
#include <cmath>
#include <memory>

namespace {

using namespace guide;

const filters::SheetnessOptions kOptions{1, 4, 4, filters::SigmaSteps::equispaced};

struct Frames {
    explicit Frames(const bench::Case& c)
        : in(bench::speckle_frame(c.width, c.height)), out(c.width, c.height) {}
    Image<float> in, out;

    [[nodiscard]] double bytes() const {
        return 2.0 * static_cast<double>(in.size()) * sizeof(float);
    }
    /// Along x five sums and differences times three kernels, along y three, then the measure.
    [[nodiscard]] double flops() const {
        double each = 0;
        for (const double sigma : kOptions.sigmas())
            each += 17 * std::ceil(4.5 * sigma) + 45;
        return each * static_cast<double>(in.size());
    }
    [[nodiscard]] double divisions() const {
        return 2.0 * kOptions.scales * static_cast<double>(in.size());
    }
};

/// The definition in simple loops.
class Plain {
  public:
    explicit Plain(const Image<float>& in) : in_(in), out_(in.width(), in.height()) {}

    const Image<float>& operator()() {
        out_.fill(0);
        for (const double sigma : kOptions.sigmas())
            add_scale(sigma);
        return out_;
    }

  private:
    static std::vector<float> kernel(double sigma, int order) {
        const int radius = static_cast<int>(std::ceil(4.5 * sigma));
        std::vector<double> w;
        double sum = 0, second = 0, scale = 0;
        for (int i = -radius; i <= radius; ++i) {
            w.push_back(std::exp(-0.5 * i * i / (sigma * sigma)));
            sum += w.back();
            second += i * i * w.back();
        }
        std::vector<float> out;
        for (int i = -radius; i <= radius; ++i) {
            double& v = w[static_cast<std::size_t>(i + radius)];
            v *= order == 0 ? 1.0 : order == 1 ? i : i * i - second / sum;
            scale += v * (order == 0 ? 1.0 : order == 1 ? i : 0.5 * i * i);
        }
        for (const double v : w)
            out.push_back(static_cast<float>(v / scale * std::pow(sigma, order)));
        return out;
    }

    [[nodiscard]] Image<float> derived(double sigma, int order_x, int order_y) const {
        const auto across = kernel(sigma, order_x), down = kernel(sigma, order_y);
        const int n = static_cast<int>(across.size()), radius = n / 2;
        Image<float> rows(in_.width(), in_.height()), out(in_.width(), in_.height());
        for (int y = 0; y < in_.height(); ++y) {
            for (int i = 0; i < n; ++i) {
                for (int x = 0; x < in_.width(); ++x) {
                    rows.at(x, y) += across[static_cast<std::size_t>(i)] *
                                     in_.at(std::clamp(x + i - radius, 0, in_.width() - 1), y);
                }
            }
        }
        for (int y = 0; y < in_.height(); ++y) {
            for (int i = 0; i < n; ++i) {
                const float* row = rows.row(std::clamp(y + i - radius, 0, in_.height() - 1));
                for (int x = 0; x < in_.width(); ++x)
                    out.at(x, y) += down[static_cast<std::size_t>(i)] * row[x];
            }
        }
        return out;
    }

    void add_scale(double sigma) {
        const auto xx = derived(sigma, 2, 0), xy = derived(sigma, 1, 1), yy = derived(sigma, 0, 2);
        const auto beta2 = static_cast<float>(2 * kOptions.beta * kOptions.beta);
        const auto gamma2 = static_cast<float>(2 * kOptions.gamma * kOptions.gamma);
        for (std::size_t i = 0; i < out_.size(); ++i) {
            const float a = xx.data()[i], b = xy.data()[i], c = yy.data()[i];
            const float root = std::hypot((a - c) / 2, b), mean = (a + c) / 2;
            if (mean >= 0) continue;
            const float l1 = mean + root, l2 = mean - root;
            const float measure = -l2 * std::exp(-(l1 / l2) * (l1 / l2) / beta2) *
                                  (1 - std::exp(-(l1 * l1 + l2 * l2) / gamma2));
            out_.data()[i] = std::max(out_.data()[i], measure);
        }
    }

    const Image<float>& in_;
    Image<float> out_;
};

bench::Entry by_guide(const bench::Case& c) {
    auto frames = std::make_shared<Frames>(c);
    return {[frames, threads = c.threads] {
                filters::sheetness(frames->in.view(), {frames->out.view(), {}, {}}, kOptions,
                                   {threads, {}});
            },
            [frames] {
                Plain plain(frames->in);
                const Image<float>& expected = plain();
                float apart = 0, peak = 0;
                for (std::size_t i = 0; i < expected.size(); ++i) {
                    peak = std::max(peak, expected.data()[i]);
                    apart = std::max(apart, std::abs(expected.data()[i] - frames->out.data()[i]));
                }
                return peak > 1 && apart < 1e-3F * peak ? "" : "differs from the definition";
            },
            frames->bytes(), frames->flops(), frames->divisions()};
}

bench::Entry by_itk(const bench::Case& c) {
    auto frames = std::make_shared<Frames>(c);
    auto output = std::make_shared<const float*>();
    auto filter = bench::itk_objectness(frames->in.view(), kOptions, c.threads);
    return {[filter, output] { *output = filter(); },
            [frames, output] {
                filters::sheetness(frames->in.view(), {frames->out.view(), {}, {}}, kOptions);
                // Recursive Gaussians, and jumps to 0: see sheetness.hpp.
                double apart = 0, sum = 0;
                for (std::size_t i = 0; i < frames->out.size(); ++i) {
                    apart += std::abs(frames->out.data()[i] - (*output)[i]);
                    sum += frames->out.data()[i];
                }
                return apart < 0.02 * sum ? "" : "not the same definition";
            },
            frames->bytes()};
}

bench::Entry by_plain(const bench::Case& c) {
    auto frames = std::make_shared<Frames>(c);
    auto filter = std::make_shared<Plain>(frames->in);
    return {[frames, filter] { (*filter)(); }, {}, frames->bytes()};
}

const bench::Contest contest("sheetness",
                             {{"guide", by_guide}, {"itk", by_itk}, {"plain", by_plain}});

}  // namespace
