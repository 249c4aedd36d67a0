// SPDX-License-Identifier: Apache-2.0
#include "ground.hpp"

#include <algorithm>

namespace guide::plan {
namespace {

constexpr double kDeep = 1e4;

void add_line(Ground& ground, const MmPolyline& line) {
    const auto body = static_cast<std::uint32_t>(ground.bodies.size() - 1);
    for (std::size_t i = 1; i < line.size(); ++i)
        ground.edges.push_back({line[i - 1], line[i], body});
}

void add_outline(Ground& ground, const MmPolygon& outline) {
    // From the lowest point round, which no path meets first.
    MmPolygon turned = outline;
    std::ranges::rotate(turned, std::ranges::max_element(turned, {}, &MmPoint::y));
    turned.push_back(turned.front());
    add_line(ground, turned);
}

}  // namespace

Ground make_ground(const Ruler& ruler, double spare) {
    using Kind = Ground::Kind;
    const Scene& scene = ruler.scene();
    const double radius = ruler.radius() + spare;
    Ground ground;
    for (const auto& contour : scene.joint) {
        ground.bodies.push_back({Kind::joint, 0, 0});
        add_outline(ground, contour);
    }
    for (std::size_t i = 0; i < scene.obstacles.size(); ++i) {
        const double margin = radius + ruler.obstacle_margin(i);
        ground.bodies.push_back({Kind::obstacle, margin, margin});
        add_outline(ground, scene.obstacles[i].outline);
    }
    if (!ruler.approach().allows_unseen) {
        for (const auto& region : scene.unseen) {
            ground.bodies.push_back({Kind::unseen, radius, radius});
            add_outline(ground, region.outline);
        }
    }
    for (const auto& bone : scene.bones) {
        ground.bodies.push_back({Kind::bone, radius, radius + ruler.bone_margin()});
        add_line(ground, bone);
    }
    for (const auto& roof : scene.roofs) {
        // The needle's axis may not run deeper below a bone's surface than this.
        MmPolyline lowered = roof;
        for (MmPoint& p : lowered)
            p.y += ruler.radius() + 1e-6;
        // Nor may it come in from beside.
        lowered.insert(lowered.begin(), {lowered.front().x, lowered.front().y + kDeep});
        lowered.push_back({lowered.back().x, lowered.back().y + kDeep});
        ground.bodies.push_back({Kind::roof, 0, 0});
        add_line(ground, lowered);
    }
    return ground;
}

}  // namespace guide::plan
