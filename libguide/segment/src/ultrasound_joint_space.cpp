// SPDX-License-Identifier: Apache-2.0
#include "ultrasound_joint_space.hpp"

#include "network_probability.hpp"
#include "popliteal_vessels.hpp"
#include "recess_features.hpp"
#include "recess_region.hpp"
#include "recess_ribbon.hpp"
#include "wall_contrast.hpp"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace guide::segment {
namespace {

constexpr double kBoneShadow = 0.02;   // of the picture: less is no bone
constexpr double kClearShadow = 0.05;  // of the picture: bone for certain
constexpr double kFemurDepth = 0.6;    // of the picture, mean of a surface: less deep it may be
                                       // the patella's flank
constexpr double kSeenFemur = 0.15;    // of the columns: the femur is in the picture
constexpr double kAsLikelyAsNot = 0.5;
constexpr double kSureWithoutShadow = 0.8;  // probability wanted where the femur throws none
constexpr double kUneven = 0.4;   // standard deviation of a ribbon's thickness over its mean
constexpr double kGrain = 0.3;    // mm: finer differences are speckle
constexpr double kSharper = 1.1;  // a ribbon's walls per a region's
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

/// What is known of the picture when the region is chosen.
struct Scene {
    const TissueGrid& grid;
    View view;
    double shadow;     ///< share of the picture
    cv::Mat1b beyond;  ///< 255 where the femur is or has been met above
    double femur;      ///< share of the columns that show it
};

/// Why the region is not believed to be joint space; none where it is.
std::optional<Reason> doubt(const Scene& scene, const RecessRegion& region) {
    if (2 * cv::countNonZero(region.mask & scene.grid.ground) > cv::countNonZero(region.mask)) {
        return Reason{"no-joint-space",
                      "The darkest space is the black ground of the screen, not tissue."};
    }
    const bool shadowless = scene.view == View::suprapatellar_long && scene.shadow < kClearShadow;
    if (shadowless && scene.femur < kSeenFemur) {
        return Reason{"no-knee", "No femur and no shadow of one is seen, as in this view."};
    }
    // Muscle has lines like a femur's; fluid that is clear tells it from them.
    if (probability_inside(region.evidence) < (shadowless ? kSureWithoutShadow : kAsLikelyAsNot)) {
        return Reason{"no-joint-space",
                      "The darkest space where a joint recess would lie is more likely something "
                      "else than fluid."};
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

/// Whether the walls of `ribbon` stand out at least as sharply as those of `region`.
bool sharper(const TissueGrid& grid, const cv::Mat1b& ribbon, const cv::Mat1b& region) {
    const cv::Mat1f echo = blurred(grid.echo, grid.step_mm, kGrain);
    return wall_contrast(grid, echo, ribbon).echo <
           kSharper * wall_contrast(grid, echo, region).echo;
}

/// The region with the largest expected Dice under `probability`, unless there is reason to doubt
/// it.
Expected<RecessRegion> region_of(const Scene& scene, const cv::Mat1f& probability, Cysts cysts,
                                 const Execution& execution) {
    // The recess is a sack with walls; elsewhere fluid spreads between what is dark itself.
    const bool sack =
        scene.view == View::suprapatellar_long || scene.view == View::suprapatellar_transverse;
    const bool wide = sack && cysts != Cysts::not_looked_for;
    Expected<RecessRegion> region;
    std::optional<RecessRibbon> ribbon;
    // Neither needs the other.
    for_each_band(execution, wide ? 2 : 1, 1, [&](int task, int) {
        if (task == 0) {
            region = choose_region(scene.grid, probability, kRecessModel.typical_area_mm2, cysts,
                                   wide ? scene.beyond : cv::Mat1b(),
                                   wide ? Execution{1, execution.stop} : execution);
        } else {
            ribbon = recess_ribbon(scene.grid, probability, scene.beyond);
        }
    });
    auto reason = region ? doubt(scene, *region) : std::optional(region.error());
    if (ribbon && ribbon->unevenness < kUneven && !doubt(scene, ribbon->region) &&
        (reason || sharper(scene.grid, ribbon->region.mask, region->mask))) {
        // What is clearly fluid where both lie is so in either.
        if (region && ribbon->region.mask(region->target))
            ribbon->region.mean_probability =
                std::max(ribbon->region.mean_probability, region->mean_probability);
        return std::move(ribbon->region);
    }
    if (reason) return tl::unexpected(std::move(*reason));
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
    return grown(all, kVesselWall, grid.step_mm);
}

Obstacle as_obstacle(const cv::Mat1b& vessel, const TissueGrid& grid) {
    std::vector<std::vector<cv::Point>> outlines;
    cv::findContours(vessel.clone(), outlines, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_SIMPLE);
    Obstacle obstacle{"vessel", {}};
    for (const cv::Point& p : outlines.front())
        obstacle.outline.push_back(grid.to_frame(p.x, p.y));
    return obstacle;
}

/// 255 at and below the femur's deepest surface of each column. Other bone is not relied on: the
/// bright roof of a recess or a cyst passes for it at times.
cv::Mat1b beyond_femur(const TissueGrid& grid, const std::vector<BoneSurface>& bones) {
    std::vector<int> surface(static_cast<std::size_t>(grid.echo.cols), -1);
    const auto column = [&](const PixelPoint& p) {
        return (p.x - grid.box.x0 + 0.5) / grid.px_per_cell_x() - 0.5;
    };
    const auto row = [&](const PixelPoint& p) {
        return (p.y - grid.box.y0 + 0.5) / grid.px_per_cell_y() - 0.5;
    };
    for (const BoneSurface& bone : bones) {
        if (bone.kind != BoneKind::femur || bone.points.empty()) continue;
        double depth = 0;  // cells
        for (const PixelPoint& p : bone.points)
            depth += row(p) / static_cast<double>(bone.points.size());
        if (depth < kFemurDepth * grid.echo.rows) continue;
        for (std::size_t i = 1; i < bone.points.size(); ++i) {
            const PixelPoint &a = bone.points[i - 1], &b = bone.points[i];
            const double x0 = column(a), x1 = column(b);
            const int first = std::max(0, static_cast<int>(std::ceil(std::min(x0, x1)))),
                      last = std::min(grid.echo.cols - 1,
                                      static_cast<int>(std::floor(std::max(x0, x1))));
            for (int x = first; x <= last; ++x) {
                const double share = x1 == x0 ? 1 : (x - x0) / (x1 - x0);
                const int y = static_cast<int>(std::lround(row(a) + share * (row(b) - row(a))));
                int& deepest = surface[static_cast<std::size_t>(x)];
                deepest = std::max(deepest, y);
            }
        }
    }
    cv::Mat1b beyond = cv::Mat1b::zeros(grid.echo.size());
    for (int x = 0; x < beyond.cols; ++x) {
        const int y = surface[static_cast<std::size_t>(x)];
        if (y >= 0 && y < beyond.rows) beyond.col(x).rowRange(y, beyond.rows).setTo(255);
    }
    return beyond;
}

/// Less where the beam has met the femur before.
cv::Mat1f damped(cv::Mat1f probability, const cv::Mat1b& beyond) {
    cv::Mat1f less = probability * kRecessModel.in_bone;
    less.copyTo(probability, beyond);
    return probability;
}

Expected<JointSpace> joint_space_in(const FluidMap& fluid, const Frame& frame,
                                    const std::vector<BoneSurface>& bones, View view,
                                    const Execution& execution, const RecessNetwork* network) {
    const TissueGrid& grid = fluid.grid;
    const double shadow = cv::countNonZero(grid.shadow) / static_cast<double>(grid.shadow.total());
    if (view == View::unknown && shadow < kBoneShadow) {
        return no_answer("no-knee",
                         "No bone throws a shadow here: state the view if this is a knee.");
    }
    const cv::Mat1b beyond = beyond_femur(grid, bones);
    const Scene scene{grid, view, shadow, beyond,
                      cv::countNonZero(beyond.row(beyond.rows - 1)) / (1.0 * beyond.cols)};
    if (execution.stop.stop_requested()) throw Stopped{};
    const Cysts cysts = view == View::unknown              ? Cysts::not_looked_for
                        : view == View::posterior          ? Cysts::nothing_else
                        : view == View::suprapatellar_long ? Cysts::may_run_on
                                                           : Cysts::taken_whole;
    const cv::Mat1f by_model = damped(fluid.probability.clone(), beyond);
    auto found = region_of(scene, by_model, cysts, execution);
    double agreement = 1;
    if (network != nullptr) {
        if (execution.stop.stop_requested()) throw Stopped{};
        const cv::Mat1b known = with_walls(fluid.vessels, grid);
        const cv::Mat1f by_network =
            damped(without(network_probability(*network, grid, view), known), beyond);
        auto other = region_of(scene, by_network, Cysts::not_looked_for, execution);
        agreement = other && found ? overlap(other->mask, found->mask) : 0;
        if (other && found)
            other = region_of(scene, mean_odds(by_model, by_network), cysts, execution);
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

Expected<FluidMap> map_fluid(const Frame& frame, PixelBox picture, View view) {
    auto grid = read_tissue(frame, picture);
    if (!grid) return tl::unexpected<Reason>(grid.error());
    FluidMap map{std::move(*grid), {}, {}};
    if (view == View::posterior) map.vessels = popliteal_vessels(map.grid);
    map.probability = without(fluid_probability(map.grid, view), with_walls(map.vessels, map.grid));
    return map;
}

LiquidSpaces find_ultrasound_joint_space(const Frame& frame, const FluidMap& fluid,
                                         const std::vector<BoneSurface>& bones, View view,
                                         const Execution& execution, const RecessNetwork* network) {
    LiquidSpaces found{joint_space_in(fluid, frame, bones, view, execution, network), {}};
    for (const cv::Mat1b& vessel : fluid.vessels)
        found.vessels.push_back(as_obstacle(with_walls({vessel}, fluid.grid), fluid.grid));
    return found;
}

}  // namespace guide::segment
