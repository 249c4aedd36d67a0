// SPDX-License-Identifier: Apache-2.0
#include "fluoroscopy_pose.hpp"

#include "radiograph_field.hpp"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <optional>

namespace guide::segment {
namespace {

constexpr int kAngles = 12;  // over half a turn
constexpr int kWidth = 40;   // px: joint line on the search grids
constexpr std::array<double, 4> kSizes{0.18, 0.25, 0.35, 0.5};  // of the field
constexpr int kFromEach = 2;                                    // places of an angle and size
constexpr double kLeastInside = 0.3;                            // of a box that it is read at

/// Sums over any box in four reads.
class BoxMeans {
  public:
    BoxMeans(const cv::Mat1f& values, const cv::Mat1f& weights) {
        cv::integral(grey_of(values.mul(weights)), values_, CV_64F);
        cv::integral(weights, weights_, CV_64F);
    }
    /// Mean from (x0, y0) to before (x1, y1); none where the field hardly reaches.
    [[nodiscard]] std::optional<double> mean(int x0, int y0, int x1, int y1) const {
        const double area = static_cast<double>(x1 - x0) * (y1 - y0);
        x0 = std::clamp(x0, 0, weights_.cols - 1), x1 = std::clamp(x1, 0, weights_.cols - 1);
        y0 = std::clamp(y0, 0, weights_.rows - 1), y1 = std::clamp(y1, 0, weights_.rows - 1);
        const double weight = sum(weights_, x0, y0, x1, y1);
        if (weight < kLeastInside * area) return std::nullopt;
        return sum(values_, x0, y0, x1, y1) / weight;
    }

