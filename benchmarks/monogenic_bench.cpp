// SPDX-License-Identifier: Apache-2.0
#include "contest.hpp"
#include "frames.hpp"

#include <guide/filters/monogenic.hpp>

#include <opencv2/core.hpp>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace guide;

constexpr std::size_t kOutputs = 5;  // phase, orientation, energy, symmetry, asymmetry
const filters::MonogenicOptions kOptions;

/// The same by cv::dft, as one would write it who cares for time: the transfer functions are made
/// beforehand, both odd parts come from one transform, the even part from a real one, everything
/// pointwise is one loop over contiguous memory. The image wraps around at its border.
struct ByFourier {
    explicit ByFourier(cv::Size size) : even(size), both(size), sums(kSums) {
        for (int s = 0; s < kOptions.scales; ++s) {
            const double wavelength = kOptions.min_wavelength_px * std::pow(kOptions.factor, s);
            cv::Mat1f gain(size);
            cv::Mat2f riesz(size);
            for (int y = 0; y < size.height; ++y) {
                const double v = frequency(y, size.height);
                for (int x = 0; x < size.width; ++x) {
                    const double u = frequency(x, size.width), r = std::max(std::hypot(u, v), 1e-9);
                    const double l = std::log(r * wavelength) / std::log(kOptions.sigma_on_f);
                    const double g = std::exp(-0.5 * l * l) /
                                     (1 + std::pow(r / kOptions.low_pass, 20)) / size.area();
                    gain(y, x) = static_cast<float>(g);
                    // (i u - v) / r; a frequency that is its own negative has no sign.
                    riesz(y, x) = {static_cast<float>(2 * y == size.height ? 0 : -g * v / r),
                                   static_cast<float>(2 * x == size.width ? 0 : g * u / r)};
                }
            }
            gains.push_back(gain);
            rieszes.push_back(riesz);
        }
        for (auto& sum : sums)
            sum.create(size);
        for (auto& output : outputs)
            output.create(size);
    }

    static double frequency(int i, int n) {
        return static_cast<double>(2 * i <= n ? i : i - n) / n;
    }

    void run(const cv::Mat1f& in) {
        cv::dft(in, spectrum, cv::DFT_COMPLEX_OUTPUT);
        const std::size_t count = in.total();
        for (std::size_t s = 0; s < gains.size(); ++s) {
            const float *g = gains[s].ptr<float>(), *r = rieszes[s].ptr<float>(0);
            const float* f = spectrum.ptr<float>(0);
            float *e = even.ptr<float>(0), *b = both.ptr<float>(0);
            for (std::size_t i = 0; i < count; ++i) {
                e[2 * i] = g[i] * f[2 * i];
                e[2 * i + 1] = g[i] * f[2 * i + 1];
                b[2 * i] = r[2 * i] * f[2 * i] - r[2 * i + 1] * f[2 * i + 1];
                b[2 * i + 1] = r[2 * i] * f[2 * i + 1] + r[2 * i + 1] * f[2 * i];
            }
            cv::dft(even, line, cv::DFT_INVERSE | cv::DFT_REAL_OUTPUT);
            cv::dft(both, odd, cv::DFT_INVERSE);
            const float *p = line.ptr<float>(0), *h = odd.ptr<float>(0);
            float *all_f = sums[0].ptr<float>(0), *all_x = sums[1].ptr<float>(0),
                  *all_y = sums[2].ptr<float>(0), *lines = sums[3].ptr<float>(0),
                  *amplitude = sums[4].ptr<float>(0);
            if (s == 0) {
                for (auto& sum : sums)
                    sum = 0;
            }
            for (std::size_t i = 0; i < count; ++i) {
                const float x = h[2 * i], y = h[2 * i + 1], squared = x * x + y * y;
                all_f[i] += p[i];
                all_x[i] += x;
                all_y[i] += y;
                lines[i] += std::abs(p[i]) - std::sqrt(squared);
                amplitude[i] += std::sqrt(p[i] * p[i] + squared);
            }
            if (s == 0) finest.assign(amplitude, amplitude + count);
        }
        std::nth_element(finest.begin(), finest.begin() + static_cast<std::ptrdiff_t>(count / 2),
                         finest.end());
        const double m = kOptions.factor, n = kOptions.scales;
        const double tau = static_cast<double>(finest[count / 2]) / std::sqrt(std::log(4.0)) *
                           (1 - std::pow(1 / m, n)) / (1 - 1 / m);
        threshold =
            tau * (std::sqrt(CV_PI / 2) + kOptions.noise_factor * std::sqrt((4 - CV_PI) / 2));
        const auto t = static_cast<float>(threshold);
        const float *f = sums[0].ptr<float>(0), *lines = sums[3].ptr<float>(0),
                    *amplitude = sums[4].ptr<float>(0), *x = sums[1].ptr<float>(0),
                    *y = sums[2].ptr<float>(0);
        odd_length.create(in.size());
        float *h = odd_length.ptr<float>(0), *energy = outputs[2].ptr<float>(0),
              *symmetry = outputs[3].ptr<float>(0), *asymmetry = outputs[4].ptr<float>(0);
        for (std::size_t i = 0; i < count; ++i) {
            const float squared = x[i] * x[i] + y[i] * y[i];
            h[i] = std::sqrt(squared);
            energy[i] = std::sqrt(f[i] * f[i] + squared);
            const float over = 1 / (amplitude[i] + 1e-4F);
            symmetry[i] = std::max(lines[i] - t, 0.0F) * over;
            asymmetry[i] = std::max(-lines[i] - t, 0.0F) * over;
        }
        cv::phase(sums[0], odd_length, outputs[0]);  // to a third of a degree
        cv::phase(sums[1], sums[2], outputs[1]);
        float* o = outputs[1].ptr<float>(0);
        const auto pi = static_cast<float>(CV_PI);
        for (std::size_t i = 0; i < count; ++i)
            o[i] -= o[i] > 1.5F * pi ? 2 * pi : o[i] > 0.5F * pi ? pi : 0.0F;
    }

