// SPDX-License-Identifier: Apache-2.0
#include "contest.hpp"
#include "frames.hpp"

#include <guide/filters/persistence.hpp>

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <memory>

namespace {

using namespace guide;

constexpr double kWeight = 0.3;

/// Two frames in turn, the second darker by 20: within what speckle explains, so that the adaptive
/// form does all its work and gives what OpenCV's plain average gives.
struct Frames {
    explicit Frames(const bench::Case& c)
        : first(bench::speckle_frame(c.width, c.height)), second(first.clone()) {
        for (std::size_t i = 0; i < second.size(); ++i)
            second.data()[i] -= 20;
        persistence.add(first.view());
        opencv_average = opencv(first).clone();
    }
    static cv::Mat1f opencv(Image<float>& frame) {
        return {frame.height(), frame.width(), frame.data()};
    }
    Image<float>& next() { return (odd = !odd) ? second : first; }

    Image<float> first, second;
    bool odd = false;
    filters::Persistence persistence{{kWeight, 30}};
    cv::Mat1f opencv_average;
    double bytes() const { return 3.0 * sizeof(float) * static_cast<double>(first.size()); }
};

bench::Entry by_guide(const bench::Case& c) {
    auto frames = std::make_shared<Frames>(c);
    return {[frames, threads = c.threads] {
                frames->persistence.add(frames->next().view(), {threads, {}});
            },
            [frames] {
                cv::accumulateWeighted(Frames::opencv(frames->second), frames->opencv_average,
                                       kWeight);
                const auto ours = frames->persistence.view_average();
                double largest = 0;
                for (int y = 0; y < ours.height; ++y) {
                    for (int x = 0; x < ours.width; ++x)
                        largest = std::max<double>(
                            largest, std::abs(ours.at(x, y) - frames->opencv_average(y, x)));
                }
                return largest < 1e-3 ? "" : "differs from OpenCV";
            },
            frames->bytes()};
}

bench::Entry by_opencv(const bench::Case& c) {
    auto frames = std::make_shared<Frames>(c);
    cv::setNumThreads(c.threads);
    return {[frames] {
                cv::accumulateWeighted(Frames::opencv(frames->next()), frames->opencv_average,
                                       kWeight);
            },
            {},
            frames->bytes()};
}

const bench::Contest contest("persistence", {{"guide", by_guide}, {"opencv", by_opencv}});

}  // namespace
