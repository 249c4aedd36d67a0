// SPDX-License-Identifier: Apache-2.0
#include "fluoroscopy.hpp"

#include "xray_materials.hpp"
#include "xray_steel.hpp"

#include <guide/core/error.hpp>
#include <guide/core/random.hpp>
#include <guide/filters/gaussian.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace guide::simulate {
namespace {

/// `signal` with the scatter: it comes from where the body takes out of the beam (the primary times
/// its own attenuation, as of photons that scatter once), spread out.
void add_scatter(Image<float>& signal, const Image<float>& taken, const FluoroscopySettings& s,
                 const Execution& execution) {
    if (s.scatter_to_primary <= 0) return;
    Image<float> scattered(signal.width(), signal.height());
    double primary = 0, out = 0;
    for (std::size_t i = 0; i < signal.size(); ++i) {
        primary += static_cast<double>(signal.data()[i]);
        out += static_cast<double>(taken.data()[i]);
    }
    if (!(out > 0)) return;
    const double sigma = std::min(s.scatter_mm / s.arm.pixel_mm, 1000.0);
    filters::gaussian_blur(taken.view(), scattered.view(), {sigma, sigma}, execution);
    const auto share = static_cast<float>(s.scatter_to_primary * primary / out);
    // The exposure is set for the same brightness.
    const auto all = static_cast<float>(1 + s.scatter_to_primary);
    for (std::size_t i = 0; i < signal.size(); ++i)
        signal.data()[i] = (signal.data()[i] + share * scattered.data()[i]) / all;
}

/// How far the collimator is open at a pixel, 0 to 1.
double open_at(const FluoroscopySettings& s, int x, int y) {
    const double radius_px = s.collimator_mm / s.arm.pixel_mm;
    if (radius_px <= 0) return 1;
    const double off = std::hypot(x - 0.5 * (s.arm.width - 1), y - 0.5 * (s.arm.height - 1));
    return std::clamp(radius_px - off + 0.5, 0.0, 1.0);
}

}  // namespace

std::vector<Eigen::Vector3d> axis_of(const InsertedNeedle& needle) {
    const int steps = needle.bend_mm > 0 ? 24 : 1;
    std::vector<Eigen::Vector3d> points;
    for (int i = 0; i <= steps; ++i)
        points.push_back(needle.point_at(needle.inserted_mm * (steps - i) / steps));
    return points;
}

void FluoroscopySettings::validate() const {
    arm.validate();
    const auto within = [](double value, double low, double high, const char* rule) {
        require(value >= low && value <= high, "FluoroscopySettings", rule);
    };
    within(photons, 10, 1e7, "photons is 10 to 1e7");
    within(scatter_to_primary, 0, 5, "scatter_to_primary is 0 to 5");
    within(scatter_mm, 1, 200, "scatter_mm is 1 to 200");
    within(blur_mm, 0, 5, "blur_mm is 0 to 5");
    within(collimator_mm, 0, 1000, "collimator_mm is 0 to 1000");
    within(contrast_ml, 0, 100, "contrast_ml is 0 to 100");
    within(black_od, white_od + 0.1, 20, "black_od is more than 0.1 above white_od, to 20");
    within(white_od, -2, 20, "white_od is -2 to 20");
    for (const Wire& wire : wires) {
        require(wire.points.size() > 1, "FluoroscopySettings", "a wire has two points or more");
        within(wire.radius_mm, 0.05, 5, "radius_mm of a wire is 0.05 to 5");
        for (const Eigen::Vector3d& point : wire.points)
            require(point.allFinite(), "FluoroscopySettings", "points of wires are finite");
    }
    if (needle) needle->validate();
}

Frame FluoroscopySimulator::frame(const FluoroscopySettings& settings, const Execution& execution) {
    settings.validate();
    const ProjectionGeometry geometry = settings.arm.geometry();
    const int width = geometry.width, height = geometry.height;
    FluoroscopyView& view = state_->view_of(geometry);
    state_->need_materials(view, execution);
    const State::Agent* agent = state_->agent_after(settings.contrast_ml, geometry, execution);
    Image<float> steel(width, height, 0.0F);
    for (const Wire& wire : settings.wires)
        add_tube(geometry, wire.points, wire.radius_mm, 0, steel.view());
    if (settings.needle) {
        add_tube(geometry, axis_of(*settings.needle), settings.needle->outer_diameter_mm / 2,
                 settings.needle->inner_diameter_mm / 2, steel.view());
    }

    // Primary beam, as far as the collimator lets it, and what the body takes out of it.
    Image<float> signal(width, height), taken(width, height);
    for_each_band(execution, height, 16, [&](int begin, int end) {
        for (int y = begin; y < end; ++y) {
            for (int x = 0; x < width; ++x) {
                const auto mm = [&](const Image<float>& way) {
                    return way.size() > 0 ? static_cast<double>(way.at(x, y)) : 0.0;
                };
                std::array<double, kMaterialCount> way{};
                way[kWater] = mm(view.water) - (agent != nullptr ? mm(agent->displaced) : 0.0);
                way[kBone] = mm(view.bone);
                way[kContrast] = mm(view.contrast) + (agent != nullptr ? mm(agent->way) : 0.0);
                way[kSteel] = mm(steel);
                const double left = transmitted(way), open = open_at(settings, x, y);
                signal.at(x, y) = static_cast<float>(open * left);
                taken.at(x, y) = static_cast<float>(left > 0 ? -open * left * std::log(left) : 0.0);
            }
        }
    });
    add_scatter(signal, taken, settings, execution);
    if (settings.blur_mm > 0) {
        Image<float> sharp = std::exchange(signal, Image<float>(width, height));
        const double sigma = settings.blur_mm / settings.arm.pixel_mm;
        filters::gaussian_blur(sharp.view(), signal.view(), {sigma, sigma}, execution);
    }

    Frame frame;
    frame.intensity = Image<float>(width, height);
    frame.modality = Modality::fluoroscopy;
    const double magnification =
        settings.arm.source_to_detector_mm / settings.arm.source_to_isocentre_mm;
    frame.spacing =
        Spacing{settings.arm.pixel_mm / magnification, settings.arm.pixel_mm / magnification};
    frame.spacing_source = SpacingSource::imager_pixel_spacing;
    const double range = settings.black_od - settings.white_od;
    for_each_band(execution, height, 16, [&](int begin, int end) {
        for (int y = begin; y < end; ++y) {
            // A stream of its own for each row of each frame.
            Random random(settings.seed, settings.frame_number * 8192 + static_cast<unsigned>(y));
            for (int x = 0; x < width; ++x) {
                const double expected =
                    settings.photons * static_cast<double>(signal.view().at(x, y));
                const double counted =
                    std::max(0.5, expected + std::sqrt(expected) * random.normal());
                const double od = -std::log(counted / settings.photons);
                const double dark = std::clamp((od - settings.white_od) / range, 0.0, 1.0);
                const double shown = open_at(settings, x, y);
                frame.intensity.view().at(x, y) =
                    static_cast<float>(255 * shown * (settings.bone_bright ? dark : 1 - dark));
            }
        }
    });
    return frame;
}

}  // namespace guide::simulate
