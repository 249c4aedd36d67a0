// SPDX-License-Identifier: Apache-2.0
#include "contest.hpp"
#include "frames.hpp"

#include <guide/filters/structure_tensor.hpp>

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <memory>

namespace {

using namespace guide;

constexpr filters::StructureTensorOptions kOptions{1, 3};

struct Frames {
    explicit Frames(const bench::Case& c)
        : in(bench::speckle_frame(c.width, c.height)),
          orientation(c.width, c.height),
          coherence(c.width, c.height),
          energy(c.width, c.height) {
        slope.create(1, 9);
        double sum = 0, second = 0;
        for (int i = -4; i <= 4; ++i) {
            const double w = std::exp(-0.5 * i * i);
            slope(0, i + 4) = static_cast<float>(i * w);
            sum += w;
            second += i * i * w;
        }
        slope /= second;
        smooth = cv::getGaussianKernel(9, kOptions.gradient_sigma, CV_32F).t();
    }
    Image<float> in, orientation, coherence, energy;
    cv::Mat1f slope, smooth, angle, ratio, trace;

    void guide(int threads) {
        filters::structure_tensor(in.view(), {orientation.view(), coherence.view(), energy.view()},
                                  kOptions, {threads, {}});
    }

    void opencv() {
        const cv::Mat1f source(in.height(), in.width(), in.data());
        cv::Mat1f gx, gy, apart, cross, root;
        cv::sepFilter2D(source, gx, CV_32F, slope, smooth, {-1, -1}, 0, cv::BORDER_REPLICATE);
        cv::sepFilter2D(source, gy, CV_32F, smooth, slope, {-1, -1}, 0, cv::BORDER_REPLICATE);
        cv::Mat1f products[3];
        cv::multiply(gx, gx, products[0]);
        cv::multiply(gx, gy, products[1]);
        cv::multiply(gy, gy, products[2]);
        for (cv::Mat1f& product : products) {
            cv::GaussianBlur(product, product, {25, 25}, kOptions.window_sigma,
                             kOptions.window_sigma, cv::BORDER_REPLICATE);
        }
        trace = products[0] + products[2];
        apart = products[0] - products[2];
        cross = 2 * products[1];
        cv::cartToPolar(apart, cross, root, angle);
        angle *= 0.5;
        ratio = root / cv::max(trace, 1e-15);
    }

    [[nodiscard]] double bytes() const {
        return 4.0 * static_cast<double>(in.size()) * sizeof(float);
    }
    [[nodiscard]] double flops() const {
        return (4 * 4 * 3 + 2 * 3 * 12 * 3 + 40) * static_cast<double>(in.size());
    }
    [[nodiscard]] double divisions() const { return 3.0 * static_cast<double>(in.size()); }
};

bench::Entry by_guide(const bench::Case& c) {
    auto frames = std::make_shared<Frames>(c);
    return {[frames, threads = c.threads] { frames->guide(threads); },
            [frames] {
                frames->opencv();
                // Away from the border, where each goes on in its own way.
                const cv::Rect inside(20, 20, frames->in.width() - 40, frames->in.height() - 40);
                const auto apart = [&](const Image<float>& a, const cv::Mat1f& b) {
                    const cv::Mat1f ours(a.height(), a.width(), const_cast<float*>(a.data()));
                    return cv::norm(ours(inside), b(inside), cv::NORM_INF);
                };
                const bool same = apart(frames->energy, frames->trace) <
                                      1e-4 * cv::norm(frames->trace, cv::NORM_INF) &&
                                  apart(frames->coherence, frames->ratio) < 1e-3;
                return same ? "" : "differs from OpenCV";
            },
            frames->bytes(), frames->flops(), frames->divisions()};
}

bench::Entry by_opencv(const bench::Case& c) {
    auto frames = std::make_shared<Frames>(c);
    cv::setNumThreads(c.threads);
    return {[frames] { frames->opencv(); }, {}, frames->bytes()};
}

const bench::Contest contest("structure_tensor", {{"guide", by_guide}, {"opencv", by_opencv}});

}  // namespace
