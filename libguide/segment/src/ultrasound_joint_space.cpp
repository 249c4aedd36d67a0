// SPDX-License-Identifier: Apache-2.0
#include "ultrasound_joint_space.hpp"

#include "network_probability.hpp"
#include "popliteal_vessels.hpp"
#include "recess_features.hpp"
#include "recess_region.hpp"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace guide::segment {
namespace {

constexpr double kBoneShadow = 0.02;   // of the picture: less is no bone
constexpr double kClearShadow = 0.05;  // of the picture: bone for certain
constexpr double kAsLikelyAsNot = 0.5;
constexpr double kEffusionThickness = 4.0;  // mm, EULAR
constexpr double kClearFluid = 0.42;        // mean probability of fluid inside
constexpr double kVesselWall = 0.6;         // mm
constexpr int kFine = 3;                    // outline samples per frame pixel and direction
constexpr double kOutlineTolerance = 0.35;  // px of the frame

/// The outlines of the region in pixels of the frame, the largest first.
std::vector<PixelPolygon> outlines(const TissueGrid& grid, const RecessRegion& region) {
    cv::Rect roi = cv::boundingRect(region.mask);
    roi = cv::Rect(roi.x - 2, roi.y - 2, roi.width + 4, roi.height + 4) &
          cv::Rect({0, 0}, region.mask.size());
    const double px_x = grid.px_per_cell_x(), px_y = grid.px_per_cell_y();
    const cv::Size size(std::max(1, static_cast<int>(std::lround(roi.width * px_x * kFine))),
                        std::max(1, static_cast<int>(std::lround(roi.height * px_y * kFine))));
    cv::Mat1f fine;
    cv::resize(region.field(roi), fine, size, 0, 0, cv::INTER_LINEAR);
    const cv::Mat1b inside = fine >= region.level;
    std::vector<std::vector<cv::Point>> traced;
    cv::findContours(inside, traced, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_NONE);

    std::vector<PixelPolygon> polygons;
    for (const auto& points : traced) {
        std::vector<cv::Point> few;
        cv::approxPolyDP(points, few, kOutlineTolerance * kFine, true);
        if (few.size() < 3) continue;
        PixelPolygon polygon;
        for (const cv::Point& p : few) {
            polygon.push_back(grid.to_frame(roi.x + (p.x + 0.5) * roi.width / size.width - 0.5,
                                            roi.y + (p.y + 0.5) * roi.height / size.height - 0.5));
        }
        if (polygon_area(polygon) > 1.0) polygons.push_back(std::move(polygon));
    }
    std::stable_sort(polygons.begin(), polygons.end(), [](const auto& a, const auto& b) {
        return polygon_area(a) > polygon_area(b);
    });
    return polygons;
}

/// Why the region is not believed to be joint space; none where it is.
std::optional<Reason> doubt(const TissueGrid& grid, const RecessRegion& region, View view,
                            double shadow) {
    if (2 * cv::countNonZero(region.mask & grid.ground) > cv::countNonZero(region.mask)) {
        return Reason{"no-joint-space",
                      "The darkest space is the black ground of the screen, not tissue."};
    }
    if (probability_inside(region.evidence) < kAsLikelyAsNot) {
        return Reason{"no-joint-space",
                      "The darkest space where a joint recess would lie is more likely something "
                      "else than fluid."};
    }
    if (view == View::suprapatellar_long && shadow < kClearShadow) {
        return Reason{"no-knee", "No bone throws a shadow, as the femur does in this view."};
    }
    return std::nullopt;
}

/// Cells from the top of the picture to the roof above the target.
int roof_row(const RecessRegion& region) {
    int y = region.target.y;
    while (y > 0 && region.mask(y - 1, region.target.x))
        --y;
    return y;
}

/// `probability` without what is known to be something else.
cv::Mat1f without(cv::Mat1f probability, const cv::Mat1b& other) {
    probability.setTo(0, other);
    return probability;
}

/// The region with the largest expected Dice under `probability`, unless there is reason to doubt
/// it.
Expected<RecessRegion> region_of(const TissueGrid& grid, const cv::Mat1f& probability, View view,
                                 Cysts cysts, double shadow) {
    auto region = choose_region(grid, probability, kRecessModel.typical_area_mm2, cysts);
    if (!region) return region;
    if (auto reason = doubt(grid, *region, view, shadow)) return tl::unexpected(std::move(*reason));
    return region;
}

/// The mean of the log-odds, each within +-7.
cv::Mat1f mean_odds(const cv::Mat1f& a, const cv::Mat1f& b) {
    static constexpr float kLeast = 1e-3F;
    const auto odds = [](float p) {
        const float inner = std::clamp(p, kLeast, 1 - kLeast);
        return std::log(inner / (1 - inner));
    };
    cv::Mat1f mean(a.size());
    for (int y = 0; y < a.rows; ++y) {
        for (int x = 0; x < a.cols; ++x) {
            mean(y, x) = 1 / (1 + std::exp(-0.5F * (odds(a(y, x)) + odds(b(y, x)))));
        }
    }
    return mean;
}

double overlap(const cv::Mat1b& a, const cv::Mat1b& b) {
    return 2.0 * cv::countNonZero(a & b) / std::max(1, cv::countNonZero(a) + cv::countNonZero(b));
}

/// A little larger than they are: their walls are no joint space either.
cv::Mat1b with_walls(const std::vector<cv::Mat1b>& vessels, const TissueGrid& grid) {
    cv::Mat1b all = cv::Mat1b::zeros(grid.echo.size());
    if (vessels.empty()) return all;
    for (const cv::Mat1b& vessel : vessels)
        all |= vessel;
    const int wall = static_cast<int>(std::lround(kVesselWall / grid.step_mm));
    cv::dilate(all, all,
               cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * wall + 1, 2 * wall + 1}));
    return all;
}

