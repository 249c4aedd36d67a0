// SPDX-License-Identifier: Apache-2.0
#include "us_tissue.hpp"

#include "us_line.hpp"
#include "us_random.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace guide::simulate {
namespace {

constexpr int kFarthest = 8;        // samples that one look does for
constexpr double kLost = 1e-5;      // of the amplitude: nothing that returns from there is seen
constexpr double kRoughness = 0.1;  // radians that real surfaces turn within a beam; engineering
constexpr double kTendonLobe =
    0.15;  // radians off the fibres that halve a tendon's echo; engineering

/// Where a mirror's echo is half: turned by a quarter of the aperture's angle, the beam that comes
/// back meets half of it.
double lobe_of(double f_number) {
    return std::hypot(0.5 * std::atan(0.5 / f_number), kRoughness);
}

}  // namespace

TissueMap::TissueMap(const BeamModel& beam, std::uint64_t seed)
    : beam_(&beam), noise_(seed), aperture_(beam), seed_(folded(seed ^ 0x77616C6C73ULL)) {
    const UltrasoundSettings& settings = beam.settings();
    sheets_.columns = beam.columns() + 1;
    sheets_.rows = beam.rows() / AmplitudeSheets::kRowStep + 2;
    sheets_.values.resize(sheets_.start(AmplitudeSheets::kCount, 0));
    through_.resize(sheets_.start(1, 0));
    bones_.resize(static_cast<std::size_t>(sheets_.columns));
    walls_.resize(static_cast<std::size_t>(beam.columns()));
    lobe_across_ = 0.5 * (lobe_of(settings.f_number) + lobe_of(settings.transmit_f_number));
    lobe_out_ = lobe_of(settings.elevation_focus_mm / settings.elevation_aperture_mm);
    for (int look = -(settings.looks / 2); look <= settings.looks / 2; ++look)
        look_angles_.push_back(look * settings.look_step_deg * std::numbers::pi / 180);
    mirror_ = std::pow(10, settings.interface_db / 20);
}

float TissueMap::through(int column, int row) const {
    const int sample = std::clamp(row / AmplitudeSheets::kRowStep, 0, sheets_.rows - 1);
    return through_[sheets_.start(0, std::clamp(column, 0, sheets_.columns - 1)) +
                    static_cast<std::size_t>(sample)];
}

void TissueMap::place(Line& line, const Eigen::Isometry3d& patient_from_scan, int column) const {
    const auto in_scan = beam_->line(column);
    const auto turned = [&](double x, double y, double z) -> Eigen::Vector3d {
        return patient_from_scan.linear() * Eigen::Vector3d(x, y, z);
    };
    line.beam = beam_;
    line.column = column;
    line.start = patient_from_scan * Eigen::Vector3d(in_scan.start.x(), in_scan.start.y(), 0);
    line.along = turned(in_scan.direction.x(), in_scan.direction.y(), 0);
    line.across = turned(in_scan.direction.y(), -in_scan.direction.x(), 0);
    line.out = turned(0, 0, 1);
}

void TissueMap::place_on_sheet(Line& line, int sheet) const {
    const auto weight_at = [](int s) {
        const double out = (s - AmplitudeSheets::kCount / 2) * AmplitudeSheets::kApart;
        return std::exp(-0.5 * out * out);
    };
    double sum = 0;
    for (int s = 0; s < AmplitudeSheets::kCount; ++s)
        sum += weight_at(s);
    line.sheet = sheet;
    line.out_sigma = (sheet - AmplitudeSheets::kCount / 2) * AmplitudeSheets::kApart;
    line.weight = weight_at(sheet) / sum;
}

void TissueMap::trace(const TissueField& field, const Eigen::Isometry3d& patient_from_scan,
                      Workers& workers) {
    workers.for_each_band(sheets_.columns, 8, [&](int begin, int end) {
        Line line{};
        for (int column = begin; column < end; ++column) {
            place(line, patient_from_scan, column);
            place_on_sheet(line, AmplitudeSheets::kCount / 2);
            bones_[static_cast<std::size_t>(column)] = bone_along(field, line);
        }
    });
    aperture_.look(bones_, workers);
    workers.for_each_band(sheets_.columns, 8, [&](int begin, int end) {
        Line line{};
        line.samples.resize(static_cast<std::size_t>(sheets_.rows));
        line.gain.resize(static_cast<std::size_t>(sheets_.rows));
        line.build.resize(static_cast<std::size_t>(sheets_.rows));
        line.seen.resize(static_cast<std::size_t>(sheets_.rows));
        std::vector<WallEcho> unheard;
        for (int column = begin; column < end; ++column) {
            place(line, patient_from_scan, column);
            line.count = 1;
            for (int i = 0; i < sheets_.rows; ++i) {
                const double share = aperture_.share(column, line.depth_of(i));
                // Both of those that send and those that hear.
                line.seen[static_cast<std::size_t>(i)] = static_cast<float>(share * share);
                if (share > 0) line.count = i + 1;
            }
            line.walls =
                column < beam_->columns() ? &walls_[static_cast<std::size_t>(column)] : &unheard;
            line.walls->clear();
            for (int s = 0; s < AmplitudeSheets::kCount; ++s) {
                place_on_sheet(line, s);
                line.amplitude = sheets_.values.data() + sheets_.start(s, column);
                trace_line(field, line);
            }
        }
    });
}

