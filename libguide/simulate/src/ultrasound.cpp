// SPDX-License-Identifier: Apache-2.0
#include "us_beam.hpp"
#include "us_needle.hpp"
#include "us_plane.hpp"
#include "us_random.hpp"
#include "us_scatter.hpp"
#include "us_signal.hpp"
#include "us_tissue.hpp"

#include <guide/core/error.hpp>
#include <guide/simulate/ultrasound.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace guide::simulate {
namespace {

filters::BeamGrid shown_grid(const UltrasoundSettings& settings) {
    return {settings.probe, settings.lines, settings.samples};
}

PixelBox shown_box(const filters::ScanConverter& converter) {
    Image<std::uint8_t> mask(converter.out_width(), converter.out_height());
    converter.mask(mask.view());
    PixelBox box{mask.width(), mask.height(), 0, 0};
    for (int y = 0; y < mask.height(); ++y) {
        for (int x = 0; x < mask.width(); ++x) {
            if (mask.at(x, y) == 0) continue;
            box = {std::min(box.x0, x), std::min(box.y0, y), std::max(box.x1, x + 1),
                   std::max(box.y1, y + 1)};
        }
    }
    return box.empty() ? PixelBox{} : box;
}

const UltrasoundSettings& valid(const UltrasoundSettings& settings) {
    settings.validate();
    return settings;
}

}  // namespace

struct UltrasoundSimulator::State {
    State(std::shared_ptr<const TissueField> tissue_field, const UltrasoundSettings& given)
        : field(std::move(tissue_field)),
          settings(valid(given)),
          beam(settings),
          tissue(beam, settings.seed),
          converter(filters::ScanConverter::to_picture(shown_grid(settings), settings.picture)),
          content(shown_box(converter)),
          from_tissue(beam.columns(), beam.rows()),
          with_needle(beam.columns(), beam.rows()),
          looks(static_cast<std::size_t>(settings.looks), Signal(settings.lines, beam.rows(), 2)),
          envelope(settings.lines, settings.samples),
          grey(settings.lines, settings.samples) {
        for (int row = 0; row < beam.rows() - 1; row += ScatterTile::kSide) {
            for (int column = 0; column < beam.columns() - 1; column += ScatterTile::kSide) {
                tiles.push_back({column, row,
                                 std::min(ScatterTile::kSide, beam.columns() - 1 - column),
                                 std::min(ScatterTile::kSide, beam.rows() - 1 - row)});
            }
        }
        tiles_across = (beam.columns() - 1 + ScatterTile::kSide - 1) / ScatterTile::kSide;
        sums.resize(tiles.size() * kTileFloats);
        double squares = 0;
        for (std::size_t k = 0; k < beam.axial_weights().size(); ++k) {
            const auto w = static_cast<double>(beam.axial_weights()[k]);
            squares += (k == 0 ? 1 : 2) * w * w;
        }
        noise = static_cast<float>(std::pow(10, settings.noise_db / 20) / std::sqrt(2 * squares));
    }

    static constexpr int kTileStride = 2 * (ScatterTile::kSide + 1) + 2;
    static constexpr std::size_t kTileFloats =
        static_cast<std::size_t>(kTileStride) * (ScatterTile::kSide + 1);

    void look_at_tissue(const Eigen::Isometry3d& pose, Workers& workers);
    void scatter(const Eigen::Isometry3d& pose, Workers& workers);
    void show(const Echoes& echoes, std::uint64_t frame_number, Workers& workers);
    [[nodiscard]] bool silent(const ScatterTile& tile) const;

    std::shared_ptr<const TissueField> field;
    UltrasoundSettings settings;
    BeamModel beam;
    TissueMap tissue;
    filters::ScanConverter converter;
    PixelBox content;
    Echoes from_tissue, with_needle;
    std::vector<Signal> looks;
    Image<float> envelope, grey;
    std::vector<ScatterTile> tiles;
    int tiles_across = 0;
    std::vector<float> sums;
    float noise = 0;
    std::optional<Eigen::Matrix4d> seen_from;  ///< where `from_tissue` was made
};

/// Nothing scatters there: water, or the shadow of bone.
bool UltrasoundSimulator::State::silent(const ScatterTile& tile) const {
    const AmplitudeSheets& sheets = tissue.sheets();
    const int first = tile.row / AmplitudeSheets::kRowStep;
    const int last = (tile.row + tile.rows) / AmplitudeSheets::kRowStep + 1;
    for (int s = 0; s < AmplitudeSheets::kCount; ++s) {
        for (int c = tile.column; c <= tile.column + tile.columns; ++c) {
            const float* values = sheets.values.data() + sheets.start(s, c);
            if (std::any_of(values + first, values + last + 1, [](float v) { return v > 1e-6F; }))
                return false;
        }
    }
    return true;
}

