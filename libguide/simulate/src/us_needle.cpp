// SPDX-License-Identifier: Apache-2.0
#include "us_needle.hpp"

#include "us_random.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace guide::simulate {
namespace {

// Engineering, after pictures of needles in gel.
constexpr double kTipDb = 26, kHeelDb = 18;  // of a 22 G needle, at any angle
constexpr double kMultipleShare = 0.5;       // of the amplitude, from one multiple to the next
constexpr double kMultipleLobe = 0.18;       // radians off the face where multiples are half
constexpr double kSteelStops = 0.85;         // of the amplitude there and back
constexpr double kStepMm = 0.05;

/// A place on the needle as the grid has it.
struct ShaftPoint {
    WorkPoint at;
    double angle_rad;  ///< between shaft and the face there
    double from_tip_mm;
};

/// Echoes of things at one place.
class Painter {
  public:
    Painter(const BeamModel& beam, const TissueMap& tissue, Signal& walls)
        : beam_(beam), tissue_(tissue), walls_(walls) {}

    [[nodiscard]] bool reaches(const WorkPoint& p) const {
        return p.row >= 0 && p.row < beam_.rows() && p.column > -1 && p.column < beam_.columns();
    }
    /// Share of an echo that is heard: what the tissue above leaves and the beam's thickness gives.
    [[nodiscard]] double heard(const WorkPoint& p) const {
        const double out = p.across_mm / row_of(p).elevation_mm;
        return static_cast<double>(
                   tissue_.through(static_cast<int>(p.column + 0.5), static_cast<int>(p.row))) *
               std::exp(-0.5 * out * out);
    }
    void lay(const WorkPoint& p, double deeper_mm, double amplitude) {
        walls_.lay(p.column, p.row + deeper_mm / beam_.row_mm(), amplitude);
    }
    /// The beam's side lobes hear a strong echo on the lines beside, as far away as it is from
    /// them.
    void lay_side_lobes(const WorkPoint& p, double amplitude) {
        constexpr int kLobes = 20;
        const BeamModel::Row& row = row_of(p);
        const double first = std::pow(10, beam_.settings().side_lobe_db / 20) * amplitude;
        for (int k = 1; k <= kLobes; ++k) {
            const double beside = (k + 1) * 1.6 * row.lateral_mm;
            const double farther = std::hypot(p.depth_mm, beside) - p.depth_mm;
            const double level = first / k;
            for (const double side : {-1.0, 1.0}) {
                WorkPoint q = p;
                q.column += side * beside / row.pitch_mm;
                lay(q, farther, level);
            }
        }
    }
    [[nodiscard]] const BeamModel::Row& row_of(const WorkPoint& p) const {
        return beam_.row(std::clamp(static_cast<int>(p.row), 0, beam_.rows() - 1));
    }

  private:
    const BeamModel& beam_;
    const TissueMap& tissue_;
    Signal& walls_;
};

std::vector<ShaftPoint> points_of(const InsertedNeedle& needle,
                                  const Eigen::Isometry3d& scan_from_patient,
                                  const BeamModel& beam) {
    const int count = static_cast<int>(needle.inserted_mm / kStepMm) + 1;
    std::vector<ShaftPoint> points;
    points.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) {
        const double from_tip = i * kStepMm;
        const WorkPoint at = beam.work_from_scan(scan_from_patient * needle.point_at(from_tip));
        const Eigen::Vector2d line = beam.line(at.column).direction;
        const Eigen::Vector3d axis = scan_from_patient.linear() * needle.direction_at(from_tip);
        const double along = std::abs(axis.head<2>().dot(line));
        points.push_back({at, std::asin(std::min(1.0, along)), from_tip});
    }
    return points;
}

/// The share of a beam that a bar of this width hides, beside the beam's middle by `off`.
double covered(double off, double half_width, double sigma) {
    const double scale = 1 / (std::numbers::sqrt2 * sigma);
    return 0.5 * (std::erf((off + half_width) * scale) - std::erf((off - half_width) * scale));
}

