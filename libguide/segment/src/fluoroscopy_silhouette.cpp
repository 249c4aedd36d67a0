// SPDX-License-Identifier: Apache-2.0
#include "fluoroscopy_silhouette.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace guide::segment {
namespace {

/// Half the width of a knee from in front or from the side at a height, all in joint lines, the
/// tibia below: what is surely bone lies within it, what is surely not beyond it. The shin from the
/// side is wider for its tuberosity; of the femur from the side condyles alone count, for the knee
/// may be bent.
struct Silhouette {
    double bone = 0, beside = 0;
};

Silhouette silhouette_at(double y, bool from_in_front) {
    constexpr double kEnd = 0.85;
    if (std::abs(y) > kEnd) return {0, 1};
    if (y > 0) {
        const double half = from_in_front ? std::max(0.24, 0.5 - 0.55 * std::max(0.0, y - 0.15))
                                          : std::max(0.3, 0.48 - 0.5 * std::max(0.0, y - 0.1));
        if (!from_in_front && y > 0.7) return {0, 1};
        return {y > 0.05 ? half - 0.04 : 0, half + 0.07};
    }
    if (from_in_front) {
        const double half = std::max(0.24, 0.5 - 0.6 * std::max(0.0, -y - 0.4));
        return {y < -0.06 ? half - 0.03 : 0, y < -0.05 ? half + 0.06 : 1};
    }
    const double from_middle = (y + 0.45) / 0.45;
    return {y < -0.1 && y > -0.5 ? 0.45 * std::sqrt(1 - from_middle * from_middle) : 0,
            y > -0.25 ? 0.62 : 1};
}

}  // namespace

double silhouette_agreement(const cv::Mat1f& shadow, const cv::Mat1b& outside,
                            const KneePlace& place, bool from_in_front) {
    constexpr double kSide = 0.93, kNotchHalf = 0.12, kNotchTop = -0.2;
    constexpr std::size_t kLeast = 100;
    constexpr int kStep = 2;
    std::vector<float> bone, beside;
    for (int row = 0; row < shadow.rows; row += kStep) {
        const double y = (row - place.plateau) / place.line;
        const Silhouette half = silhouette_at(y, from_in_front);
        for (int column = 0; column < shadow.cols; column += kStep) {
            if (outside(row, column) != 0) continue;
            const double x = std::abs(column - place.middle) / place.line;
            const bool notch = from_in_front && x < kNotchHalf && y < 0 && y > kNotchTop;
            if (x < half.bone && !notch) bone.push_back(shadow(row, column));
            if (x > half.beside && x < kSide) beside.push_back(shadow(row, column));
        }
    }
    if (std::min(bone.size(), beside.size()) < kLeast) return 0;
    std::ranges::sort(beside);
    double below = 0;
    for (const float v : bone)
        below += static_cast<double>(std::ranges::lower_bound(beside, v) - beside.begin());
    return below / (static_cast<double>(bone.size()) * static_cast<double>(beside.size()));
}

}  // namespace guide::segment