void UltrasoundSimulator::State::scatter(const Eigen::Isometry3d& pose, Workers& workers) {
    const ScatterField scatterers(beam, pose.inverse(), tissue.sheets());
    workers.for_each_band(static_cast<int>(tiles.size()), 1, [&](int begin, int end) {
        for (int t = begin; t < end; ++t) {
            const ScatterTile& tile = tiles[static_cast<std::size_t>(t)];
            float* sum = sums.data() + static_cast<std::size_t>(t) * kTileFloats;
            std::fill(sum, sum + kTileFloats, 0.0F);
            if (!silent(tile)) add_scatterers(scatterers, tile, sum, kTileStride);
        }
    });
    // Neighbouring tiles share their borders; the order of adding is always the same.
    workers.for_each_band(beam.rows(), 32, [&](int begin, int end) {
        for (int r = begin; r < end; ++r) {
            float* out = from_tissue.scatter.row(r);
            std::fill(out, out + 2 * static_cast<std::ptrdiff_t>(beam.columns()), 0.0F);
            float* walls = from_tissue.walls.row(r);
            std::fill(walls, walls + 2 * static_cast<std::ptrdiff_t>(beam.columns()), 0.0F);
            for (int band = std::max(0, r - 1) / ScatterTile::kSide; band <= r / ScatterTile::kSide;
                 ++band) {
                for (int t = band * tiles_across; t < (band + 1) * tiles_across; ++t) {
                    if (t >= static_cast<int>(tiles.size())) break;
                    const ScatterTile& tile = tiles[static_cast<std::size_t>(t)];
                    const int local = r - tile.row;
                    if (local > tile.rows) continue;
                    const float* sum = sums.data() + static_cast<std::size_t>(t) * kTileFloats +
                                       static_cast<std::ptrdiff_t>(local) * kTileStride;
                    float* to = out + 2 * static_cast<std::ptrdiff_t>(tile.column);
                    for (int i = 0; i < 2 * (tile.columns + 1); ++i)
                        to[i] += sum[i];
                }
            }
        }
    });
}

void UltrasoundSimulator::State::look_at_tissue(const Eigen::Isometry3d& pose, Workers& workers) {
    if (seen_from == pose.matrix()) return;
    seen_from.reset();
    tissue.trace(*field, pose, workers);
    scatter(pose, workers);
    workers.for_each_band(beam.columns(), 16, [&](int begin, int end) {
        for (int c = begin; c < end; ++c) {
            for (const WallEcho& wall : tissue.walls(c)) {
                const int row = static_cast<int>(wall.row);
                const float below = wall.row - static_cast<float>(row);
                float* upper = from_tissue.walls.row(row) + 2 * static_cast<std::ptrdiff_t>(c);
                float* lower = from_tissue.walls.row(row + 1) + 2 * static_cast<std::ptrdiff_t>(c);
                upper[0] += (1 - below) * wall.amplitude;
                upper[1] += (1 - below) * wall.quadrature;
                lower[0] += below * wall.amplitude;
                lower[1] += below * wall.quadrature;
            }
        }
    });
    seen_from = pose.matrix();
}

void UltrasoundSimulator::State::show(const Echoes& echoes, std::uint64_t frame_number,
                                      Workers& workers) {
    const std::uint32_t base = folded(settings.seed ^ (frame_number * 0x9E3779B97F4A7C15ULL));
    workers.for_each_band(beam.rows(), 32, [&](int begin, int end) {
        for (int r = begin; r < end; ++r) {
            const std::uint32_t seed =
                CellHash::mixed(base + static_cast<std::uint32_t>(r) * CellHash::kZ);
            spread_across(beam, echoes, r, noise, seed, looks);
        }
    });
    const double decibel = 255 / settings.dynamic_range_db;
    const GreyScale scale{static_cast<float>(decibel * 20 * std::numbers::ln2 / std::numbers::ln10),
                          static_cast<float>(255 - decibel * settings.white_db)};
    const double step_cm =
        (settings.probe.end_mm - settings.probe.start_mm) / (settings.samples - 1) / 10;
    workers.for_each_band(settings.samples, 32, [&](int begin, int end) {
        for (int r = begin; r < end; ++r) {
            const double db = settings.gain_db +
                              settings.tgc_db_per_cm * (settings.probe.start_mm / 10 + r * step_cm);
            spread_along(beam, looks, r, static_cast<float>(std::pow(10, db / 20)), scale,
                         envelope.view().row(r), grey.view().row(r));
        }
    });
}

