// SPDX-License-Identifier: Apache-2.0
#include "random_scene.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace guide::test {
namespace {

constexpr double kPi = 3.14159265358979323846;

struct Maker {
    explicit Maker(std::uint64_t seed) : random(seed) {}

    Random random;
    Spacing spacing{};

    [[nodiscard]] PixelPoint px(double x_mm, double y_mm) const {
        return {x_mm / spacing.x_mm, y_mm / spacing.y_mm};
    }
    double between(double low, double high) { return random.uniform(low, high); }
    bool chance(double p) { return random.uniform() < p; }
    int count(int low, int high) {
        return low + static_cast<int>(random.uniform() * (high - low + 1));
    }

    /// A closed outline about a middle: star shaped, hence simple; bent along its length.
    PixelPolygon blob(double cx, double cy, double rx, double ry) {
        const int n = count(5, 48);
        const double rough = between(0, 0.3), bend = between(-0.3, 0.3);
        const double phase = between(0, 2 * kPi), turns = count(2, 5);
        PixelPolygon outline;
        for (int i = 0; i < n; ++i) {
            const double a = 2 * kPi * i / n;
            const double r = 1 + rough * std::sin(turns * a + phase);
            const double x = r * std::cos(a);
            outline.push_back(px(cx + rx * x, cy + ry * (r * std::sin(a)) + bend * rx * x * x / 2));
        }
        return outline;
    }

    plan::Needle needle() {
        constexpr std::array gauges{18, 20, 21, 22, 23, 25};
        plan::Needle n =
            *plan::standard_needle(gauges[static_cast<std::size_t>(count(0, 5))], between(25, 90));
        if (chance(0.2)) n.bevel = plan::Bevel::pencil_point;
        return n;
    }
};

PixelPoint deepest(const JointSpace& joint, Spacing s, Random& random) {
    PixelPoint best = joint.contours[0][0];
    double most = -1;
    const auto outline = polygon_to_mm(joint.contours[0], s);
    const auto [x0, x1] = std::ranges::minmax(outline, {}, &MmPoint::x);
    const auto [y0, y1] = std::ranges::minmax(outline, {}, &MmPoint::y);
    for (int i = 0; i < 60; ++i) {
        const MmPoint p{random.uniform(x0.x, x1.x), random.uniform(y0.y, y1.y)};
        if (!polygon_contains(outline, p)) continue;
        const double wall = distance_to_outline(outline, p);
        if (wall > most) most = wall, best = to_px(p, s);
    }
    return best;
}

}  // namespace

