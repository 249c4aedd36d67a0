// SPDX-License-Identifier: Apache-2.0
#include "popliteal_vessels.hpp"

#include "enclosed_space.hpp"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace guide::segment {
namespace {

constexpr double kSmooth = 0.5;  // mm
constexpr double kNeck = 0.6;    // mm: narrower bridges to other darkness are cut
constexpr double kSmallest = 3.0, kLargest = 12.0;  // mm across
constexpr double kLeastDepth = 5.0;                 // mm: in front of them lie skin and fascia
constexpr double kSolid = 0.85;                     // area per area of the convex hull
constexpr double kRound = 0.6;       // of the ellipse's axes; the probe flattens veins
constexpr double kWalls = 1.5;       // mm between the two
constexpr double kSizes = 2.0;       // the larger per smaller
constexpr double kOneDeeper = 0.35;  // of the distance
// Of the tissue level: blood is black on one machine and grey on another.
constexpr std::array kLevels = {0.20, 0.25, 0.30, 0.35, 0.40, 0.45, 0.50, 0.55, 0.60, 0.65};

struct Disc {
    cv::Mat1b mask;
    cv::Point2d centre;  // mm
    double across = 0;   // mm
};

bool is_round(const cv::Mat1b& mask, int area) {
    std::vector<std::vector<cv::Point>> outlines;
    cv::findContours(mask.clone(), outlines, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_NONE);
    if (outlines.empty() || outlines.front().size() < 6) return false;
    std::vector<cv::Point> hull;
    cv::convexHull(outlines.front(), hull);
    if (area < kSolid * cv::contourArea(hull)) return false;
    const cv::Size2f axes = cv::fitEllipse(outlines.front()).size;
    return std::min(axes.width, axes.height) >= kRound * std::max(axes.width, axes.height);
}

void add_discs(const TissueGrid& grid, const cv::Mat1f& smooth, double level,
               std::vector<Disc>& discs) {
    const int neck = std::max(1, static_cast<int>(std::lround(kNeck / grid.step_mm)));
    cv::Mat1b dark = smooth < level;
    dark.setTo(0, grid.shadow);
    cv::morphologyEx(dark, dark, cv::MORPH_OPEN,
                     cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * neck + 1, 2 * neck + 1}));
    cv::Mat1i label, stats;
    cv::Mat1d centres;
    const int count = cv::connectedComponentsWithStats(dark, label, stats, centres, 4);
    for (int i = 1; i < count; ++i) {
        const cv::Rect box(stats(i, cv::CC_STAT_LEFT), stats(i, cv::CC_STAT_TOP),
                           stats(i, cv::CC_STAT_WIDTH), stats(i, cv::CC_STAT_HEIGHT));
        const int area = stats(i, cv::CC_STAT_AREA);
        const double across = 2 * std::sqrt(area / std::numbers::pi) * grid.step_mm;
        if (across < kSmallest || across > kLargest || box.y * grid.step_mm < kLeastDepth ||
            box.x <= 1 || box.br().x >= dark.cols - 1 || box.br().y >= dark.rows - 1) {
            continue;
        }
        Disc disc{label == i, {centres(i, 0) * grid.step_mm, centres(i, 1) * grid.step_mm}, across};
        if (is_round(disc.mask, area)) discs.push_back(std::move(disc));
    }
}

/// Of the discs that hold one another the largest, with walls.
std::vector<Disc> discs_in(const TissueGrid& grid) {
    cv::Mat1f smooth;
    cv::GaussianBlur(grid.echo, smooth, {0, 0}, kSmooth / grid.step_mm);
    std::vector<Disc> all, kept;
    for (const double level : kLevels)
        add_discs(grid, smooth, level, all);
    std::ranges::stable_sort(all, std::ranges::greater(), &Disc::across);
    cv::Mat1b taken = cv::Mat1b::zeros(grid.echo.size());
    for (Disc& disc : all) {
        if (cv::countNonZero(taken & disc.mask) > 0) continue;
        taken |= disc.mask;
        if (cv::countNonZero(enclosed_parts(grid, disc.mask)) > 0) kept.push_back(std::move(disc));
    }
    return kept;
}

bool are_a_pair(const Disc& a, const Disc& b) {
    const cv::Point2d apart = a.centre - b.centre;
    const double distance = std::hypot(apart.x, apart.y);
    return distance <= (a.across + b.across) / 2 + kWalls &&
           std::abs(apart.y) >= kOneDeeper * distance && a.across <= kSizes * b.across &&
           b.across <= kSizes * a.across;
}

}  // namespace

std::vector<cv::Mat1b> popliteal_vessels(const TissueGrid& grid) {
    const std::vector<Disc> discs = discs_in(grid);
    std::vector<cv::Mat1b> vessels;
    for (const Disc& disc : discs) {
        const bool paired = std::ranges::any_of(
            discs, [&](const Disc& other) { return &other != &disc && are_a_pair(disc, other); });
        if (paired) vessels.push_back(disc.mask);
    }
    return vessels;
}

}  // namespace guide::segment