ApertureView::Bone TissueMap::bone_along(const TissueField& field, const Line& line) const {
    ApertureView::Bone bone;
    const double step = AmplitudeSheets::kRowStep * beam_->row_mm();
    int met = 0;
    bool inside = false;
    for (int i = 0; i < sheets_.rows && met < 2;) {
        const TissueSample here = field.at(line.point_of(i));
        if (is_hard(properties_of(here.tissue)) != inside) {
            inside = !inside;
            (inside ? bone.begin : bone.end)[met] = line.depth_of(i);
            if (!inside) ++met;
        }
        i += std::max(1, static_cast<int>(0.8 * static_cast<double>(here.depth_mm) / step));
    }
    return bone;
}

void TissueMap::trace_line(const TissueField& field, Line& line) {
    const int count = line.count;
    const double step = AmplitudeSheets::kRowStep * beam_->row_mm();
    const auto at = [&](int i) -> TissueSample& {
        return line.samples[static_cast<std::size_t>(i)];
    };
    line.left = 1;
    line.entry = line.exit = Eigen::Vector3d::Zero();
    line.strong.clear();
    line.before_bone = 0;
    line.bone = -1;
    int begin = 0, i = 0;
    at(0) = field.at(line.point_of(0));
    while (i + 1 < count && (line.left > kLost || line.before_bone > kLost)) {
        // No wall is nearer than the depth, so one look does for all samples within it.
        int next =
            i + std::clamp(static_cast<int>(0.8 * static_cast<double>(at(i).depth_mm) / step), 1,
                           kFarthest);
        next = std::min(next, count - 1);
        TissueSample there = field.at(line.point_of(next));
        if (there.tissue != at(i).tissue && next > i + 1) {
            next = i + 1;
            there = field.at(line.point_of(next));
        }
        for (int k = i + 1; k < next; ++k) {
            const float t = static_cast<float>(k - i) / static_cast<float>(next - i);
            at(k) = {at(i).tissue, at(i).depth_mm + t * (there.depth_mm - at(i).depth_mm)};
        }
        at(next) = there;
        if (there.tissue != at(i).tissue) {
            const double share =
                static_cast<double>(at(i).depth_mm) /
                std::max(1e-6, static_cast<double>(at(i).depth_mm + there.depth_mm));
            line.exit = field.normal_at(line.point_of(i + share));
            pass_run(line, begin, next);
            meet_wall(line, i);
            line.entry = line.exit;
            line.exit = Eigen::Vector3d::Zero();
            begin = next;
        }
        i = next;
    }
    pass_run(line, begin, i + 1);
    std::fill(line.amplitude + i + 1, line.amplitude + sheets_.rows, 0.0F);
    std::fill(line.gain.begin() + i + 1, line.gain.end(), 0.0F);
    add_haze(line);
    if (!beam_->settings().lost_contact.empty()) ring(line);
    if (line.sheet == AmplitudeSheets::kCount / 2) {
        std::copy(line.gain.begin(), line.gain.end(),
                  through_.begin() + static_cast<std::ptrdiff_t>(sheets_.start(0, line.column)));
        add_multiples(line);
    }
}

void TissueMap::pass_run(Line& line, int begin, int end) {
    const UltrasoundSettings& settings = beam_->settings();
    const Tissue tissue = line.samples[static_cast<std::size_t>(begin)].tissue;
    const TissueProperties& is = properties_of(tissue);
    const double step_cm = AmplitudeSheets::kRowStep * beam_->row_mm() / 10;
    const double kept =
        std::pow(10, -2 * is.attenuation_db * settings.frequency_mhz * step_cm / 20);
    for (int i = begin; i < end; ++i) {
        const auto k = static_cast<std::size_t>(i);
        line.gain[k] = static_cast<float>(line.left) * line.seen[k];
        line.left *= kept;
    }
    // Fibres answer to a beam across them. They run as the tissue's walls do; of two walls goes the
    // one that runs more along the limb, for the other may be the tissue's end.
    double facing = 1;
    if (is.anisotropy > 0) {
        Eigen::Vector3d fibres = Eigen::Vector3d::UnitZ();
        double best = -1;
        for (const Eigen::Vector3d& normal : {line.entry, line.exit}) {
            const Eigen::Vector3d along = fibres_along(normal);
            if (normal.squaredNorm() == 0 || along.z() <= best) continue;
            fibres = along;
            best = along.z();
        }
        double heard = 0;
        for (const double angle : look_angles_) {
            const Eigen::Vector3d beam =
                std::cos(angle) * line.along + std::sin(angle) * line.across;
            const double off = std::asin(std::min(1.0, std::abs(fibres.dot(beam)))) / kTendonLobe;
            heard += std::exp2(-off * off) / static_cast<double>(look_angles_.size());
        }
        facing = 1 - is.anisotropy + is.anisotropy * heard;
    }
    const double sigma = is.scatterers_per_mm3 > 0 ? is.scatter_sigma * facing : 0;
    for (int i = begin; i < end; ++i) {
        line.amplitude[i] = static_cast<float>(sigma * beam_->row(line.row_of(i)).speckle) *
                            line.gain[static_cast<std::size_t>(i)];
    }
    if (settings.texture > 0 && sigma > 0) pass_layers(line, begin, end, facing);
}

}  // namespace guide::simulate
