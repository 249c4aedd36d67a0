// SPDX-License-Identifier: Apache-2.0
#include "contest.hpp"
#include "frames.hpp"

#include <guide/filters/gaussian.hpp>
#include <guide/filters/non_local_means.hpp>

#include <opencv2/photo.hpp>

#include <cmath>
#include <memory>

namespace {

using namespace guide;

constexpr filters::NonLocalMeansOptions kOptions{};  // 21 x 21 search, 7 x 7 patch
constexpr float kOpenCvStrength = 20;  // about the same smoothing; its time does not depend on it

struct Frames {
    explicit Frames(const bench::Case& c)
        : in(bench::speckle_frame(c.width, c.height)), out(c.width, c.height) {}
    Image<float> in, out;
    filters::Workspace workspace;

    [[nodiscard]] double bytes() const {
        return 2.0 * static_cast<double>(in.size()) * sizeof(float);
    }
};

/// The definition at one pixel whose patches lie inside the frame; `compared` holds the stabilised
/// values.
double plain(const Image<float>& in, const Image<double>& compared, int x, int y) {
    const int r = kOptions.search_radius, p = kOptions.patch_radius;
    const double h2 = std::pow((2 * p + 1) * kOptions.smoothing, 2);
    double sum = 0, total = 0;
    for (int dy = -r; dy <= r; ++dy) {
        for (int dx = -r; dx <= r; ++dx) {
            double distance = 0;
            for (int j = y - p; j <= y + p; ++j) {
                for (int i = x - p; i <= x + p; ++i)
                    distance += std::pow(compared.at(i, j) - compared.at(i + dx, j + dy), 2);
            }
            const double weight = std::exp(-distance / h2);
            sum += weight * in.at(x + dx, y + dy);
            total += weight;
        }
    }
    return sum / total;
}

std::string check(const Frames& f) {
    Image<float> blurred(f.in.width(), f.in.height());
    filters::gaussian_blur(f.in.view(), blurred.view(),
                           {kOptions.compare_sigma, kOptions.compare_sigma});
    Image<double> compared(f.in.width(), f.in.height());
    for (std::size_t i = 0; i < compared.size(); ++i)
        compared.data()[i] = 2 * std::sqrt(double{blurred.data()[i]});  // gamma = 0.5
    constexpr int kMargin = 20;
    for (int y = kMargin; y < f.in.height() - kMargin; y += 17) {
        for (int x = kMargin; x < f.in.width() - kMargin; x += 29) {
            if (!(std::abs(f.out.at(x, y) - plain(f.in, compared, x, y)) < 0.05))
                return "differs from the definition";
        }
    }
    return "";
}

bench::Entry by_guide(const bench::Case& c) {
    auto frames = std::make_shared<Frames>(c);
    // A pair of pixels: a square in and one out (5), sums over seven columns (4), a weight (9), and
    // two products into two means (6).
    const double pairs = 0.5 * (21 * 21 - 1) * static_cast<double>(frames->in.size());
    return {[frames, threads = c.threads] {
                filters::non_local_means(frames->in.view(), frames->out.view(), kOptions,
                                         frames->workspace, {threads, {}});
            },
            [frames] { return check(*frames); }, frames->bytes(), 24 * pairs};
}

bench::Entry by_opencv(const bench::Case& c) {
    const Frames frames(c);
    auto in = std::make_shared<cv::Mat1b>(), out = std::make_shared<cv::Mat1b>();
    const cv::Mat1f floats(c.height, c.width, const_cast<float*>(frames.in.data()));
    floats.convertTo(*in, CV_8U);  // it takes bytes only
    cv::setNumThreads(c.threads);
    return {[in, out] { cv::fastNlMeansDenoising(*in, *out, kOpenCvStrength, 7, 21); },
            {},
            frames.bytes()};
}

const bench::Contest contest("non_local_means", {{"guide", by_guide}, {"opencv", by_opencv}});

}  // namespace
