// SPDX-License-Identifier: Apache-2.0
#include "contest.hpp"
#include "frames.hpp"

#include <guide/filters/gaussian.hpp>
#include <guide/filters/guided_filter.hpp>

#include <opencv2/ximgproc.hpp>

#include <memory>

namespace {

using namespace guide;

constexpr filters::GuidedFilterOptions kOptions{};

/// A frame and the smoothed frame that guides it.
struct Frames {
    explicit Frames(const bench::Case& c)
        : in(bench::speckle_frame(c.width, c.height)),
          guidance(c.width, c.height),
          out(c.width, c.height) {
        filters::gaussian_blur(in.view(), guidance.view(), {2, 2});
    }
    Image<float> in, guidance, out;
    filters::Workspace workspace;
    cv::Mat1f opencv_in{in.height(), in.width(), in.data()};
    cv::Mat1f opencv_guidance{in.height(), in.width(), guidance.data()}, opencv_out;

    void opencv() {
        cv::ximgproc::guidedFilter(opencv_guidance, opencv_in, opencv_out, kOptions.radius,
                                   kOptions.epsilon);
    }
    [[nodiscard]] double bytes() const {
        return 3.0 * static_cast<double>(in.size()) * sizeof(float);
    }
};

bench::Entry by_guide(const bench::Case& c) {
    auto frames = std::make_shared<Frames>(c);
    return {
        [frames, threads = c.threads] {
            filters::guided_filter(frames->in.view(), frames->guidance.view(), frames->out.view(),
                                   kOptions, frames->workspace, {threads, {}});
        },
        [frames] {
            frames->opencv();
            const cv::Mat1f out(frames->out.height(), frames->out.width(), frames->out.data());
            return cv::norm(out, frames->opencv_out, cv::NORM_INF) < 0.05 ? ""
                                                                          : "differs from OpenCV";
        },
        frames->bytes()};
}

bench::Entry by_opencv(const bench::Case& c) {
    auto frames = std::make_shared<Frames>(c);
    cv::setNumThreads(c.threads);
    return {[frames] { frames->opencv(); }, {}, frames->bytes()};
}

const bench::Contest contest("guided_filter", {{"guide", by_guide}, {"opencv", by_opencv}});

}  // namespace
