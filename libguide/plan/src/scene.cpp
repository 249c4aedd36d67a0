// SPDX-License-Identifier: Apache-2.0
#include "scene.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace guide::plan {
namespace {

double segment_distance(MmPoint a, MmPoint b, MmPoint c, MmPoint d) {
    const auto ab = b - a, cd = d - c;
    const double side_c = cross(ab, c - a), side_d = cross(ab, d - a);
    const double side_a = cross(cd, a - c), side_b = cross(cd, b - c);
    if (side_c * side_d < 0 && side_a * side_b < 0) return 0;
    return std::min({distance_to_segment(c, a, b), distance_to_segment(d, a, b),
                     distance_to_segment(a, c, d), distance_to_segment(b, c, d)});
}

/// Drops points until no dropped one lies farther than `tolerance` from what is left (Douglas and
/// Peucker 1973).
void simplify(const MmPolyline& line, std::size_t first, std::size_t last, double tolerance,
              MmPolyline& kept) {
    double worst = 0;
    std::size_t index = first;
    for (std::size_t i = first + 1; i < last; ++i) {
        const double d = distance_to_segment(line[i], line[first], line[last]);
        if (d > worst) worst = d, index = i;
    }
    if (worst > tolerance) {
        simplify(line, first, index, tolerance, kept);
        simplify(line, index, last, tolerance, kept);
    } else {
        kept.push_back(line[last]);
    }
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

double Scene::depth_behind_bone(MmPoint a, MmPoint b) const {
    if (a.x > b.x) std::swap(a, b);
    double deepest = 0;
    for (const auto& roof : roofs) {
        for (std::size_t i = 1; i < roof.size(); ++i) {
            // Both are straight between these abscissas, so the ends of the overlap are enough.
            const double low = std::max(a.x, roof[i - 1].x), high = std::min(b.x, roof[i].x);
            if (low > high || roof[i].x <= roof[i - 1].x) continue;
            for (const double x : {low, high}) {
                const double t = (x - roof[i - 1].x) / (roof[i].x - roof[i - 1].x);
                const double u = b.x > a.x ? (x - a.x) / (b.x - a.x) : 1.0;
                deepest = std::max(deepest, lerp(a, b, u).y - lerp(roof[i - 1], roof[i], t).y);
            }
        }
    }
    return deepest;
}

double distance_to_region(const MmPolygon& region, MmPoint a, MmPoint b) {
    if (polygon_contains(region, a) || polygon_contains(region, b)) return 0;
    double best = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0, j = region.size() - 1; i < region.size(); j = i++) {
        best = std::min(best, segment_distance(a, b, region[j], region[i]));
    }
    return best;
}

double Scene::wall_distance(MmPoint p) const {
    double best = -std::numeric_limits<double>::infinity();
    for (const auto& contour : joint) {
        const double d = distance_to_outline(contour, p);
        best = std::max(best, polygon_contains(contour, p) ? d : -d);
    }
    return best;
}

double Scene::bone_distance(MmPoint a, MmPoint b) const {
    double best = std::numeric_limits<double>::infinity();
    for (const auto& bone : bones) {
        for (std::size_t i = 1; i < bone.size(); ++i) {
            best = std::min(best, segment_distance(a, b, bone[i - 1], bone[i]));
        }
    }
    return best;
}

Scene make_scene(const Anatomy& anatomy) {
    Scene scene;
    scene.calibrated = anatomy.grid.calibrated();
    scene.unit = anatomy.grid.spacing.value_or(Spacing{1, 1});
    const JointSpace& joint = *anatomy.joint_space;
    for (const auto& contour : joint.contours)
        scene.joint.push_back(polygon_to_mm(contour, scene.unit));
    scene.surest = to_mm(joint.target, scene.unit);
    scene.boundary_sigma = joint.boundary_sigma_px * std::sqrt(scene.unit.x_mm * scene.unit.y_mm);
    const double tolerance = 0.5 * std::min(scene.unit.x_mm, scene.unit.y_mm);
    for (const auto& bone : anatomy.bones) {
        if (bone.points.size() < 2) continue;
        const MmPolyline line = to_mm(bone.points, scene.unit);
        MmPolyline kept{line.front()};
        simplify(line, 0, line.size() - 1, tolerance, kept);
        scene.bones.push_back(std::move(kept));
    }
    for (const auto& obstacle : anatomy.obstacles) {
        if (obstacle.outline.size() < 3) continue;
        scene.obstacles.emplace_back(obstacle.kind, polygon_to_mm(obstacle.outline, scene.unit));
    }
    if (anatomy.skin.size() >= 2) {
        scene.left = to_mm(anatomy.skin.front(), scene.unit);
        scene.right = to_mm(anatomy.skin.back(), scene.unit);
    } else {
        const PixelBox box = anatomy.content_box;
        const double middle = (box.y0 + box.y1 - 1) / 2.0;
        scene.left = to_mm(PixelPoint{static_cast<double>(box.x0), middle}, scene.unit);
        scene.right = to_mm(PixelPoint{box.x1 - 1.0, middle}, scene.unit);
    }
    if (!is_xray(anatomy.view)) scene.roofs = roofs_of(scene);
    return scene;
}

std::vector<MmPoint> target_grid(const Scene& scene, int limit) {
    double area = 0;
    for (const auto& contour : scene.joint)
        area += polygon_area(contour);
    std::vector<MmPoint> targets{scene.surest};
    const double step = std::sqrt(area / std::max(1, limit));
    if (!(step > 0)) return targets;
    for (const auto& contour : scene.joint) {
        const auto [x_low, x_high] = std::ranges::minmax(contour, {}, &MmPoint::x);
        const auto [y_low, y_high] = std::ranges::minmax(contour, {}, &MmPoint::y);
        // Centred in the contour's box, so that a mirrored contour has the mirrored grid.
        const int nx = static_cast<int>((x_high.x - x_low.x) / step),
                  ny = static_cast<int>((y_high.y - y_low.y) / step);
        for (int j = 0; j <= ny; ++j) {
            for (int i = 0; i <= nx; ++i) {
                const MmPoint p{(x_low.x + x_high.x) / 2 + (i - nx / 2.0) * step,
                                (y_low.y + y_high.y) / 2 + (j - ny / 2.0) * step};
                if (polygon_contains(contour, p)) targets.push_back(p);
            }
        }
    }
    return targets;
}

}  // namespace guide::plan
