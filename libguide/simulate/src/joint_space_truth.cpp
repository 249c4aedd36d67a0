// SPDX-License-Identifier: Apache-2.0
#include "us_truth.hpp"

namespace guide::simulate {

JointSpace joint_space_of(std::vector<PixelPolygon> contours, const PixelPolyline& skin,
                          Spacing spacing) {
    JointSpace space;
    space.contours = std::move(contours);
    space.confidence = 1;
    const PixelPolygon& largest = space.contours.front();
    double area = 0;
    for (const PixelPolygon& contour : space.contours)
        area += polygon_area(polygon_to_mm(contour, spacing));
    space.area_mm2 = area;

    // The deepest place, on ever finer steps.
    const MmPolygon outline = polygon_to_mm(largest, spacing);
    MmPoint low = outline.front(), high = low;
    for (const MmPoint p : outline) {
        low = {std::min(low.x, p.x), std::min(low.y, p.y)};
        high = {std::max(high.x, p.x), std::max(high.y, p.y)};
    }
    MmPoint best{};
    double deepest = -1;
    for (int round = 0; round < 4; ++round) {
        constexpr int kSteps = 24;
        const MmPoint from = low, to = high;
        for (int i = 0; i <= kSteps; ++i) {
            for (int j = 0; j <= kSteps; ++j) {
                const MmPoint p{from.x + (to.x - from.x) * i / kSteps,
                                from.y + (to.y - from.y) * j / kSteps};
                if (!polygon_contains(outline, p)) continue;
                const double depth = distance_to_outline(outline, p);
                if (depth > deepest) {
                    deepest = depth;
                    best = p;
                }
            }
        }
        const double x = 1.5 * (to.x - from.x) / kSteps, y = 1.5 * (to.y - from.y) / kSteps;
        low = {best.x - x, best.y - y};
        high = {best.x + x, best.y + y};
    }
    space.target = {best.x / spacing.x_mm, best.y / spacing.y_mm};
    space.thickness_mm = 2 * std::max(deepest, 0.0);
    space.effusion = *space.thickness_mm >= 4;  // the published threshold, as `segment` takes it
    if (!skin.empty()) {
        double face = skin.front().y;
        for (const PixelPoint p : skin) {
            if (p.x <= space.target.x) face = p.y;
        }
        space.depth_mm = (space.target.y - face) * spacing.y_mm - deepest;
    }
    return space;
}

}  // namespace guide::simulate
