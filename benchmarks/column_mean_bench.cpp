// SPDX-License-Identifier: Apache-2.0
#include "contest.hpp"
#include "frames.hpp"

#include <guide/filters/column_mean.hpp>

#include <opencv2/imgproc.hpp>

#include <memory>

namespace {

using namespace guide;

constexpr int kReach = 16;

/// The nearest thing in OpenCV is a box filter one column wide; it takes no windows off the pixel.
struct Frames {
    explicit Frames(const bench::Case& c)
        : in(bench::speckle_frame(c.width, c.height)), out(c.width, c.height) {}
    Image<float> in, out;
    cv::Mat1f opencv_in{in.height(), in.width(), in.data()}, opencv_out;

    void opencv() { cv::boxFilter(opencv_in, opencv_out, -1, {1, 2 * kReach + 1}); }
    std::string check() {
        opencv();  // the same where the window is not cut off
        const cv::Mat1f ours(out.height(), out.width(), out.data());
        const cv::Range rows(kReach, out.height() - kReach);
        return cv::norm(ours.rowRange(rows), opencv_out.rowRange(rows), cv::NORM_INF) < 1e-3
                   ? ""
                   : "differs from OpenCV";
    }
    double bytes() const { return 2.0 * static_cast<double>(in.size()) * sizeof(float); }
};

bench::Entry by_guide(const bench::Case& c) {
    auto frames = std::make_shared<Frames>(c);
    return {[frames, threads = c.threads] {
                filters::column_mean(frames->in.view(), frames->out.view(), {-kReach, kReach + 1},
                                     {threads, {}});
            },
            [frames] { return frames->check(); }, frames->bytes()};
}

bench::Entry by_opencv(const bench::Case& c) {
    auto frames = std::make_shared<Frames>(c);
    cv::setNumThreads(c.threads);
    return {[frames] { frames->opencv(); }, {}, frames->bytes()};
}

const bench::Contest contest("column_mean", {{"guide", by_guide}, {"opencv", by_opencv}});

}  // namespace
