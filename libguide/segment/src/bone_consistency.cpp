// SPDX-License-Identifier: Apache-2.0
#include "bone_consistency.hpp"

#include <algorithm>

namespace guide::segment {
namespace {

/// Whether a contour crosses the vertical line below `p`.
bool fluid_below(const JointSpace& joint, PixelPoint p) {
    for (const auto& contour : joint.contours) {
        for (std::size_t i = 0, j = contour.size() - 1; i < contour.size(); j = i++) {
            const PixelPoint a = contour[j], b = contour[i];
            if ((a.x > p.x) == (b.x > p.x)) continue;
            if (a.y + (p.x - a.x) / (b.x - a.x) * (b.y - a.y) > p.y) return true;
        }
    }
    return false;
}

}  // namespace

void drop_bones_before_fluid(const JointSpace& joint, std::vector<BoneSurface>& bones) {
    std::erase_if(bones, [&](const BoneSurface& bone) {
        const PixelPolyline points = densify(bone.points, 1.0);
        const auto before =
            std::ranges::count_if(points, [&](PixelPoint p) { return fluid_below(joint, p); });
        return 2 * before >= static_cast<std::ptrdiff_t>(points.size());
    });
}

}  // namespace guide::segment
