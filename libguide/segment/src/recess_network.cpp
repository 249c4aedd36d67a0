// SPDX-License-Identifier: Apache-2.0
#include "network_file.hpp"
#include "network_probability.hpp"

#include <opencv2/dnn.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <mutex>
#include <vector>

namespace guide::segment {

struct RecessNetwork::Impl {
    mutable std::mutex turn;
    mutable cv::dnn::Net net;  // keeps its layers' results between setInput and forward
};

namespace {

// Shared with training/train_network.py; another meaning of the planes needs another version.
constexpr std::string_view kMark = "guide.recess-network", kVersion = "1";
constexpr double kCell = 0.4;         // mm
constexpr double kMiddleEcho = 0.7;   // of the tissue level: 0 for the network
constexpr double kDepthRange = 40.0;  // mm
constexpr int kMultiple = 8;          // cells: the network halves the picture three times
constexpr int kPlanes = 6, kClasses = 5, kJointSpace = 1;

int plane_of(View view) {
    switch (view) {
        case View::suprapatellar_long:
            return 2;
        case View::suprapatellar_transverse:
            return 3;
        case View::posterior:
            return 4;
        case View::medial:
        case View::lateral:
            return 5;
        default:
            return -1;
    }
}

/// The network's classes (1 x 5 x rows x columns) for the echo on its own cells.
cv::Mat classes_of(const RecessNetwork::Impl& impl, const cv::Mat1f& echo, View view) {
    const std::array shape{1, kPlanes, echo.rows, echo.cols};
    cv::Mat planes(static_cast<int>(shape.size()), shape.data(), CV_32F, cv::Scalar(0));
    for (int y = 0; y < echo.rows; ++y) {
        for (int x = 0; x < echo.cols; ++x) {
            planes.ptr<float>(0, 0, y)[x] = echo(y, x) - static_cast<float>(kMiddleEcho);
            planes.ptr<float>(0, 1, y)[x] = static_cast<float>(y * kCell / kDepthRange - 0.5);
            if (plane_of(view) >= 0) planes.ptr<float>(0, plane_of(view), y)[x] = 1;
        }
    }
    const std::lock_guard turn(impl.turn);
    impl.net.setInput(planes);
    return impl.net.forward().clone();
}

bool has_shape(const cv::Mat& classes, int rows, int columns) {
    return classes.dims == 4 && classes.type() == CV_32F && classes.size[0] == 1 &&
           classes.size[1] == kClasses && classes.size[2] == rows && classes.size[3] == columns &&
           cv::checkRange(classes);
}

int whole_multiple(int cells) {
    return (cells + kMultiple - 1) / kMultiple * kMultiple;
}

/// Of the joint space among all classes.
cv::Mat1f joint_space_share(const cv::Mat& classes, cv::Size size) {
    if (!has_shape(classes, whole_multiple(size.height), whole_multiple(size.width)))
        CV_Error(cv::Error::StsBadArg, "the network's answer has another shape, or is not finite");
    cv::Mat1f share(size);
    for (int y = 0; y < size.height; ++y) {
        for (int x = 0; x < size.width; ++x) {
            std::array<double, kClasses> v{};
            for (int c = 0; c < kClasses; ++c)
                v[static_cast<std::size_t>(c)] = classes.ptr<float>(0, c, y)[x];
            const double most = *std::max_element(v.begin(), v.end());
            double sum = 0;
            for (double& e : v)
                sum += e = std::exp(e - most);
            share(y, x) = static_cast<float>(v[kJointSpace] / sum);
        }
    }
    return share;
}

}  // namespace

RecessNetwork::RecessNetwork(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RecessNetwork::~RecessNetwork() = default;

Expected<std::shared_ptr<const RecessNetwork>> RecessNetwork::from(std::string_view file) {
    auto impl = std::make_unique<Impl>();
    const auto answers = [&](cv::Size size) {
        const cv::Mat1f grey(size, 1.0F);
        return has_shape(classes_of(*impl, grey, View::unknown), size.height, size.width);
    };
    if (auto fault = fault_when_tried(file, kMark, kVersion, kMultiple, impl->net, answers))
        return tl::unexpected(std::move(*fault));
    return std::make_shared<const RecessNetwork>(std::move(impl));
}

cv::Mat1f network_probability(const RecessNetwork& network, const TissueGrid& grid, View view) {
    const double scale = grid.step_mm / kCell;
    const cv::Size size(std::max(1, static_cast<int>(std::lround(grid.echo.cols * scale))),
                        std::max(1, static_cast<int>(std::lround(grid.echo.rows * scale))));
    cv::Mat1f echo, mirrored, probability;
    cv::resize(grid.echo, echo, size, 0, 0, cv::INTER_AREA);
    const cv::Mat1f seen = [&] {
        cv::Mat1f sum = cv::Mat1f::zeros(size);
        for (const bool turned : {false, true}) {
            cv::Mat1f padded;
            if (turned) cv::flip(echo, mirrored, 1);
            cv::copyMakeBorder(turned ? mirrored : echo, padded, 0,
                               whole_multiple(size.height) - size.height, 0,
                               whole_multiple(size.width) - size.width, cv::BORDER_CONSTANT);
            cv::Mat1f share = joint_space_share(classes_of(network.impl(), padded, view), size);
            if (turned) cv::flip(share, share, 1);
            sum += 0.5 * share;
        }
        return sum;
    }();
    cv::resize(seen, probability, grid.echo.size(), 0, 0, cv::INTER_LINEAR);
    return probability;
}

}  // namespace guide::segment
