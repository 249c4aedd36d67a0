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

/// Values of a field, one a voxel, by a function of the sample.
template <class Value>
std::vector<float> voxels_of(const TissueField& field, const Execution& execution, Value value) {
    const VoxelGrid& grid = field.grid();
    std::vector<float> values(grid.count());
    const int width = grid.size[0];
    for_each_band(execution, grid.size[1] * grid.size[2], 64, [&](int begin, int end) {
        std::vector<TissueSample> row(static_cast<std::size_t>(width));
        for (int r = begin; r < end; ++r) {
            const Eigen::Vector3d start =
                grid.patient_from_grid * Eigen::Vector3d(0, r % grid.size[1], r / grid.size[1]);
            field.along(start, grid.patient_from_grid.linear().col(0), width, row.data());
            for (std::size_t i = 0; i < row.size(); ++i)
                values[static_cast<std::size_t>(r) * row.size() + i] = value(row[i]);
        }
    });
    return values;
}

Projector body_of(const TissueField& field, Tissue tissue, const Execution& execution) {
    return {field.grid(), voxels_of(field, execution, [tissue](const TissueSample& sample) {
                return sample.tissue == tissue ? 1.0F : 0.0F;
            })};
}

bool has(const TissueField& field, Tissue tissue) {
    const auto& labels = field.labels();
    return std::find(labels.begin(), labels.end(), static_cast<std::uint8_t>(tissue)) !=
           labels.end();
}

/// `signal` with the scatter that its smoothed self stands for.
void add_scatter(Image<float>& signal, const FluoroscopySettings& s, const Execution& execution) {
    if (s.scatter_to_primary <= 0) return;
    Image<float> scattered(signal.width(), signal.height());
    const double sigma = std::min(s.scatter_mm / s.arm.pixel_mm, 1000.0);
    filters::gaussian_blur(signal.view(), scattered.view(), {sigma, sigma}, execution);
    const auto share = static_cast<float>(s.scatter_to_primary);
    float* out = signal.data();
    for (std::size_t i = 0; i < signal.size(); ++i)
        out[i] = (out[i] + share * scattered.data()[i]) / (1 + share);
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

FluoroscopySimulator::FluoroscopySimulator(const TissueField& field, const Execution& execution) {
    const auto share = [&](float MaterialShare::*member) {
        return Projector(field.grid(),
                         voxels_of(field, execution, [member](const TissueSample& sample) {
                             return materials_of(sample).*member;
                         }));
    };
    state_ = std::make_unique<State>(
        State{share(&MaterialShare::water), share(&MaterialShare::bone), std::nullopt, {}});
    if (has(field, Tissue::contrast_agent)) state_->contrast = share(&MaterialShare::contrast);
    for (const Tissue body :
         {Tissue::femur, Tissue::tibia, Tissue::patella, Tissue::fibula, Tissue::contrast_agent})
        state_->bodies.push_back(body_of(field, body, execution));
}

FluoroscopySimulator::~FluoroscopySimulator() = default;
FluoroscopySimulator::FluoroscopySimulator(FluoroscopySimulator&&) noexcept = default;
FluoroscopySimulator& FluoroscopySimulator::operator=(FluoroscopySimulator&&) noexcept = default;

Frame FluoroscopySimulator::frame(const FluoroscopySettings& settings, const Execution& execution) {
    settings.validate();
    const ProjectionGeometry geometry = settings.arm.geometry();
    const int width = geometry.width, height = geometry.height;
    Image<float> ways[kMaterialCount];
    for (Image<float>& way : ways)
        way = Image<float>(width, height, 0.0F);
    state_->water.project(geometry, ways[kWater].view(), execution);
    state_->bone.project(geometry, ways[kBone].view(), execution);
    if (state_->contrast) state_->contrast->project(geometry, ways[kContrast].view(), execution);
    for (const Wire& wire : settings.wires)
        add_tube(geometry, wire.points, wire.radius_mm, 0, ways[kSteel].view());
    if (settings.needle) {
        add_tube(geometry, axis_of(*settings.needle), settings.needle->outer_diameter_mm / 2,
                 settings.needle->inner_diameter_mm / 2, ways[kSteel].view());
    }

    // Primary beam, as far as the collimator lets it.
    const double radius_px = settings.collimator_mm / settings.arm.pixel_mm;
    Image<float> signal(width, height);
    for_each_band(execution, height, 16, [&](int begin, int end) {
        for (int y = begin; y < end; ++y) {
            for (int x = 0; x < width; ++x) {
                std::array<double, kMaterialCount> way{};
                for (std::size_t m = 0; m < way.size(); ++m)
                    way[m] = static_cast<double>(ways[m].view().at(x, y));
                const double off = std::hypot(x - 0.5 * (width - 1), y - 0.5 * (height - 1));
                const double open =
                    radius_px > 0 ? std::clamp(radius_px - off + 0.5, 0.0, 1.0) : 1.0;
                signal.view().at(x, y) = static_cast<float>(open * transmitted(way));
            }
        }
    });
    add_scatter(signal, settings, execution);
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
                frame.intensity.view().at(x, y) =
                    static_cast<float>(255 * (settings.bone_bright ? dark : 1 - dark));
            }
        }
    });
    return frame;
}

}  // namespace guide::simulate