Obstacle as_obstacle(const cv::Mat1b& vessel, const TissueGrid& grid) {
    std::vector<std::vector<cv::Point>> outlines;
    cv::findContours(vessel.clone(), outlines, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_SIMPLE);
    Obstacle obstacle{"vessel", {}};
    for (const cv::Point& p : outlines.front())
        obstacle.outline.push_back(grid.to_frame(p.x, p.y));
    return obstacle;
}

Expected<JointSpace> joint_space_in(const TissueGrid& grid, const Frame& frame, View view,
                                    const std::vector<cv::Mat1b>& vessels,
                                    const Execution& execution, const RecessNetwork* network) {
    const cv::Mat1b known = with_walls(vessels, grid);
    const double shadow = cv::countNonZero(grid.shadow) / static_cast<double>(grid.shadow.total());
    if (view == View::unknown && shadow < kBoneShadow) {
        return no_answer("no-knee",
                         "No bone throws a shadow here: state the view if this is a knee.");
    }
    if (execution.stop.stop_requested()) throw Stopped{};
    const Cysts cysts = view == View::unknown              ? Cysts::not_looked_for
                        : view == View::posterior          ? Cysts::nothing_else
                        : view == View::suprapatellar_long ? Cysts::may_run_on
                                                           : Cysts::taken_whole;
    const cv::Mat1f by_model = without(fluid_probability(grid, view), known);
    auto found = region_of(grid, by_model, view, cysts, shadow);
    double agreement = 1;
    if (network != nullptr) {
        if (execution.stop.stop_requested()) throw Stopped{};
        const cv::Mat1f by_network = without(network_probability(*network, grid, view), known);
        auto other = region_of(grid, by_network, view, Cysts::not_looked_for, shadow);
        agreement = other && found ? overlap(other->mask, found->mask) : 0;
        if (other && found)
            other = region_of(grid, mean_odds(by_model, by_network), view, cysts, shadow);
        if (other) found = std::move(other);
    }
    if (!found) return tl::unexpected(std::move(found.error()));
    if (execution.stop.stop_requested()) throw Stopped{};
    const RecessRegion* region = &*found;

    JointSpace space;
    space.contours = outlines(grid, *region);
    if (space.contours.empty()) {
        return no_answer("no-joint-space",
                         "The dark space that was found is too small to be a recess.");
    }
    space.target = grid.to_frame(region->target.x, region->target.y);
    space.confidence = probability_inside(region->evidence) * (1 + agreement) / 2;
    space.boundary_sigma_px =
        region->sigma_mm / grid.step_mm * std::max(grid.px_per_cell_x(), grid.px_per_cell_y());
    if (!grid.calibrated) return space;

    double area_px = 0;
    for (const PixelPolygon& polygon : space.contours)
        area_px += polygon_area(polygon);
    space.area_mm2 = area_px * frame.spacing->x_mm * frame.spacing->y_mm;
    space.depth_mm = roof_row(*region) * grid.step_mm;
    space.thickness_mm = region->thickness_mm;
    // A thick space that may not be fluid is neither.
    const bool thick = *space.thickness_mm >= kEffusionThickness;
    if (!thick || region->mean_probability >= kClearFluid) space.effusion = thick;
    return space;
}

}  // namespace

LiquidSpaces find_ultrasound_joint_space(const Frame& frame, PixelBox picture, View view,
                                         const Execution& execution, const RecessNetwork* network) {
    const auto grid = read_tissue(frame, picture);
    if (!grid) return {tl::unexpected<Reason>(grid.error()), {}};
    std::vector<cv::Mat1b> vessels;
    if (view == View::posterior) vessels = popliteal_vessels(*grid);
    LiquidSpaces found{joint_space_in(*grid, frame, view, vessels, execution, network), {}};
    for (const cv::Mat1b& vessel : vessels)
        found.vessels.push_back(as_obstacle(with_walls({vessel}, *grid), *grid));
    return found;
}

}  // namespace guide::segment
