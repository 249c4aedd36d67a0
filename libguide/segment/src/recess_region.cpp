// SPDX-License-Identifier: Apache-2.0
#include "recess_region.hpp"

#include "clear_fluid.hpp"
#include "connected_parts.hpp"
#include "enclosed_space.hpp"
#include "recess_features.hpp"
#include "value_order.hpp"
#include "wall_contrast.hpp"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <numeric>
#include <span>
#include <vector>

namespace guide::segment {
namespace {

constexpr double kSmooth = 0.5;        // mm: outlines are drawn no finer
constexpr double kSure = 1.0;          // mm: room a needle tip is given around the target
constexpr double kKeptPart = 0.5;      // of the heaviest part
constexpr double kLeastLikely = 0.08;  // largest probability below which nothing is there
// Of the tissue level; the highest at which the space is closed on all sides bounds it.
constexpr std::array kAnechoic = {0.30, 0.25, 0.20, 0.15};
constexpr double kCystFluid = 0.9;       // probability of fluid inside what looks like a cyst
constexpr double kCystWidth = 6.0;       // mm
constexpr double kCystRoundness = 0.75;  // area per area of the convex hull
constexpr double kCystLeak = 1.2;        // mm: narrower necks are cut
constexpr double kCystTop = 4.0;         // mm

/// The level whose upper set has the largest expected Dice 2 sum(p inside) / (cells + sum(p)).
struct DiceLevel {
    double level = 0, dice = 0;
};

DiceLevel best_level(const cv::Mat1f& p) {
    const std::span<const float> values(p[0], p.total());  // in one piece: made so by evening out
    auto order = ascending_order(values);
    std::ranges::reverse(order);
    const double total = std::accumulate(values.begin(), values.end(), 0.0);
    DiceLevel best;
    double inside = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
        inside += values[order[i]];
        const double dice = 2 * inside / (static_cast<double>(i + 1) + total);
        if (dice > best.dice) best = {values[order[i]], dice};
    }
    return best;
}

cv::Mat1b heavy_parts(const cv::Mat1f& p, double level) {
    const cv::Mat1b mask = p >= level;
    const auto parts = connected_parts(mask, mask);
    std::vector<double> mass;
    for (const ConnectedPart& part : parts)
        mass.push_back(cv::mean(p(part.box), part.mask)[0] * part.area);
    const double heaviest = *std::ranges::max_element(mass);
    cv::Mat1b heavy = cv::Mat1b::zeros(p.size());
    for (std::size_t i = 0; i < parts.size(); ++i)
        if (mass[i] >= kKeptPart * heaviest) heavy(parts[i].box) |= parts[i].mask;
    return heavy;
}

/// `part`, `region` and `shadow` about one connected part.
bool looks_like_cyst(const cv::Mat1b& part, int area, const cv::Mat1b& region, int region_area,
                     const cv::Mat1b& shadow, double step_mm) {
    const int common = cv::countNonZero(part & region);
    if (common < 0.25 * std::min(area, region_area)) return false;
    if (cv::countNonZero(part & shadow) > 0.05 * area) return false;
    if (2 * inner_radius(part, step_mm) < kCystWidth) return false;
    std::vector<std::vector<cv::Point>> outlines;
    cv::findContours(part.clone(), outlines, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_NONE);
    std::vector<cv::Point> hull;
    cv::convexHull(outlines.front(), hull);
    return area > kCystRoundness * cv::contourArea(hull);
}

/// Wide spaces below `level` that `region` touches, closed on all sides but so many of the left and
/// the right of the picture.
cv::Mat1b cysts_below(double level, const TissueGrid& grid, const cv::Mat1f& smooth,
                      const cv::Mat1b& region, int open_sides) {
    cv::Mat1b dark = smooth < level;
    dark.setTo(0, grid.shadow);  // that of the patella would join on to a full recess
    dark.rowRange(0, std::min(dark.rows, static_cast<int>(kCystTop / grid.step_mm))).setTo(0);
    const int region_area = cv::countNonZero(region);
    cv::Mat1b found = cv::Mat1b::zeros(dark.size());
    for (const ConnectedPart& part : opened_parts(dark, region, disc(kCystLeak, grid.step_mm))) {
        const cv::Rect box = part.box;
        const int open = (box.x > 1 ? 0 : 1) + (box.x + box.width < dark.cols - 1 ? 0 : 1);
        const bool closed = open <= open_sides && box.y + box.height < dark.rows - 1;
        if (closed && looks_like_cyst(part.mask, part.area, region(box), region_area,
                                      grid.shadow(box), grid.step_mm))
            found(box) |= part.mask;
    }
    return found;
}

cv::Mat1b cysts(const TissueGrid& grid, const cv::Mat1b& region, Cysts look) {
    const int open_sides = look == Cysts::may_run_on ? 1 : 0;
    const cv::Mat1f smooth = blurred(grid.echo, grid.step_mm, 0.5);
    cv::Mat1b found = cv::Mat1b::zeros(region.size());
    for (const double level : kAnechoic) {
        if (cv::countNonZero(found) > 0) break;
        found = cysts_below(level, grid, smooth, region, open_sides);
    }
    return found;
}

/// Half the distance between the outlines at 0.6 and at 1.4 of the level, next to the region.
double outline_sigma(const cv::Mat1f& p, double level, const cv::Mat1b& mask, double step_mm) {
    const int reach = static_cast<int>(std::lround(3.0 / step_mm));
    const cv::Mat cross = cv::getStructuringElement(cv::MORPH_CROSS, {3, 3});
    cv::Mat1b near, eroded;
    cv::dilate(mask, near,
               cv::getStructuringElement(cv::MORPH_RECT, {2 * reach + 1, 2 * reach + 1}));
    cv::erode(mask, eroded, cross, {-1, -1}, 1, cv::BORDER_CONSTANT, cv::Scalar(0));
    const double perimeter = cv::countNonZero(mask) - cv::countNonZero(eroded);
    const cv::Mat1b band = near & (p >= 0.6 * level) & (p < 1.4 * level);
    return 0.5 * cv::countNonZero(band) / std::max(1.0, perimeter) * step_mm;
}

RecessEvidence evidence_of(const TissueGrid& grid, const RecessRegion& region,
                           const cv::Mat1f& probability, const cv::Mat1f& evened) {
    const double step = grid.step_mm;
    RecessEvidence evidence;
    // The blur of the surroundings of one cell alone.
    const int reach = static_cast<int>(std::lround(4 * kSure / step));
    const cv::Rect near =
        cv::Rect(region.target.x - reach, region.target.y - reach, 2 * reach + 1, 2 * reach + 1) &
        cv::Rect({}, probability.size());
    evidence.at_target = blurred(probability(near).clone(), step, kSure)(region.target - near.tl());
    evidence.inside = cv::mean(evened, region.mask)[0] * cv::countNonZero(region.mask) /
                      std::max(1e-9, cv::sum(evened)[0]);
    return evidence;
}

/// `value` inside the mask, 0 outside.
cv::Mat1f raised(const cv::Mat1b& mask, double value) {
    cv::Mat1f field = cv::Mat1f::zeros(mask.size());
    field.setTo(value, mask);
    return field;
}

/// `p` with the parts that were dropped pushed below `level`, so that it passes `level` along the
/// outline of `mask` and nowhere else.
cv::Mat1f outline_field(const cv::Mat1f& p, double level, const cv::Mat1b& mask) {
    cv::Mat1b near;
    cv::dilate(mask, near, cv::getStructuringElement(cv::MORPH_RECT, {3, 3}));
    cv::Mat1f field = cv::min(p, 0.999 * level);
    p.copyTo(field, near);
    return field;
}

}  // namespace

