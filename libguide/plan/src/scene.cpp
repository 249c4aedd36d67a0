// SPDX-License-Identifier: Apache-2.0
#include "scene.hpp"

#include "squared_distance.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <queue>

namespace guide::plan {
namespace {

/// Drops points until no dropped one lies farther than `tolerance` from what is left (Douglas and
/// Peucker 1973).
void keep_between(const MmPolyline& line, std::size_t first, std::size_t last, double tolerance,
                  MmPolyline& kept) {
    double worst = 0;
    std::size_t index = first;
    for (std::size_t i = first + 1; i < last; ++i) {
        const double d = distance_to_segment(line[i], line[first], line[last]);
        if (d > worst) worst = d, index = i;
    }
    if (worst > tolerance) {
        keep_between(line, first, index, tolerance, kept);
        keep_between(line, index, last, tolerance, kept);
    } else {
        kept.push_back(line[last]);
    }
}

MmPolyline thin_line(const MmPolyline& line, double tolerance) {
    if (line.size() < 3) return line;
    MmPolyline kept{line.front()};
    keep_between(line, 0, line.size() - 1, tolerance, kept);
    return kept;
}

MmPolygon thin_outline(const MmPolygon& outline, double tolerance) {
    if (outline.size() < 8) return outline;
    // Cut where it is widest, so that both halves are lines with two fixed ends.
    const auto [low, high] = std::ranges::minmax_element(outline, {}, &MmPoint::x);
    const auto a = std::min(low, high), b = std::max(low, high);
    MmPolyline first(a, b + 1), second(b, outline.end());
    second.insert(second.end(), outline.begin(), a + 1);
    MmPolygon kept = thin_line(first, tolerance);
    const MmPolyline rest = thin_line(second, tolerance);
    kept.insert(kept.end(), rest.begin() + 1, rest.end() - 1);
    return kept.size() < 3 ? outline : kept;
}

/// Bones go on where the picture ends: one that is seen up to its side is carried on level, far
/// enough for every entry.
std::vector<MmPolyline> roofs_of(const Scene& scene) {
    constexpr double kAtSide = 0.05;  // of the face's width
    const double width = std::abs(scene.right.x - scene.left.x);
    std::vector<MmPolyline> roofs = scene.bones;
    for (auto& roof : roofs) {
        std::ranges::stable_sort(roof, {}, &MmPoint::x);
        const MmPoint first = roof.front(), last = roof.back();
        if (first.x - scene.left.x < kAtSide * width) {
            roof.insert(roof.begin(), {first.x - 10 * width, first.y});
        }
        if (scene.right.x - last.x < kAtSide * width) roof.push_back({last.x + 10 * width, last.y});
    }
    return roofs;
}

}  // namespace

bool Scene::in_joint(MmPoint p) const {
    return std::ranges::any_of(joint, [&](const auto& c) { return polygon_contains(c, p); });
}

double Scene::wall_distance(MmPoint p) const {
    double best = -std::numeric_limits<double>::infinity();
    for (const auto& contour : joint) {
        const double d = std::sqrt(squared_to_outline(p, contour));
        best = std::max(best, polygon_contains(contour, p) ? d : -d);
    }
    return best;
}

Columns Scene::middle_third() const {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const auto& contour : joint) {
        for (const MmPoint p : contour)
            low = std::min(low, p.x), high = std::max(high, p.x);
    }
    return {low + (high - low) / 3, high - (high - low) / 3};
}