    static constexpr std::size_t kSums = 5;
    std::vector<cv::Mat1f> gains;
    std::vector<cv::Mat2f> rieszes;
    cv::Mat2f spectrum, even, both, odd;
    cv::Mat1f line, odd_length;
    std::vector<cv::Mat1f> sums, outputs{kOutputs};
    std::vector<float> finest;
    double threshold = 0;
};

struct Frames {
    explicit Frames(const bench::Case& c) : in(bench::speckle_frame(c.width, c.height)) {
        for (auto& output : outputs)
            output = Image<float>(c.width, c.height);
    }
    cv::Mat1f opencv_in() { return {in.height(), in.width(), in.data()}; }
    double bytes() const {
        return static_cast<double>(1 + kOutputs) * static_cast<double>(in.size()) * sizeof(float);
    }

    /// Against cv::dft of the image continued by mirroring, which wraps around without a seam.
    std::string difference() {
        cv::Mat1f mirrored;
        cv::copyMakeBorder(opencv_in(), mirrored, 0, in.height(), 0, in.width(),
                           cv::BORDER_REFLECT);
        ByFourier other(mirrored.size());
        other.run(mirrored);
        for (const std::size_t i : {std::size_t{2}, std::size_t{3}, std::size_t{4}}) {
            const cv::Mat1f mine(in.height(), in.width(), outputs[i].data());
            const cv::Mat1f theirs = other.outputs[i](cv::Rect(0, 0, in.width(), in.height()));
            const double range = i == 2 ? 255 : 1;
            // The median of the mirrored image may be the neighbouring value.
            if (cv::norm(mine, theirs, cv::NORM_INF) > 1e-3 * range) return "differs from OpenCV";
        }
        return "";
    }

    Image<float> in, outputs[kOutputs];
};

bench::Entry by_guide(const bench::Case& c) {
    auto frames = std::make_shared<Frames>(c);
    auto plan = std::make_shared<filters::MonogenicPlan>(c.width, c.height, kOptions);
    filters::MonogenicViews views;
    views.phase = frames->outputs[0].view();
    views.orientation = frames->outputs[1].view();
    views.energy = frames->outputs[2].view();
    views.symmetry = frames->outputs[3].view();
    views.asymmetry = frames->outputs[4].view();
    const double pixels = static_cast<double>(frames->in.size());
    // 16 transforms of 5 / 2 log2(n) and about 6 a pixel and axis; 30 a pixel and band for the
    // sums.
    const double transforms = 16 * pixels * (2.5 * (std::log2(c.width) + std::log2(c.height)) + 12);
    return {[frames, plan, views, threads = c.threads] {
                filters::monogenic(frames->in.view(), views, *plan, {threads, {}});
            },
            [frames] { return frames->difference(); }, frames->bytes(),
            transforms + 5 * 30 * pixels};
}

bench::Entry by_opencv(const bench::Case& c) {
    auto frames = std::make_shared<Frames>(c);
    auto filter = std::make_shared<ByFourier>(cv::Size(c.width, c.height));
    cv::setNumThreads(c.threads);
    return {[frames, filter] { filter->run(frames->opencv_in()); }, {}, frames->bytes()};
}

const bench::Contest contest("monogenic", {{"guide", by_guide}, {"opencv", by_opencv}});

}  // namespace