  private:
    static double sum(const cv::Mat1d& m, int x0, int y0, int x1, int y1) {
        return m(y1, x1) - m(y0, x1) - m(y1, x0) + m(y0, x0);
    }
    cv::Mat1d values_, weights_;
};

constexpr double kNone = -9;

/// How much the joint line of kWidth pixels along x about (x, y) looks like one.
double score_at(const BoxMeans& means, int x, int y) {
    constexpr int w = kWidth, gap = 1, core = 2 * w / 5;  // half heights and widths
    const auto strip = means.mean(x - core, y - gap, x + core, y + gap + 1);
    const auto above = means.mean(x - core, y - w / 5, x + core, y - gap - 1);
    const auto below = means.mean(x - core, y + gap + 2, x + core, y + w / 5 + 1);
    if (!strip || !above || !below) return kNone;
    const double depth = std::min(*above, *below) - *strip;
    if (!(depth > 0)) return kNone;
    const auto upper = means.mean(x - core, y - w / 2, x + core, y - gap - 1);
    const auto lower = means.mean(x - core, y + gap + 2, x + core, y + w / 2 + 1);
    const auto left = means.mean(x - w, y - w / 3, x - 3 * w / 5, y + w / 3);
    const auto right = means.mean(x + 3 * w / 5, y - w / 3, x + w, y + w / 3);
    const auto far_above = means.mean(x - w / 4, y - 4 * w / 5, x + w / 4, y - w / 2);
    const auto far_below = means.mean(x - w / 4, y + w / 2, x + w / 4, y + 4 * w / 5);
    if (!upper || !lower || (!left && !right)) return kNone;
    const double beside = std::max(left.value_or(kNone), right.value_or(kNone));
    const double bones = std::min(*upper, *lower) - beside;
    const double behind = std::min(far_above.value_or(beside), far_below.value_or(beside)) - beside;
    return std::min(depth, 0.8) + 0.5 * std::min(bones, 1.2) + 0.3 * std::clamp(behind, -1.0, 0.5);
}

cv::Mat1f smoothed(const cv::Mat1f& image, double sigma) {
    cv::Mat1f smooth;
    cv::GaussianBlur(image, smooth, {}, sigma, sigma, cv::BORDER_REFLECT);
    return smooth;
}

/// The shadow in local standard deviations at a size, and where it is known (1 or 0).
struct Level {
    cv::Mat1f value, inside;
    double scale = 1;  // px per pixel of the frame
};

Level level_of(const ShadowPicture& picture, const cv::Mat1f& shadow, double size) {
    Level level;
    level.scale = kWidth / (size * picture.field);
    const double factor = level.scale / picture.scale;
    const int method = factor < 1 ? cv::INTER_AREA : cv::INTER_LINEAR;
    cv::Mat1f grey, inside;
    cv::Mat(picture.outside == 0).convertTo(inside, CV_32F, 1.0 / 255);
    cv::resize(shadow, grey, {}, factor, factor, method);
    cv::resize(inside, inside, grey.size(), 0, 0, method);
    cv::threshold(inside, inside, 0.9, 1, cv::THRESH_BINARY);
    constexpr double kLocal = 0.4 * kWidth, kFlat = 0.02;  // px, shadow
    const cv::Mat1f weight = grey_of(smoothed(inside, kLocal) + 1e-6);
    const cv::Mat1f mean = grey_of(smoothed(grey_of(grey.mul(inside)), kLocal) / weight);
    const cv::Mat1f detail = grey_of((grey - mean).mul(inside));
    const cv::Mat1f variance =
        grey_of(smoothed(grey_of(detail.mul(detail)), kLocal) / weight + kFlat * kFlat);
    level.value = cv::Mat1f(grey.size());
    for (int y = 0; y < grey.rows; ++y)
        for (int x = 0; x < grey.cols; ++x)
            level.value(y, x) = std::clamp(detail(y, x) / std::sqrt(variance(y, x)), -1.5f, 2.0f);
    level.inside = inside;
    return level;
}

std::vector<JointPose> poses_at(const Level& level, double angle, double size, double field) {
    const int side = static_cast<int>(std::hypot(level.value.cols, level.value.rows)) + 1;
    // Position in the turned picture -> in the level.
    const double c = std::cos(angle), s = std::sin(angle), half = 0.5 * (side - 1);
    const cv::Matx23d back(c, -s, 0.5 * (level.value.cols - 1) - c * half + s * half,  //
                           s, c, 0.5 * (level.value.rows - 1) - s * half - c * half);
    cv::Mat1f value, inside;
    const int how = cv::INTER_LINEAR | cv::WARP_INVERSE_MAP;
    cv::warpAffine(level.value, value, back, {side, side}, how, cv::BORDER_CONSTANT, 0);
    cv::warpAffine(level.inside, inside, back, {side, side}, how, cv::BORDER_CONSTANT, 0);
    const BoxMeans means(value, inside);
    cv::Mat1f scores(side, side, static_cast<float>(kNone));
    for (int y = kWidth / 4; y < side - kWidth / 4; ++y)
        for (int x = kWidth / 2; x < side - kWidth / 2; ++x)
            if (inside(y, x) > 0.5f) scores(y, x) = static_cast<float>(score_at(means, x, y));
    std::vector<JointPose> poses;
    for (int i = 0; i < kFromEach; ++i) {
        double best = 0;
        cv::Point at;
        cv::minMaxLoc(scores, nullptr, &best, nullptr, &at);
        if (!(best > 0)) break;
        const double x = back(0, 0) * at.x + back(0, 1) * at.y + back(0, 2);
        const double y = back(1, 0) * at.x + back(1, 1) * at.y + back(1, 2);
        poses.push_back({{(x + 0.5) / level.scale - 0.5, (y + 0.5) / level.scale - 0.5},
                         angle,
                         size * field,
                         best});
        cv::circle(scores, at, kWidth / 4, cv::Scalar(kNone), cv::FILLED);
    }
    return poses;
}

bool alike(const JointPose& a, const JointPose& b) {
    const double apart = std::hypot(a.centre.x - b.centre.x, a.centre.y - b.centre.y);
    const double turned = std::abs(std::remainder(a.angle - b.angle, std::numbers::pi));
    return apart < 0.5 * std::min(a.width, b.width) && turned < 0.3 &&
           std::max(a.width, b.width) < 1.45 * std::min(a.width, b.width);
}

}  // namespace

std::vector<JointPose> find_joint_poses(const ShadowPicture& picture, int most,
                                        const Execution& execution) {
    cv::Mat1f shadow = picture.shadow.clone();
    take_out_wires(shadow, picture.outside, 6);
    std::vector<Level> levels;
    for (const double size : kSizes)
        levels.push_back(level_of(picture, shadow, size));
    std::vector<std::vector<JointPose>> found(levels.size() * kAngles);
    for_each_band(execution, static_cast<int>(found.size()), 1, [&](int begin, int end) {
        for (int i = begin; i < end; ++i) {
            const auto at = static_cast<std::size_t>(i) / kAngles;
            found[static_cast<std::size_t>(i)] = poses_at(
                levels[at], i % kAngles * std::numbers::pi / kAngles, kSizes.at(at), picture.field);
        }
    });
    std::vector<JointPose> all, apart;
    for (const auto& some : found)
        all.insert(all.end(), some.begin(), some.end());
    std::ranges::stable_sort(all, [](const auto& a, const auto& b) { return a.score > b.score; });
    for (const JointPose& pose : all) {
        if (static_cast<int>(apart.size()) == most) break;
        if (std::ranges::none_of(apart, [&](const auto& other) { return alike(pose, other); }))
            apart.push_back(pose);
    }
    return apart;
}

}  // namespace guide::segment
