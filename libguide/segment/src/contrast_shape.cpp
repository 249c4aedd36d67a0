// SPDX-License-Identifier: Apache-2.0
#include "contrast_shape.hpp"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace guide::segment {
namespace {

// On the grid of the change, about 0.5 mm a pixel.
constexpr double kNoise = 4;          // standard deviations that agent is above
constexpr double kFront = 0.1;        // of the greatest change: agent thins out towards its front
constexpr int kLeastPart = 25;        // px of a part
constexpr double kLeastShare = 0.01;  // of the largest part's agent
constexpr double kRing = 0.15;        // width of an elliptic ring, in standard deviations
constexpr double kRings = 3;          // standard deviations that they reach to

/// What of the change is agent: the largest part, and all parts.
struct Parts {
    cv::Mat1b all, largest;
};

float greatest(const cv::Mat1f& change, const cv::Mat1b& where, double share) {
    std::vector<float> values;
    for (int y = 0; y < change.rows; ++y) {
        for (int x = 0; x < change.cols; ++x) {
            if (where.empty() || where(y, x) != 0) values.push_back(change(y, x));
        }
    }
    const auto at = values.begin() +
                    static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), at, values.end());
    return *at;
}

std::optional<Parts> parts_of(const ContrastChange& change) {
    const double limit = std::max(kNoise * change.noise,
                                  kFront * static_cast<double>(greatest(change.change, {}, 0.998)));
    const cv::Mat1b above = change.change > limit;
    cv::Mat1i labels, statistics;
    cv::Mat1d centres;
    const int count = cv::connectedComponentsWithStats(above, labels, statistics, centres);
    std::vector<double> agent(static_cast<std::size_t>(count), 0.0);
    for (int y = 0; y < labels.rows; ++y) {
        for (int x = 0; x < labels.cols; ++x) {
            if (labels(y, x) > 0)
                agent[static_cast<std::size_t>(labels(y, x))] += change.change(y, x);
        }
    }
    const auto most = std::max_element(agent.begin(), agent.end());
    const int largest = static_cast<int>(most - agent.begin());
    if (largest == 0 || statistics(largest, cv::CC_STAT_AREA) < kLeastPart) return std::nullopt;
    Parts parts{cv::Mat1b(above.size(), static_cast<unsigned char>(0)), labels == largest};
    for (int i = 1; i < count; ++i) {
        if (statistics(i, cv::CC_STAT_AREA) >= kLeastPart &&
            agent[static_cast<std::size_t>(i)] > kLeastShare * *most)
            parts.all.setTo(255, labels == i);
    }
    return parts;
}

/// Share of the variance about an ellipse that its rings leave, without what noise adds.
double streaks_of(const ContrastChange& change, const cv::Moments& m) {
    const double cx = m.m10 / m.m00, cy = m.m01 / m.m00;
    const double xx = m.mu20 / m.m00, yy = m.mu02 / m.m00, xy = m.mu11 / m.m00;
    const double determinant = std::max(xx * yy - xy * xy, 1e-6);
    const auto rings = static_cast<std::size_t>(kRings / kRing);
    std::vector<double> sum(rings, 0), squares(rings, 0), count(rings, 0);
    for (int y = 0; y < change.change.rows; ++y) {
        for (int x = 0; x < change.change.cols; ++x) {
            const double dx = x - cx, dy = y - cy;
            const double rho =
                std::sqrt((yy * dx * dx - 2 * xy * dx * dy + xx * dy * dy) / determinant);
            const auto ring = static_cast<std::size_t>(rho / kRing);
            if (ring >= rings) continue;
            const double value = change.change(y, x);
            sum[ring] += value;
            squares[ring] += value * value;
            count[ring] += 1;
        }
    }
    double all = 0, all_squares = 0, n = 0, left = 0;
    for (std::size_t i = 0; i < rings; ++i) {
        if (count[i] == 0) continue;
        left += squares[i] - sum[i] * sum[i] / count[i];
        all += sum[i];
        all_squares += squares[i];
        n += count[i];
    }
    const double total = (all_squares - all * all / n) / n;
    return std::log(std::max((left / n - change.noise * change.noise) / total, 1e-3));
}

