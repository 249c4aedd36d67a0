// SPDX-License-Identifier: Apache-2.0
#include "clear_fluid.hpp"

#include "connected_parts.hpp"
#include "wall_contrast.hpp"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace guide::segment {
namespace {

constexpr double kGrain = 0.3;   // mm: finer differences are speckle
constexpr double kSurest = 0.5;  // of the largest probability in the region
constexpr double kNear = 4.0;    // mm
constexpr double kTissue = 0.6;  // quantile of the echo nearby
constexpr double kLow = 0.3, kMiddle = 0.5, kHigh = 0.6;  // between fluid and tissue
constexpr double kNeck = 0.8;                             // mm, half width
constexpr double kCommon = 0.3;                           // of the surest cells, or of the space
constexpr double kShadowEdge = 2.0;  // mm to the side of a shadow: half of the beam is lost
constexpr double kTop = 4.0;         // mm below the probe's face
constexpr double kMostGrowth = 1.8;  // area at the high level per area at the low one
constexpr double kSharp = 0.5;       // of the surroundings

struct Space {
    const cv::Mat1f& echo;
    const cv::Mat1b& surest;
    const cv::Mat1b& open;  ///< where fluid could be seen
    double step_mm;
};

/// The connected dark spaces below `level` that hold the surest cells.
cv::Mat1b dark_space(const Space& s, double level) {
    const cv::Mat1b dark = (s.echo < level) & s.open;
    const int surest = cv::countNonZero(s.surest);
    cv::Mat1b found = cv::Mat1b::zeros(dark.size());
    for (const ConnectedPart& part : opened_parts(dark, s.surest, disc(kNeck, s.step_mm))) {
        const int common = cv::countNonZero(part.mask & s.surest(part.box));
        if (common > 0 && common >= kCommon * std::min(part.area, surest))
            found(part.box) |= part.mask;
    }
    return found;
}

}  // namespace

cv::Mat1b clear_fluid(const TissueGrid& grid, const cv::Mat1f& probability, const cv::Mat1b& region,
                      const cv::Mat1b& hidden) {
    const cv::Mat1b none = cv::Mat1b::zeros(region.size());
    cv::Mat1f echo;
    cv::GaussianBlur(grid.echo, echo, {0, 0}, kGrain / grid.step_mm, 0, cv::BORDER_REFLECT);
    double largest = 0;
    cv::minMaxLoc(probability, nullptr, &largest, nullptr, nullptr, region);
    const cv::Mat1b surest = region & (probability >= kSurest * largest);
    const int edge = static_cast<int>(std::lround(kShadowEdge / grid.step_mm));
    cv::Mat1b shadow;
    cv::dilate(grid.shadow, shadow, cv::getStructuringElement(cv::MORPH_RECT, {2 * edge + 1, 1}));
    cv::Mat1b open = ~(shadow | hidden);
    const float fluid = quantile_of(echo, surest, 0.5);
    const cv::Mat1b near = grown(region, kNear, grid.step_mm);
    const float tissue = quantile_of(echo, near & ~(region | grid.shadow | hidden), kTissue);
    if (!(fluid >= 0 && tissue > fluid)) return none;
    open.rowRange(0, std::min(open.rows, static_cast<int>(kTop / grid.step_mm))).setTo(0);

    const Space s{echo, surest, open, grid.step_mm};
    const auto level = [&](double share) { return fluid + share * (tissue - fluid); };
    const cv::Mat1b space = dark_space(s, level(kMiddle));
    if (cv::countNonZero(space) == 0 || wall_contrast(grid, echo, space).echo >= kSharp)
        return none;
    const int low = cv::countNonZero(dark_space(s, level(kLow))),
              high = cv::countNonZero(dark_space(s, level(kHigh)));
    return high < kMostGrowth * low ? space : none;
}

}  // namespace guide::segment