double inner_radius(const cv::Mat1b& mask, double step_mm) {
    const cv::Rect box = cv::boundingRect(mask);
    if (box.empty()) return 0;
    cv::Mat1b padded;
    cv::copyMakeBorder(mask(box), padded, 1, 1, 1, 1, cv::BORDER_CONSTANT | cv::BORDER_ISOLATED,
                       cv::Scalar(0));
    cv::Mat1f distance;
    cv::distanceTransform(padded, distance, cv::DIST_L2, cv::DIST_MASK_PRECISE);
    double largest = 0;
    cv::minMaxLoc(distance, nullptr, &largest);
    return std::max(0.0, largest - 0.5) * step_mm;
}

Expected<RecessRegion> choose_region(const TissueGrid& grid, const cv::Mat1f& probability,
                                     double typical_area_mm2, Cysts look, const cv::Mat1b& hidden,
                                     const Execution& execution) {
    const double step = grid.step_mm;
    double likeliest = 0;
    cv::minMaxLoc(blurred(probability, step, kSmooth), nullptr, &likeliest);
    if (likeliest < kLeastLikely) {
        return no_answer(
            "no-joint-space",
            "Nowhere in the picture is there a dark space where a joint recess would lie.");
    }
    RecessRegion region;
    region.field = blurred(evened_probability(probability, step, typical_area_mm2), step, kSmooth);
    const DiceLevel best = best_level(region.field);
    region.level = best.level;
    region.mask = heavy_parts(region.field, best.level);
    region.sigma_mm = outline_sigma(region.field, best.level, region.mask, step);
    const cv::Mat1f evened = region.field.clone();  // cysts are drawn into the other

    // Neither kind of wide space needs the other.
    cv::Mat1b cyst = cv::Mat1b::zeros(region.mask.size()), clear = cyst.clone();
    for_each_band(execution, 2, 1, [&](int task, int) {
        if (task == 0 && look != Cysts::not_looked_for) cyst = cysts(grid, region.mask, look);
        if (task == 1 && !hidden.empty()) clear = clear_fluid(grid, evened, region.mask, hidden);
    });
    const cv::Mat1b wide = cyst | clear;
    region.mask |= wide;
    if (look == Cysts::nothing_else) {
        region.mask = enclosed_parts(grid, region.mask);
        if (cv::countNonZero(region.mask) == 0) {
            return no_answer("no-joint-space",
                             "No dark space is closed in by tissue all round, as a cyst is.");
        }
    }
    region.field = cv::max(region.field, raised(wide, std::max(kCystFluid, 1.5 * best.level)));
    region.mean_probability =
        cv::mean(cv::max(probability, raised(wide, kCystFluid)), region.mask)[0];

    cv::minMaxLoc(blurred(evened, step, kSure), nullptr, nullptr, nullptr, &region.target,
                  region.mask);
    region.thickness_mm = 2 * inner_radius(region.mask, step);
    region.evidence = evidence_of(grid, region, probability, evened);
    region.field = outline_field(region.field, best.level, region.mask);
    return region;
}

}  // namespace guide::segment
