// SPDX-License-Identifier: Apache-2.0
#include "contest.hpp"
#include "frames.hpp"

#include <guide/filters/resample.hpp>

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <memory>

namespace {

using namespace guide;

/// To two thirds, against OpenCV's area average (boxes where ours are triangles; INTER_LINEAR is no
/// rival there, for it leaves pixels out), and to twice the size, where both interpolate linearly.
struct Frames {
    Frames(const bench::Case& c, double factor)
        : in(bench::speckle_frame(c.width, c.height)),
          out(static_cast<int>(factor * c.width), static_cast<int>(factor * c.height)),
          shrinks(factor < 1) {}
    Image<float> in, out;
    bool shrinks;
    cv::Mat1f opencv_in{in.height(), in.width(), in.data()}, opencv_out;

    void opencv() {
        cv::resize(opencv_in, opencv_out, {out.width(), out.height()}, 0, 0,
                   shrinks ? cv::INTER_AREA : cv::INTER_LINEAR);
    }
    std::string check() {
        opencv();
        const cv::Mat1f ours(out.height(), out.width(), out.data());
        if (!shrinks) {
            return cv::norm(ours, opencv_out, cv::NORM_INF) < 0.01 ? "" : "differs from OpenCV";
        }
        // The definition at one pixel off the border.
        const int x = out.width() / 2, y = out.height() / 2;
        const double cx = (x + 0.5) * in.width() / out.width() - 0.5;
        const double cy = (y + 0.5) * in.height() / out.height() - 0.5;
        double sum = 0, weights = 0;
        for (int j = static_cast<int>(cy) - 2; j <= cy + 2; ++j) {
            for (int i = static_cast<int>(cx) - 2; i <= cx + 2; ++i) {
                const double w = std::max(0.0, 1 - std::abs(i - cx) * out.width() / in.width()) *
                                 std::max(0.0, 1 - std::abs(j - cy) * out.height() / in.height());
                sum += w * in.at(i, j);
                weights += w;
            }
        }
        return std::abs(out.at(x, y) - sum / weights) < 0.01 ? "" : "differs from its definition";
    }
    double bytes() const { return sizeof(float) * static_cast<double>(in.size() + out.size()); }
};

bench::Prepare by_guide(double factor) {
    return [factor](const bench::Case& c) -> bench::Entry {
        auto frames = std::make_shared<Frames>(c, factor);
        return {[frames, threads = c.threads] {
                    filters::resample(frames->in.view(), frames->out.view(), {threads, {}});
                },
                [frames] { return frames->check(); }, frames->bytes()};
    };
}

bench::Prepare by_opencv(double factor) {
    return [factor](const bench::Case& c) -> bench::Entry {
        auto frames = std::make_shared<Frames>(c, factor);
        cv::setNumThreads(c.threads);
        return {[frames] { frames->opencv(); }, {}, frames->bytes()};
    };
}

const bench::Contest shrinking("resample",
                               {{"guide", by_guide(2.0 / 3)}, {"opencv", by_opencv(2.0 / 3)}});
const bench::Contest enlarging("resample_enlarging",
                               {{"guide", by_guide(2)}, {"opencv", by_opencv(2)}});

}  // namespace
