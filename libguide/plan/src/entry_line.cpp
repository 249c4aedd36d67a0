// SPDX-License-Identifier: Apache-2.0
#include "entry_line.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace guide::plan {
namespace {

/// The frame's side, as high as the steepest path from any point of the joint space gets there.
EntryLine frame_side(const Scene& scene, const Approach& approach, bool from_left) {
    const double x = from_left ? scene.left.x : scene.right.x;
    double low = 0, high = 0, reach = 0;
    bool first = true;
    for (const auto& contour : scene.joint) {
        for (const MmPoint p : contour) {
            low = first ? p.y : std::min(low, p.y);
            high = first ? p.y : std::max(high, p.y);
            reach = std::max(reach, std::abs(p.x - x));
            first = false;
        }
    }
    const double most = std::min(80.0, approach.angle_limit_deg);
    const double rise = reach * std::tan(most * std::numbers::pi / 180);
    return {{x, 0}, {0, 1}, low - rise, high + rise, from_left};
}

}  // namespace

double unit_length(const Scene& scene) {
    return scene.calibrated ? 1 : length(scene.right - scene.left) / 50;
}

std::vector<EntryLine> entry_lines(const Ruler& ruler) {
    const Scene& scene = ruler.scene();
    const PlanOptions& options = ruler.options();
    const Approach& approach = ruler.approach();
    const MmVector face = scene.right - scene.left;
    const double width = length(face), unit = unit_length(scene);
    const MmVector along = (1 / width) * face;
    std::vector<EntryLine> lines;
    switch (approach.entry) {
        case EntryRule::beside_probe: {
            const double low = options.probe_gap_mm * unit, high = options.entry_reach_mm * unit;
            lines.push_back({scene.left, -1.0 * along, low, high, true});
            lines.push_back({scene.right, along, low, high, false});
            break;
        }
        case EntryRule::across_plane:
            return {{scene.left, along, 0, width, true}};
        case EntryRule::along_beam:
            return {{scene.left, {0, 0}, 0, 0, true}};
        case EntryRule::frame_side:
            lines.push_back(frame_side(scene, approach, true));
            lines.push_back(frame_side(scene, approach, false));
            break;
    }
    if (options.lateral_side != FrameSide::unknown && approach.side != EntrySide::any) {
        const bool lateral_left = options.lateral_side == FrameSide::left;
        const bool wanted_left = (approach.side == EntrySide::lateral) == lateral_left;
        std::erase_if(lines, [&](const EntryLine& l) { return l.from_left != wanted_left; });
    }
    return lines;
}

Path path_from(const Ruler& ruler, const EntryLine& line, double s, MmPoint target,
               bool to_surest) {
    Path path{line.origin + s * line.direction, target, 0, line.from_left, to_surest};
    if (ruler.approach().entry == EntryRule::along_beam) path.entry = target;
    if (ruler.approach().entry == EntryRule::across_plane)
        path.off_plane = ruler.off_plane_for(path.entry, path.target);
    return path;
}

}  // namespace guide::plan