RandomScene random_ultrasound_scene(std::uint64_t seed) {
    Maker m(seed);
    RandomScene scene;
    Anatomy& a = scene.anatomy;
    const bool tight = m.chance(0.4);  // little way is left, or none
    const double x_mm = m.between(0.06, 0.14);
    m.spacing = {x_mm, m.chance(0.5) ? x_mm : x_mm * m.between(0.8, 1.25)};
    const double width = m.between(30, 55), height = m.between(25, 50);
    a.grid = {static_cast<int>(width / m.spacing.x_mm), static_cast<int>(height / m.spacing.y_mm),
              m.spacing};
    a.content_box = a.grid.bounds();
    a.view = View::suprapatellar_transverse;
    a.skin = {m.px(0, m.between(0, 1.5)), m.px(width, m.between(0, 1.5))};

    // Joint space: up to three parts side by side.
    const double depth = m.between(5, 0.65 * height);
    const int parts = m.chance(0.6) ? 1 : m.count(2, 3);
    JointSpace joint;
    const double left = m.between(0.05, 0.3) * width, right = m.between(0.7, 0.95) * width;
    const double each = (right - left) / parts;
    double thickest = 0;
    for (int i = 0; i < parts; ++i) {
        const double rx = each * m.between(0.2, 0.37), ry = m.between(0.7, 4.5);
        joint.contours.push_back(
            m.blob(left + (i + 0.5) * each, depth + m.between(-1, 1), rx, std::min(ry, rx)));
        thickest = std::max(thickest, std::min(ry, rx));
    }
    std::ranges::sort(joint.contours, std::ranges::greater{},
                      [](const PixelPolygon& p) { return polygon_area(p); });
    joint.target = deepest(joint, m.spacing, m.random);
    joint.confidence = m.between(0.2, 1);
    joint.boundary_sigma_px = m.between(0, 6);
    a.joint_space = joint;

    // Femur under it, now and then touching; another bone nearer to the skin.
    if (m.chance(0.9)) {
        const double femur = depth + thickest * m.between(0.8, 1.4) + m.between(0, 6);
        const double swing = m.between(0, 3), turns = m.between(0.5, 3), phase = m.between(0, 6);
        const double from = m.chance(0.7) ? 0 : m.between(0, 0.4) * width;
        const double to = m.chance(0.7) ? width : m.between(0.6, 1) * width;
        BoneSurface bone{BoneKind::femur, {}, 0.9};
        const int n = m.count(2, 120);
        for (int i = 0; i <= n; ++i) {
            const double x = from + (to - from) * i / n;
            bone.points.push_back(m.px(x, femur + swing * std::sin(turns * x / 10 + phase)));
        }
        a.bones.push_back(bone);
    }
    if (m.chance(0.4)) {
        const double x = m.between(0, width), y = m.between(3, height - 2), w = m.between(2, 15);
        const double slope = m.between(-0.6, 0.6);
        a.bones.push_back({BoneKind::patella,
                           {m.px(x, y), m.px(x + w / 2, y + slope * w / 2 - m.between(0, 1)),
                            m.px(x + w, y + slope * w)},
                           0.8});
    }
    constexpr std::array kinds{"vessel", "nerve", "tendon", "cartilage", "fat-pad"};
    for (int i = tight ? m.count(3, 6) : m.count(0, 4); i > 0; --i) {
        a.obstacles.push_back({kinds[static_cast<std::size_t>(m.count(0, 4))],
                               m.blob(m.between(-10, width + 10), m.between(1, height),
                                      m.between(0.5, 5), m.between(0.5, 3))});
    }
    for (int i = m.count(0, 2); i > 0; --i) {
        if (m.chance(0.5)) continue;
        const double x = m.between(-5, width), w = m.between(1, 8), y = m.between(2, height);
        a.unseen.push_back(
            {"shadow", {m.px(x, y), m.px(x + w, y), m.px(x + w + 1, height), m.px(x - 1, height)}});
    }
    a.layers = {{"skin", {m.px(0, 3), m.px(width, 3)}},
                {"fat", {m.px(0, depth * 0.7), m.px(width, depth * 0.6)}}};

    plan::Approach approach;
    approach.name = "random";
    approach.views = {a.view};
    approach.target = m.chance(0.5) ? plan::TargetRule::surest_first : plan::TargetRule::best_score;
    approach.angle_limit_deg = tight ? m.between(18, 40) : m.between(20, 60);
    approach.angle_least_deg = m.chance(0.7) ? 0 : m.between(0, 15);
    approach.angle_preferred_deg = 0.5 * (approach.angle_least_deg + approach.angle_limit_deg);
    approach.bone_margin_mm = m.between(0, 3);
    approach.wall_margin_mm = m.between(0.2, 2);
    approach.margins = {{"vessel", m.between(1, tight ? 9 : 6)},
                        {"nerve", m.between(1, tight ? 9 : 6)}};
    approach.other_margin_mm = m.between(0, 3);
    approach.depth_limit_mm = m.chance(0.8) ? 60 : m.between(8, 30);
    approach.allows_unseen = m.chance(0.2);
    scene.options.approach = "random";
    scene.options.own_approaches = {approach};
    scene.options.needle = m.needle();
    scene.options.hub_reserve_mm = m.between(0, 10);
    scene.options.probe_gap_mm = m.between(2, 8);
    scene.options.entry_reach_mm = scene.options.probe_gap_mm + m.between(1, 60);
    scene.options.aiming_sigma_mm = m.between(0.8, 3.5);
    return scene;
}

RandomScene random_radiograph_scene(std::uint64_t seed) {
    Maker m(seed);
    RandomScene scene;
    Anatomy& a = scene.anatomy;
    const double x_mm = m.between(0.3, 0.8);
    m.spacing = {x_mm, x_mm};
    a.grid = {static_cast<int>(150 / x_mm), static_cast<int>(150 / x_mm), m.spacing};
    a.content_box = a.grid.bounds();
    a.view = View::xray_ap;
    const double from = m.between(20, 45), to = m.between(100, 130), y = m.between(50, 100);
    const double tilt = m.between(-0.15, 0.15), gap = m.between(1.5, 8), wave = m.between(0, 3);
    const double notch = m.chance(0.5) ? m.between(0, 25) : 0;  // upwards, in the middle
    BoneSurface femur{BoneKind::femur, {}, 0.9}, tibia{BoneKind::tibia, {}, 0.9};
    PixelPolygon above, below;
    for (int i = 0; i <= 30; ++i) {
        const double x = from + (to - from) * i / 30, t = i / 30.0 * 2 * kPi;
        const double middle = y + tilt * (x - from) + wave * std::cos(t);
        const double from_middle = std::abs(i - 15) / 4.0;
        const double rise = from_middle < 1 ? notch * (1 - from_middle * from_middle) : 0;
        femur.points.push_back(m.px(x, middle - gap / 2 - 0.5 - rise));
        tibia.points.push_back(m.px(x, middle + gap / 2 + 0.5));
        above.push_back(m.px(x, middle - gap / 2 - rise));
        below.push_back(m.px(x, middle + gap / 2));
    }
    std::ranges::reverse(below);
    above.insert(above.end(), below.begin(), below.end());
    JointSpace joint;
    joint.contours = {above};
    joint.target = m.px(from + 5, y + tilt * 5 + wave);
    joint.confidence = 0.9;
    a.joint_space = joint;
    a.bones = {femur, tibia};
    scene.options.approach = "ap-joint-line";
    scene.options.needle = m.needle();
    return scene;
}

}  // namespace guide::test
