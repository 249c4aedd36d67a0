// SPDX-License-Identifier: Apache-2.0
#include "network_file.hpp"
#include "radiograph_field.hpp"
#include "radiograph_odds.hpp"

#include <opencv2/dnn.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <mutex>

namespace guide::segment {

struct RadiographNetwork::Impl {
    mutable std::mutex turn;
    mutable cv::dnn::Net net;  // keeps its layers' results between setInput and forward
};

namespace {

// Shared with training/radiograph_frames.py; another meaning of the planes needs another version.
constexpr std::string_view kMark = "guide.radiograph-network", kVersion = "1";
constexpr int kRows = 128;     // that the network sees
constexpr int kMultiple = 16;  // pixels: the network halves the picture four times
constexpr int kPlanes = 2;

/// One plane of log-odds for two of the picture; empty where the network does not answer so.
cv::Mat1f odds_of(const RadiographNetwork::Impl& impl, const cv::Mat1f& brightness,
                  const cv::Mat1f& level) {
    const std::array shape{1, kPlanes, level.rows, level.cols};
    cv::Mat planes(static_cast<int>(shape.size()), shape.data(), CV_32F, cv::Scalar(0));
    for (int y = 0; y < level.rows; ++y) {
        std::copy_n(brightness[y], level.cols, planes.ptr<float>(0, 0, y));
        std::copy_n(level[y], level.cols, planes.ptr<float>(0, 1, y));
    }
    const std::lock_guard turn(impl.turn);
    impl.net.setInput(planes);
    const cv::Mat answer = impl.net.forward();
    if (answer.dims != 4 || answer.type() != CV_32F || answer.size[0] != 1 || answer.size[1] != 1 ||
        answer.size[2] != level.rows || answer.size[3] != level.cols || !cv::checkRange(answer)) {
        return {};
    }
    cv::Mat1f odds(level.size());
    for (int y = 0; y < level.rows; ++y)
        std::copy_n(answer.ptr<float>(0, 0, y), level.cols, odds[y]);
    return odds;
}

int whole_multiple(int pixels) {
    return (pixels + kMultiple - 1) / kMultiple * kMultiple;
}

}  // namespace

RadiographNetwork::RadiographNetwork(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RadiographNetwork::~RadiographNetwork() = default;

Expected<std::shared_ptr<const RadiographNetwork>> RadiographNetwork::from(std::string_view file) {
    auto impl = std::make_unique<Impl>();
    const auto answers = [&](cv::Size size) {
        const cv::Mat1f grey(size, 1.0F);
        return !odds_of(*impl, grey, grey).empty();
    };
    if (auto fault = fault_when_tried(file, kMark, kVersion, kMultiple, impl->net, answers))
        return tl::unexpected(std::move(*fault));
    return std::make_shared<const RadiographNetwork>(std::move(impl));
}

cv::Mat1f joint_space_odds(const RadiographNetwork& network, const cv::Mat1f& grey,
                           const cv::Mat1f& brightness, const cv::Mat1b& outside, int middle_row) {
    const cv::Mat1b inside = mask_of(outside == 0);
    cv::Scalar mean, deviation;
    cv::meanStdDev(grey, mean, deviation, inside);
    cv::Mat1f level = grey_of((grey - mean[0]) / (deviation[0] + 1e-6));
    level.setTo(0, outside);

    const int first = std::clamp(middle_row - kRows / 2, 0, std::max(0, grey.rows - kRows));
    const int rows = std::min(kRows, grey.rows - first);
    const auto window = [&](const cv::Mat1f& plane) {
        cv::Mat1f seen;
        cv::copyMakeBorder(plane.rowRange(first, first + rows), seen, 0,
                           whole_multiple(rows) - rows, 0, whole_multiple(grey.cols) - grey.cols,
                           cv::BORDER_CONSTANT, cv::Scalar(0));
        return seen;
    };
    cv::Mat1f odds(grey.size(), -kMostOdds);
    cv::Mat1f sum = cv::Mat1f::zeros(rows, grey.cols);
    for (const bool turned : {false, true}) {
        const auto oriented = [&](const cv::Mat1f& plane) {
            if (!turned) return plane;
            cv::Mat1f mirrored;
            cv::flip(plane, mirrored, 1);
            return mirrored;
        };
        const cv::Mat1f answer =
            odds_of(network.impl(), window(oriented(brightness)), window(oriented(level)));
        if (answer.empty())
            CV_Error(cv::Error::StsBadArg,
                     "the network's answer has another shape or is not finite");
        sum += 0.5 * oriented(answer(cv::Rect(0, 0, grey.cols, rows)));
    }
    for (int y = 0; y < rows; ++y)
        for (int x = 0; x < grey.cols; ++x)
            odds(first + y, x) = std::clamp(sum(y, x), -kMostOdds, kMostOdds);
    return odds;
}

}  // namespace guide::segment
