// SPDX-License-Identifier: Apache-2.0
#include "contest.hpp"
#include "frames.hpp"

#include <guide/filters/gaussian.hpp>

#include <opencv2/imgproc.hpp>

#include <cmath>
#include <memory>

namespace {

using namespace guide;

constexpr double kSigma = 2;

struct Frames {
    explicit Frames(const bench::Case& c)
        : in(bench::speckle_frame(c.width, c.height)), out(c.width, c.height) {}
    Image<float> in, out;
    cv::Mat1f opencv_in{in.height(), in.width(), in.data()}, opencv_out;

    void opencv() {
        cv::GaussianBlur(opencv_in, opencv_out, {17, 17}, kSigma, kSigma, cv::BORDER_REPLICATE);
    }
    double bytes() const { return 2.0 * static_cast<double>(in.size()) * sizeof(float); }
};

bench::Entry by_guide(const bench::Case& c) {
    auto frames = std::make_shared<Frames>(c);
    return {[frames, threads = c.threads] {
                filters::gaussian_blur(frames->in.view(), frames->out.view(), {kSigma, kSigma},
                                       {threads, {}});
            },
            [frames] {
                frames->opencv();
                const cv::Mat1f out(frames->out.height(), frames->out.width(), frames->out.data());
                return cv::norm(out, frames->opencv_out, cv::NORM_INF) < 0.01
                           ? ""
                           : "differs from OpenCV";
            },
            frames->bytes()};
}

bench::Entry by_opencv(const bench::Case& c) {
    auto frames = std::make_shared<Frames>(c);
    cv::setNumThreads(c.threads);
    return {[frames] { frames->opencv(); }, {}, frames->bytes()};
}

const bench::Contest contest("gaussian", {{"guide", by_guide}, {"opencv", by_opencv}});

}  // namespace