/// Of the part that is half as dense as the agent can be: outline, hull, slope.
void add_dense_part(const ContrastChange& change, const Parts& parts, ContrastShape& shape,
                    double& area) {
    const double dense = greatest(change.change, parts.largest, 0.95);
    const cv::Mat1b half = (change.change > 0.5 * dense) & parts.largest;
    area = cv::countNonZero(half);
    std::vector<std::vector<cv::Point>> outlines;
    cv::findContours(half, outlines, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_NONE);
    const auto outline = *std::max_element(
        outlines.begin(), outlines.end(),
        [](const auto& a, const auto& b) { return cv::contourArea(a) < cv::contourArea(b); });
    std::vector<cv::Point> hull;
    cv::convexHull(outline, hull);
    shape.dents = std::log((cv::contourArea(hull) + 1) / (cv::contourArea(outline) + 1));
    cv::Mat1f dx, dy;
    cv::Sobel(change.change, dx, CV_32F, 1, 0, 3, 1.0 / 8);
    cv::Sobel(change.change, dy, CV_32F, 0, 1, 3, 1.0 / 8);
    double slope = 0;
    for (const cv::Point& p : outline)
        slope += std::hypot(dx(p), dy(p)) / static_cast<double>(outline.size());
    shape.sharpness = std::log(std::max(slope, 1e-9) / dense * std::sqrt(std::max(area, 1.0)));
}

}  // namespace

std::optional<ContrastRegion> shape_of(const ContrastChange& change,
                                       const std::optional<Spacing>& spacing,
                                       const ContrastCheckOptions& options) {
    const auto parts = parts_of(change);
    if (!parts) return std::nullopt;
    ContrastRegion region;
    ContrastShape& shape = region.shape;
    cv::Mat1f agent(change.change.size(), 0.0F), main(change.change.size(), 0.0F);
    change.change.copyTo(agent, parts->all);
    change.change.copyTo(main, parts->largest);

    const cv::Moments m = cv::moments(main);
    const double xx = m.mu20 / m.m00, yy = m.mu02 / m.m00, xy = m.mu11 / m.m00;
    const double half_sum = 0.5 * (xx + yy), half_gap = std::hypot(0.5 * (xx - yy), xy);
    shape.slenderness = 0.5 * std::log((half_sum + half_gap) / std::max(half_sum - half_gap, 1e-3));
    shape.streaks = streaks_of(change, m);
    double dense_area = 0;
    add_dense_part(change, *parts, shape, dense_area);

    const double area = cv::countNonZero(parts->all), radius = std::sqrt(area / CV_PI);
    const cv::Moments all = cv::moments(agent);
    const cv::Point2d centre(all.m10 / all.m00, all.m01 / all.m00);
    const auto to_frame = [&](double v) { return (v + 0.5) / change.scale - 0.5; };
    region.centre = {to_frame(centre.x), to_frame(centre.y)};
    region.area_px = area / (change.scale * change.scale);
    if (options.tip) {
        const cv::Point2d tip((options.tip->x + 0.5) * change.scale - 0.5,
                              (options.tip->y + 0.5) * change.scale - 0.5);
        shape.offset = std::hypot(centre.x - tip.x, centre.y - tip.y) / radius;
        double near = 0;
        for (int y = 0; y < agent.rows; ++y) {
            for (int x = 0; x < agent.cols; ++x) {
                if (std::hypot(x - tip.x, y - tip.y) <= radius) near += agent(y, x);
            }
        }
        shape.pooled = near / all.m00;
    }
    if (spacing && options.injected_ml) {
        const double mm2 =
            dense_area * spacing->x_mm * spacing->y_mm / (change.scale * change.scale);
        shape.spread = std::log(mm2 / std::pow(1000 * *options.injected_ml, 2.0 / 3));
    }
    return region;
}

}  // namespace guide::segment
