// SPDX-License-Identifier: Apache-2.0
#include <guide/anatomy/anatomy.hpp>

#include <algorithm>
#include <numeric>
#include <utility>

namespace guide {
namespace {

void mirror(PixelPoint& p, int width) {
    p.x = width - 1 - p.x;
}

void mirror_line(PixelPolyline& line, int width) {
    for (auto& p : line)
        mirror(p, width);
    std::reverse(line.begin(), line.end());
}

// Left becomes right by name and by place; each bone's stay left to right.
void mirror_landmarks(std::vector<Landmark>& landmarks, int width) {
    const auto bone = [](const Landmark& l) { return l.name.substr(0, l.name.find('-')); };
    for (auto begin = landmarks.begin(); begin != landmarks.end();) {
        const auto end = std::find_if(begin, landmarks.end(),
                                      [&](const auto& l) { return bone(l) != bone(*begin); });
        for (auto l = begin; l != end; ++l) {
            mirror(l->at, width);
            if (const auto left = l->name.find("-left-"); left != std::string::npos) {
                l->name.replace(left, 6, "-right-");
            } else if (const auto right = l->name.find("-right-"); right != std::string::npos) {
                l->name.replace(right, 7, "-left-");
            }
        }
        std::reverse(begin, end);
        begin = end;
    }
}

}  // namespace

std::string_view name_of(NarrowingDegree degree) {
    switch (degree) {
        case NarrowingDegree::narrowed:
            return "narrowed";
        case NarrowingDegree::bone_on_bone:
            return "bone-on-bone";
        default:
            return "none";
    }
}

std::optional<ThicknessRange> thickness_range(const Cartilage& cartilage) {
    if (!cartilage.thickness_mm || cartilage.thickness_mm->empty()) return std::nullopt;
    const std::vector<double>& all = *cartilage.thickness_mm;
    const auto [least, largest] = std::ranges::minmax(all);
    return ThicknessRange{
        std::accumulate(all.begin(), all.end(), 0.0) / static_cast<double>(all.size()), least,
        largest};
}

Anatomy mirrored(const Anatomy& anatomy) {
    Anatomy result = anatomy;
    const int width = anatomy.grid.width;
    result.content_box.x0 = width - anatomy.content_box.x1;
    result.content_box.x1 = width - anatomy.content_box.x0;
    mirror_line(result.skin, width);
    for (auto& bone : result.bones)
        mirror_line(bone.points, width);
    if (auto& cartilage = result.cartilage) {
        mirror_line(cartilage->surface, width);
        mirror_line(cartilage->bone, width);
        if (auto& thickness = cartilage->thickness_mm)
            std::reverse(thickness->begin(), thickness->end());
    }
    for (auto& obstacle : result.obstacles)
        mirror_line(obstacle.outline, width);
    for (auto& region : result.unseen)
        mirror_line(region.outline, width);
    for (auto& layer : result.layers)
        mirror_line(layer.lower, width);
    if (result.joint_space) {
        JointSpace& joint = *result.joint_space;
        for (auto& contour : joint.contours)
            mirror_line(contour, width);
        mirror(joint.target, width);
        if (joint.widths) {
            std::swap(joint.widths->left_px, joint.widths->right_px);
            std::swap(joint.widths->left_mm, joint.widths->right_mm);
            std::swap(joint.widths->left_mean_px, joint.widths->right_mean_px);
            std::swap(joint.widths->left_mean_mm, joint.widths->right_mean_mm);
            mirror(joint.widths->minimum_at, width);
            std::reverse(joint.widths->standard.begin(), joint.widths->standard.end());
            for (auto& at : joint.widths->standard)
                at.place = 1 - at.place;
        }
        mirror_landmarks(joint.landmarks, width);
    }
    return result;
}

}  // namespace guide