UltrasoundSimulator::UltrasoundSimulator(std::shared_ptr<const TissueField> field,
                                         UltrasoundSettings settings) {
    require(field != nullptr, "UltrasoundSimulator", "there is a field");
    state_ = std::make_unique<State>(std::move(field), settings);
}
UltrasoundSimulator::~UltrasoundSimulator() = default;
UltrasoundSimulator::UltrasoundSimulator(UltrasoundSimulator&&) noexcept = default;
UltrasoundSimulator& UltrasoundSimulator::operator=(UltrasoundSimulator&&) noexcept = default;

const UltrasoundSettings& UltrasoundSimulator::settings() const {
    return state_->settings;
}

void UltrasoundSimulator::set_field(std::shared_ptr<const TissueField> field) {
    require(field != nullptr, "UltrasoundSimulator::set_field", "there is a field");
    state_->field = std::move(field);
    state_->seen_from.reset();
}

Frame UltrasoundSimulator::frame(const RigidTransform<PatientSpace, ProbeSpace>& patient_from_probe,
                                 const UltrasoundScene& scene, const Execution& execution) {
    State& state = *state_;
    // The scan plane's x and y are the probe's.
    const Eigen::Isometry3d& pose = patient_from_probe.motion();
    require(pose.matrix().allFinite(), "UltrasoundSimulator::frame", "the pose is finite");
    if (scene.needle) scene.needle->validate();
    for (const PointTarget& target : scene.targets) {
        require(target.position.allFinite() && std::abs(target.level_db) <= 200,
                "UltrasoundSimulator::frame", "targets are finite, their level within 200 dB");
    }
    Workers workers(execution);
    state.look_at_tissue(pose, workers);

    const Echoes* echoes = &state.from_tissue;
    if (scene.needle || !scene.targets.empty()) {
        state.with_needle = state.from_tissue;
        const Eigen::Isometry3d scan_from_patient = pose.inverse();
        if (scene.needle)
            add_needle(*scene.needle, scan_from_patient, state.beam, state.tissue,
                       state.with_needle);
        for (const PointTarget& target : scene.targets)
            add_target(target, scan_from_patient, state.beam, state.tissue, state.with_needle);
        echoes = &state.with_needle;
    }
    state.show(*echoes, scene.frame_number, workers);

    const filters::PictureGrid& picture = state.settings.picture;
    Frame frame;
    frame.intensity = Image<float>(picture.width, picture.height);
    state.converter.convert(state.grey.view(), frame.intensity.view(), execution);
    frame.modality = Modality::ultrasound;
    frame.spacing = picture.spacing;
    frame.spacing_source = SpacingSource::user;
    frame.content_box = state.content;
    Eigen::Matrix4d scan_from_pixel = Eigen::Matrix4d::Identity();
    scan_from_pixel(0, 0) = picture.spacing.x_mm;
    scan_from_pixel(1, 1) = picture.spacing.y_mm;
    scan_from_pixel(0, 3) = picture.origin.x;
    scan_from_pixel(1, 3) = picture.origin.y;
    frame.image_to_reference = pose.matrix() * scan_from_pixel;
    return frame;
}

ImageView<const float> UltrasoundSimulator::envelope() const {
    return state_->envelope.view();
}

ShownPoint shown_point(const UltrasoundSettings& settings,
                       const RigidTransform<PatientSpace, ProbeSpace>& patient_from_probe,
                       const Eigen::Vector3d& point_in_patient) {
    settings.validate();
    const UltrasoundPlane plane(settings, patient_from_probe);
    return {plane.pixel_of(point_in_patient),
            (patient_from_probe.inverse() * point_in_patient).z()};
}

Eigen::Vector3d patient_point(const UltrasoundSettings& settings,
                              const RigidTransform<PatientSpace, ProbeSpace>& patient_from_probe,
                              PixelPoint pixel) {
    settings.validate();
    const filters::ScanPoint shown = filters::scan_from_pixel(settings.picture, pixel);
    return UltrasoundPlane(settings, patient_from_probe)
        .patient(filters::beam_from_scan(shown_grid(settings), shown));
}

}  // namespace guide::simulate
