// SPDX-License-Identifier: Apache-2.0
#include "fluoroscopy.hpp"
#include "outline.hpp"
#include "us_truth.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace guide::simulate {
namespace {

/// mm of a body that a ray has to run in to show.
constexpr float kShows = 0.3F;

/// Where a way of `kShows` is passed between the pixels: bilinear.
std::vector<PixelPolygon> silhouette_of(ImageView<const float> way) {
    Image<std::uint8_t> inside(way.width, way.height);
    for (int y = 0; y < way.height; ++y) {
        for (int x = 0; x < way.width; ++x)
            inside.view().at(x, y) = way.at(x, y) > kShows ? 1 : 0;
    }
    return outlines_of(inside.view(), [&](PixelPoint p) {
        const int x = std::clamp(static_cast<int>(p.x), 0, std::max(0, way.width - 2));
        const int y = std::clamp(static_cast<int>(p.y), 0, std::max(0, way.height - 2));
        const int x1 = std::min(x + 1, way.width - 1), y1 = std::min(y + 1, way.height - 1);
        const auto u = static_cast<float>(p.x - x), v = static_cast<float>(p.y - y);
        const float top = (1 - u) * way.at(x, y) + u * way.at(x1, y);
        const float bottom = (1 - u) * way.at(x, y1) + u * way.at(x1, y1);
        return (1 - v) * top + v * bottom > kShows;
    });
}

/// Pixels between the femur's last and the tibia's first, column by column, where both are and at
/// most `most_px` apart.
Image<std::uint8_t> gap_of(ImageView<const float> femur, ImageView<const float> tibia,
                           double most_px) {
    Image<std::uint8_t> gap(femur.width, femur.height, 0);
    for (int x = 0; x < femur.width; ++x) {
        int last = -1, first = -1;
        for (int y = 0; y < femur.height; ++y) {
            if (femur.at(x, y) > kShows) last = y;
            if (first < 0 && tibia.at(x, y) > kShows) first = y;
        }
        if (last < 0 || first < 0 || first - last > most_px) continue;
        for (int y = last + 1; y < first; ++y)
            gap.view().at(x, y) = 1;
    }
    return gap;
}

}  // namespace

FluoroscopyTruth FluoroscopySimulator::truth(const FluoroscopySettings& settings,
                                             const Execution& execution) {
    settings.validate();
    const ProjectionGeometry geometry = settings.arm.geometry();
    const int width = geometry.width, height = geometry.height;
    FluoroscopyTruth truth;
    truth.calibration = calibration_of(geometry);
    truth.silhouettes = Image<std::uint8_t>(width, height, 0);
    Anatomy& anatomy = truth.anatomy;
    const double spacing = settings.arm.pixel_mm * settings.arm.source_to_isocentre_mm /
                           settings.arm.source_to_detector_mm;
    anatomy.grid = {width, height, Spacing{spacing, spacing}};
    anatomy.content_box = {0, 0, width, height};
    const bool frontal =
        std::abs(std::cos(settings.arm.primary_deg * std::numbers::pi / 180)) > 0.7;
    anatomy.view = frontal ? View::xray_ap : View::xray_lateral;

    FluoroscopyView& view = state_->view_of(geometry);
    state_->need_bodies(view, execution);
    const State::Agent* agent = state_->agent_after(settings.contrast_ml, geometry, execution);
    if (agent != nullptr) truth.contrast_ml = agent->shown_ml;
    constexpr BoneKind kKinds[] = {BoneKind::femur, BoneKind::tibia, BoneKind::patella,
                                   BoneKind::fibula};
    for (std::size_t b = 0; b < kBodies.size(); ++b) {
        const Image<float>& way = view.bodies[b];
        const bool injected = agent != nullptr && kBodies[b] == Tissue::contrast_agent;
        for (std::size_t i = 0; i < way.size(); ++i) {
            const float mm = way.data()[i] + (injected ? agent->way.data()[i] : 0.0F);
            if (mm > kShows) truth.silhouettes.data()[i] |= static_cast<std::uint8_t>(1U << b);
        }
        if (b >= std::size(kKinds)) continue;
        for (PixelPolygon& outline : silhouette_of(way.view())) {
            outline.push_back(outline.front());
            anatomy.bones.push_back({kKinds[b], std::move(outline), 1.0});
        }
    }

    constexpr double kMostGap = 30;  // mm; more is no joint
    const Image<std::uint8_t> gap =
        gap_of(view.bodies[0].view(), view.bodies[1].view(), kMostGap / spacing);
    const auto holds = [&](PixelPoint p) {
        const int x = static_cast<int>(std::lround(p.x)), y = static_cast<int>(std::lround(p.y));
        return x >= 0 && y >= 0 && x < width && y < height && gap.view().at(x, y) != 0;
    };
    auto outlines = outlines_of(gap.view(), holds);
    std::erase_if(outlines, [&](const PixelPolygon& outline) {
        return polygon_area(outline) * spacing * spacing < 2;  // mm2
    });
    if (outlines.empty()) {
        anatomy.joint_space =
            no_answer("bones-overlap", "Femur and tibia leave no space between them.");
    } else {
        anatomy.joint_space = joint_space_of(std::move(outlines), {}, {spacing, spacing});
        anatomy.joint_space->effusion.reset();
        anatomy.joint_space->thickness_mm.reset();
    }
    for (const Wire& wire : settings.wires) {
        PixelPolyline& line = truth.wires.emplace_back();
        for (const Eigen::Vector3d& point : wire.points)
            line.push_back(truth.calibration.project(point));
    }
    if (settings.needle) {
        for (const Eigen::Vector3d& point : axis_of(*settings.needle))
            truth.needle.push_back(truth.calibration.project(point));
        truth.tip = truth.calibration.project(settings.needle->tip);
        truth.tip_depth_mm =
            (truth.calibration.rotation * settings.needle->tip + truth.calibration.translation).z();
    }
    return truth;
}

}  // namespace guide::simulate