void cast_shadow(const InsertedNeedle& needle, const std::vector<ShaftPoint>& points,
                 const BeamModel& beam, Echoes& echoes) {
    struct Hit {
        double row = 1e9, cover = 0;
    };
    std::vector<Hit> hits(static_cast<std::size_t>(beam.columns()));
    int first = beam.columns(), last = -1;
    double depth = 0;
    for (const ShaftPoint& p : points) {
        const int column = static_cast<int>(std::floor(p.at.column + 0.5));
        if (column < 0 || column >= beam.columns() || p.at.row < 0 || p.at.row >= beam.rows())
            continue;
        // One way the beam is wider by the root of 2 than there and back.
        const double sigma =
            std::numbers::sqrt2 * beam.row(static_cast<int>(p.at.row)).elevation_mm;
        Hit& hit = hits[static_cast<std::size_t>(column)];
        hit.row = std::min(hit.row, p.at.row);
        hit.cover =
            std::max(hit.cover, covered(p.at.across_mm, needle.outer_diameter_mm / 2, sigma));
        first = std::min(first, column);
        last = std::max(last, column);
        depth = std::max(depth, p.at.depth_mm);
    }
    if (last < 0) return;
    // The aperture sees past the ends: a half-shadow.
    const auto& settings = beam.settings();
    const double aperture = std::min(settings.aperture_mm, depth / settings.f_number);
    const double pitch = beam.row(beam.rows() / 2).pitch_mm;
    const int reach = std::clamp(static_cast<int>(0.25 * aperture / pitch), 1, 64);
    for (int c = std::max(0, first - reach); c <= std::min(beam.columns() - 1, last + reach); ++c) {
        double sum = 0;
        for (int k = std::max(first, c - reach); k <= std::min(last, c + reach); ++k)
            sum += hits[static_cast<std::size_t>(k)].cover;
        const auto passed = static_cast<float>(1 - kSteelStops * sum / (2 * reach + 1));
        const double row = hits[static_cast<std::size_t>(std::clamp(c, first, last))].row;
        for (int r = static_cast<int>(std::min(row, 1e6)) + 1; r < beam.rows(); ++r) {
            echoes.scatter.row(r)[2 * c] *= passed;
            echoes.scatter.row(r)[2 * c + 1] *= passed;
            echoes.walls.row(r)[2 * c] *= passed;
            echoes.walls.row(r)[2 * c + 1] *= passed;
        }
    }
}

}  // namespace

void add_needle(const InsertedNeedle& needle, const Eigen::Isometry3d& scan_from_patient,
                const BeamModel& beam, const TissueMap& tissue, Echoes& echoes) {
    const std::vector<ShaftPoint> points = points_of(needle, scan_from_patient, beam);
    cast_shadow(needle, points, beam, echoes);
    Painter painter(beam, tissue, echoes.walls);
    const double radius = needle.outer_diameter_mm / 2;
    const auto amplitude_of = [](double db) { return std::pow(10, db / 20); };
    for (std::size_t i = 0; i < points.size(); ++i) {
        const ShaftPoint& p = points[i];
        if (!painter.reaches(p.at)) continue;
        const double heard = painter.heard(p.at);
        if (heard < 1e-6) continue;
        // Points this near add up to a line whose echo has the height of this many of them.
        const BeamModel::Row& row = painter.row_of(p.at);
        const double across = std::cos(p.angle_rad) / row.lateral_mm;
        const double down = std::sin(p.angle_rad) / beam.axial_mm();
        const double together =
            std::sqrt(2 * std::numbers::pi) / std::hypot(across, down) / kStepMm;
        const double level = amplitude_of(shaft_level_db(needle, p.angle_rad)) * heard;
        const double wall = -radius / std::max(0.2, std::cos(p.angle_rad));
        painter.lay(p.at, wall, level / together);
        // Sound runs to and fro inside; only head on does it find back.
        const double off = p.angle_rad / kMultipleLobe;
        double multiple = level * std::exp2(-off * off);
        for (int k = 1; multiple > 1e-3 * level && k <= 12; ++k) {
            multiple *= kMultipleShare;
            painter.lay(p.at, wall + k * needle.inner_diameter_mm, multiple / together);
        }
        if (i % 16 == 8) {
            const bool flip = (CellHash::mixed(static_cast<std::uint32_t>(i)) & 1U) != 0;
            painter.lay_side_lobes(p.at, (flip ? 0.35 : -0.35) * level);
        }
    }
    const double thickness = 10 * std::log10(needle.outer_diameter_mm / 0.718);
    const double heel_mm =
        needle.outer_diameter_mm / std::tan(needle.bevel_deg * std::numbers::pi / 180);
    const auto add_point = [&](std::size_t i, double db) {
        const WorkPoint& at = points[std::min(i, points.size() - 1)].at;
        if (!painter.reaches(at)) return;
        const double level = amplitude_of(db + thickness) * painter.heard(at);
        painter.lay(at, 0, level);
        painter.lay_side_lobes(at, level);
    };
    add_point(0, kTipDb);
    add_point(static_cast<std::size_t>(heel_mm / kStepMm), kHeelDb);
}

void add_target(const PointTarget& target, const Eigen::Isometry3d& scan_from_patient,
                const BeamModel& beam, const TissueMap& tissue, Echoes& echoes) {
    Painter painter(beam, tissue, echoes.walls);
    const WorkPoint at = beam.work_from_scan(scan_from_patient * target.position);
    if (!painter.reaches(at)) return;
    const double level = std::pow(10, target.level_db / 20) * painter.heard(at);
    painter.lay(at, 0, level);
    painter.lay_side_lobes(at, level);
}

}  // namespace guide::simulate
