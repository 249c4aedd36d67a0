// SPDX-License-Identifier: Apache-2.0
#include "contest.hpp"
#include "frames.hpp"

#include <guide/filters/oriented_lines.hpp>

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

namespace {

using namespace guide;

constexpr double kNeedle = 0.6;  // rad

struct Frames {
    explicit Frames(const bench::Case& c, int grid)
        : in(bench::speckle_frame(c.width, c.height)),
          response((c.width + grid - 1) / grid, (c.height + grid - 1) / grid),
          angle(response.width(), response.height()) {
        options.grid_px = grid;
        for (int y = 0; y < in.height(); ++y) {
            for (int x = 0; x < in.width(); ++x) {
                const double v = (y - in.height() / 4) * std::cos(kNeedle) -
                                 (x - in.width() / 4) * std::sin(kNeedle);
                if (std::abs(v) < 2) in.at(x, y) = 255;
            }
        }
    }
    Image<float> in, response, angle;
    filters::OrientedLinesOptions options;
    filters::Workspace workspace;

    [[nodiscard]] double bytes() const {
        return static_cast<double>(in.size() + 2 * response.size()) * sizeof(float);
    }
    /// Samples of the line and the flanks for each angle; the smoothing is little beside it.
    [[nodiscard]] double flops() const {
        return options.angles * (25 + 12.0) * static_cast<double>(response.size());
    }
};

bench::Prepare by_guide(int grid) {
    return [grid](const bench::Case& c) -> bench::Entry {
        auto frames = std::make_shared<Frames>(c, grid);
        return {[frames, threads = c.threads] {
                    filters::oriented_lines(frames->in.view(),
                                            {frames->response.view(), frames->angle.view()},
                                            frames->options, frames->workspace, {threads, {}});
                },
                [frames, grid] {
                    const int x = frames->in.width() / 4 / grid, y = frames->in.height() / 4 / grid;
                    return std::abs(frames->angle.at(x, y) - kNeedle) < 0.02 ? ""
                                                                             : "needle not found";
                },
                frames->bytes(), frames->flops()};
    };
}

/// A bank of linear kernels, one for each angle: the line less the mean of its flanks, smoothed to
/// its width.
bench::Entry by_opencv(const bench::Case& c) {
    auto frames = std::make_shared<Frames>(c, 1);
    cv::setNumThreads(c.threads);
    const auto& o = frames->options;
    auto kernels = std::make_shared<std::vector<cv::Mat1f>>();
    const int reach = 42;
    const double sigma = 0.42466 * o.width_px, flank = 1.5 * o.width_px;
    for (int i = 0; i < o.angles; ++i) {
        const double angle = o.first_angle + i * (o.last_angle - o.first_angle) / (o.angles - 1);
        cv::Mat1f kernel(2 * reach + 1, 2 * reach + 1);
        for (int y = -reach; y <= reach; ++y) {
            for (int x = -reach; x <= reach; ++x) {
                const double u = x * std::cos(angle) + y * std::sin(angle);
                const double v = y * std::cos(angle) - x * std::sin(angle);
                const auto bell = [&](double d) {
                    return std::exp(-0.5 * d * d / (sigma * sigma));
                };
                const bool inside = std::abs(u) <= o.length_px / 2;
                kernel(y + reach, x + reach) = static_cast<float>(
                    inside ? bell(v) - 0.5 * bell(v - flank) - 0.5 * bell(v + flank) : 0);
            }
        }
        kernel /= o.length_px * sigma * 2.5066;
        kernels->push_back(kernel);
    }
    auto best = std::make_shared<cv::Mat>();
    auto index = std::make_shared<cv::Mat1f>();
    return {
        [frames, kernels, best, index] {
            const cv::Mat1f source(frames->in.height(), frames->in.width(), frames->in.data());
            cv::Mat response;
            *best = cv::Mat::zeros(source.size(), CV_32F);
            *index = cv::Mat1f::zeros(source.size());
            for (std::size_t i = 0; i < kernels->size(); ++i) {
                cv::filter2D(source, response, CV_32F, (*kernels)[i], {-1, -1}, 0,
                             cv::BORDER_REPLICATE);
                index->setTo(static_cast<double>(i), response > *best);
                cv::max(response, *best, *best);
            }
        },
        [frames, index] {
            const auto& options = frames->options;
            const double step = (options.last_angle - options.first_angle) / (options.angles - 1);
            const float i = (*index)(frames->in.height() / 4, frames->in.width() / 4);
            return std::abs(options.first_angle + i * step - kNeedle) < step ? ""
                                                                             : "needle not found";
        },
        frames->bytes()};
}

const bench::Contest contest("oriented_lines", {{"guide", by_guide(1)}, {"opencv", by_opencv}});
const bench::Contest coarse("oriented_lines_grid2", {{"guide", by_guide(2)}});

}  // namespace
