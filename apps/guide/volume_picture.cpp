// SPDX-License-Identifier: Apache-2.0
#include "volume_picture.hpp"

#include <Eigen/Geometry>

#include <cmath>

namespace guide::app {
namespace {

using Eigen::Vector3d;

constexpr double kPixelMm = 0.2, kBesideMm = 20;
constexpr int kGap = 6;

Rgb8 colour_of(plan::LabelRole role, int x, int y) {
    switch (role) {
        case plan::LabelRole::outside:
            return {0, 0, 0};
        case plan::LabelRole::soft:
            return {110, 80, 70};
        case plan::LabelRole::joint_space:
            return {70, 140, 230};
        case plan::LabelRole::bone:
            return {225, 220, 205};
        case plan::LabelRole::cartilage:
            return {150, 175, 150};
        case plan::LabelRole::obstacle:
            return {205, 60, 60};
        case plan::LabelRole::unknown:
            break;
    }
    return (x + y) % 8 < 4 ? Rgb8{60, 60, 60} : Rgb8{90, 90, 90};
}

/// A cut: its upper left corner and unit vectors to the right and down.
struct Plane {
    Vector3d corner, right, down;
    int width, height;
};

}  // namespace

Image<Rgb8> draw_volume_path(const plan::VolumeScene& scene, const plan::PatientPath& path,
                             double diameter) {
    const Vector3d way = path.target_mm - path.entry_mm, along = way.normalized();
    // Down is away from the skin as far as the needle lets it be: towards the joint's middle, else
    // any direction across.
    Vector3d down = (scene.joint_middle() - path.target_mm).cross(along).cross(along) * -1.0;
    const Vector3d back(0, 1, 0);
    if (std::abs(along.dot(back)) < 0.9) down = back;
    down = (down - down.dot(along) * along).stableNormalized();
    if (down.norm() < 0.5) down = along.unitOrthogonal();
    const Vector3d side = along.cross(down);
    const auto pixels = [](double mm) { return static_cast<int>(std::ceil(mm / kPixelMm)); };
    const int wide = pixels(way.norm() + 2 * kBesideMm), high = pixels(2 * kBesideMm);
    const Vector3d start = path.entry_mm - kBesideMm * along;
    const std::array planes{
        Plane{start - kBesideMm * down, along, down, wide, high},
        Plane{start - kBesideMm * side, along, side, wide, high},
        Plane{path.target_mm - kBesideMm * (side + down), side, down, high, high},
    };
    Image<Rgb8> picture(wide + kGap + high, 2 * high + kGap);
    const auto view = picture.view();
    for (int y = 0; y < view.height; ++y) {
        for (int x = 0; x < view.width; ++x)
            view.at(x, y) = {255, 255, 255};
    }
    const double ring = path.tip_axes_mm.mean();
    for (std::size_t i = 0; i < planes.size(); ++i) {
        const Plane& plane = planes[i];
        const int left = i == 2 ? wide + kGap : 0, top = i == 1 ? high + kGap : 0;
        for (int y = 0; y < plane.height; ++y) {
            for (int x = 0; x < plane.width; ++x) {
                const Vector3d p = plane.corner + (x + 0.5) * kPixelMm * plane.right +
                                   (y + 0.5) * kPixelMm * plane.down;
                Rgb8 colour = colour_of(scene.role_at(p), x, y);
                const double s = (p - path.entry_mm).dot(along);
                const double off = (p - path.entry_mm - s * along).norm();
                const double from_tip = (p - path.target_mm).norm();
                if (std::abs(from_tip - ring) < kPixelMm) colour = {255, 160, 0};
                const bool shaft = i < 2 ? s <= way.norm() && s > -0.8 * kBesideMm : true;
                if (shaft && off < std::max(diameter / 2, 0.75 * kPixelMm)) colour = {255, 235, 60};
                view.at(left + x, top + y) = colour;
            }
        }
    }
    return picture;
}

}  // namespace guide::app