double Scene::widest(Columns without) const {
    struct Square {
        double bound;
        MmPoint centre;
        double half;
        bool operator<(const Square& other) const { return bound < other.bound; }
    };
    constexpr double kPrecision = 0.01;
    double best = without.hold(surest.x) ? 0 : std::max(0.0, wall_distance(surest));
    std::priority_queue<Square> open;
    const auto offer = [&](MmPoint centre, double half) {
        if (without.hold(centre.x - half) && without.hold(centre.x + half)) return;
        const double wall = wall_distance(centre);
        if (!without.hold(centre.x)) best = std::max(best, wall);
        const double bound = wall + half * std::sqrt(2.0);
        if (bound > best + kPrecision) open.push({bound, centre, half});
    };
    for (const auto& contour : joint) {
        const auto [x_low, x_high] = std::ranges::minmax(contour, {}, &MmPoint::x);
        const auto [y_low, y_high] = std::ranges::minmax(contour, {}, &MmPoint::y);
        const double half = std::min(x_high.x - x_low.x, y_high.y - y_low.y) / 2;
        if (!(half > 0)) continue;
        // Thin spaces are long: no more than 64 squares to begin with.
        const double first = std::max(half, std::max(x_high.x - x_low.x, y_high.y - y_low.y) / 128);
        for (double y = y_low.y + first; y < y_high.y + first; y += 2 * first) {
            for (double x = x_low.x + first; x < x_high.x + first; x += 2 * first)
                offer({x, y}, first);
        }
    }
    while (!open.empty() && open.top().bound > best + kPrecision) {
        const Square s = open.top();
        open.pop();
        for (const double dx : {-0.5, 0.5}) {
            for (const double dy : {-0.5, 0.5})
                offer({s.centre.x + dx * s.half, s.centre.y + dy * s.half}, s.half / 2);
        }
    }
    // Half of it may be a margin, which has to be kept wherever the thickest place truly is.
    return best > 0 ? best + kPrecision : 0;
}

Scene make_scene(const Anatomy& anatomy) {
    Scene scene;
    scene.calibrated = anatomy.grid.calibrated();
    scene.unit = anatomy.grid.spacing.value_or(Spacing{1, 1});
    const JointSpace& joint = *anatomy.joint_space;
    for (const auto& contour : joint.contours) {
        if (contour.size() >= 3) scene.joint.push_back(polygon_to_mm(contour, scene.unit));
    }
    scene.surest = to_mm(joint.target, scene.unit);
    scene.boundary_sigma = joint.boundary_sigma_px * std::sqrt(scene.unit.x_mm * scene.unit.y_mm);
    for (const auto& bone : anatomy.bones) {
        if (bone.points.size() >= 2) scene.bones.push_back(to_mm(bone.points, scene.unit));
    }
    for (const auto& obstacle : anatomy.obstacles) {
        if (obstacle.outline.size() < 3) continue;
        scene.obstacles.push_back({obstacle.kind, polygon_to_mm(obstacle.outline, scene.unit)});
    }
    for (const auto& region : anatomy.unseen) {
        if (region.outline.size() < 3) continue;
        scene.unseen.push_back({region.cause, polygon_to_mm(region.outline, scene.unit)});
    }
    for (const auto& layer : anatomy.layers) {
        if (layer.lower.size() < 2) continue;
        scene.layers.push_back({layer.name, to_mm(layer.lower, scene.unit)});
    }
    const PixelBox box = anatomy.content_box;
    scene.picture_low = to_mm(PixelPoint{box.x0 - 0.5, box.y0 - 0.5}, scene.unit);
    scene.picture_high = to_mm(PixelPoint{box.x1 - 0.5, box.y1 - 0.5}, scene.unit);
    if (anatomy.skin.size() >= 2) {
        scene.left = to_mm(anatomy.skin.front(), scene.unit);
        scene.right = to_mm(anatomy.skin.back(), scene.unit);
    } else {
        const double middle = (box.y0 + box.y1 - 1) / 2.0;
        scene.left = to_mm(PixelPoint{static_cast<double>(box.x0), middle}, scene.unit);
        scene.right = to_mm(PixelPoint{box.x1 - 1.0, middle}, scene.unit);
    }
    if (!is_xray(anatomy.view)) scene.roofs = roofs_of(scene);
    return scene;
}

Scene thinned(const Scene& scene, double tolerance) {
    Scene thin = scene;
    for (auto* lines : {&thin.bones, &thin.roofs}) {
        for (auto& line : *lines)
            line = thin_line(line, tolerance);
    }
    for (auto& contour : thin.joint)
        contour = thin_outline(contour, tolerance);
    for (auto* regions : {&thin.obstacles, &thin.unseen}) {
        for (auto& region : *regions)
            region.outline = thin_outline(region.outline, tolerance);
    }
    return thin;
}

}  // namespace guide::plan
