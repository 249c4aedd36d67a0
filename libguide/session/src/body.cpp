// SPDX-License-Identifier: Apache-2.0
#include "body.hpp"

#include <guide/core/error.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace guide::session {
namespace {

using Eigen::Vector3d;
using simulate::Tissue;

constexpr double kDegree = std::numbers::pi / 180;
constexpr double kVoxel = 0.4;    // mm
constexpr double kSliceHalf = 4;  // mm, thicker than any beam
constexpr double kNeedleStep = 0.1;

/// What the picture plane can be swept over, probe axes at home.
struct Swept {
    double half_x, half_z;    ///< at the skin
    double x_slope, z_slope;  ///< wider with depth, mm a mm
    double turn_slope;        ///< of z, wider with x
    double deep;

    [[nodiscard]] bool contains(const Vector3d& p) const {
        const double y = std::max(0.0, p.y());
        return std::abs(p.x()) <= half_x + x_slope * y &&
               std::abs(p.z()) <= half_z + z_slope * y + turn_slope * std::abs(p.x());
    }
    [[nodiscard]] Vector3d high() const {
        const double x = half_x + x_slope * deep;
        return {x, deep, half_z + z_slope * deep + turn_slope * x};
    }
};

Swept swept_by(const Lesson& lesson, const simulate::UltrasoundSettings& settings) {
    const Reach& r = lesson.reach;
    const double deep = settings.probe.end_mm *
                            std::max(1.0, settings.tissue_speed_m_s / settings.assumed_speed_m_s) +
                        1;
    return {settings.probe.width_mm / 2 + r.along_mm + 1,
            r.across_mm + kSliceHalf,
            std::tan(r.rock_deg * kDegree),
            std::tan(r.tilt_deg * kDegree),
            std::tan(r.turn_deg * kDegree),
            deep};
}

std::shared_ptr<const simulate::TissueField> field_of(const simulate::Knee& knee, const Pose& home,
                                                      const Swept& swept,
                                                      const Execution& execution) {
    const Vector3d high = swept.high(), low(-high.x(), -1, -high.z());
    simulate::VoxelGrid grid;
    for (int a = 0; a < 3; ++a) {
        grid.size[static_cast<std::size_t>(a)] =
            static_cast<int>(std::ceil((high[a] - low[a]) / kVoxel)) + 1;
    }
    grid.patient_from_grid =
        Eigen::Affine3d(home.motion()) * Eigen::Translation3d(low) * Eigen::Scaling(kVoxel);
    const Eigen::Isometry3d probe_from_patient = home.motion().inverse();
    return std::make_shared<simulate::TissueField>(
        grid,
        [&](const Eigen::Matrix3Xd& points, simulate::TissueSample* samples) {
            for (Eigen::Index i = 0; i < points.cols(); ++i) {
                const bool seen = swept.contains(probe_from_patient * points.col(i));
                samples[i] =
                    seen ? knee.at(points.col(i)) : simulate::TissueSample{Tissue::outside, 5};
            }
        },
        execution);
}

bool is_vessel(Tissue tissue) {
    return tissue == Tissue::artery || tissue == Tissue::vein || tissue == Tissue::nerve;
}

/// The voxels nearest to the surface of what `wanted` says.
template <class Wanted>
std::vector<SurfacePoint> surface_of(const simulate::TissueField& field, const Wanted& wanted) {
    const simulate::VoxelGrid& grid = field.grid();
    std::vector<SurfacePoint> points;
    std::size_t index = 0;
    for (int k = 0; k < grid.size[2]; ++k) {
        for (int j = 0; j < grid.size[1]; ++j) {
            for (int i = 0; i < grid.size[0]; ++i, ++index) {
                const simulate::TissueSample sample = field.voxel(index);
                if (!wanted(sample.tissue) || sample.depth_mm > 1.5 * kVoxel) continue;
                points.push_back({grid.patient_from_grid * Vector3d(i, j, k),
                                  static_cast<double>(sample.depth_mm)});
            }
        }
    }
    return points;
}

}  // namespace

bool is_hard(Tissue tissue) {
    return simulate::is_bone(tissue) || tissue == Tissue::cartilage;
}

Expected<Body> make_body(const Lesson& lesson, const simulate::UltrasoundSettings& settings,
                         const Execution& execution) {
    const double width = settings.probe.width_mm,
                 turned = width / 2 * std::sin(lesson.reach.turn_deg * kDegree);
    try {
        const simulate::Knee knee(lesson.knee.knee);
        simulate::ProbeContact pressed;
        pressed.width_mm = width + 2 * lesson.reach.along_mm;
        pressed.thickness_mm =
            std::min(60.0, kProbeThickness + 2 * (lesson.reach.across_mm + turned));
        pressed.patient_from_probe =
            simulate::standard_pose(knee, lesson.knee.view, lesson.knee.probe, pressed.width_mm);
        Body body{knee.pressed(pressed), pressed.patient_from_probe, {}, {}, {}, {}};
        body.face.width_mm = width;
        body.face.thickness_mm = kProbeThickness;
        body.field = field_of(body.knee, body.home, swept_by(lesson, settings), execution);
        body.hard = surface_of(*body.field, is_hard);
        body.vessels = surface_of(*body.field, is_vessel);
        return body;
    } catch (const PreconditionError& fault) {
        return no_answer("impossible-lesson",
                         std::string("The probe cannot be held there: ") + fault.what());
    }
}

Pose pose_at(const Body& body, const simulate::ProbeOffset& offset) {
    return Pose(body.home.motion() * Eigen::Translation3d(offset.along_mm, 0, offset.across_mm) *
                Eigen::AngleAxisd(offset.turn_deg * kDegree, Vector3d::UnitY()) *
                Eigen::AngleAxisd(offset.tilt_deg * kDegree, Vector3d::UnitX()) *
                Eigen::AngleAxisd(offset.rock_deg * kDegree, Vector3d::UnitZ()));
}

bool in_vessel(const Body& body, const Vector3d& entry, const Vector3d& tip) {
    constexpr double kStep = 0.5;  // mm, less than any vessel
    const Vector3d way = tip - entry;
    const int steps = static_cast<int>(std::ceil(way.norm() / kStep));
    for (int i = 0; i <= steps; ++i) {
        if (is_vessel(
                body.knee.at(entry + way * (static_cast<double>(i) / std::max(1, steps))).tissue))
            return true;
    }
    return false;
}

std::optional<double> hard_between(const Body& body, const Vector3d& entry,
                                   const Vector3d& direction, double from_mm, double to_mm) {
    const int steps = std::max(1, static_cast<int>(std::ceil((to_mm - from_mm) / kNeedleStep)));
    for (int i = 1; i <= steps; ++i) {
        const double at = from_mm + (to_mm - from_mm) * i / steps;
        if (is_hard(body.knee.at(entry + at * direction).tissue)) return at;
    }
    return std::nullopt;
}

double distance_to(const std::vector<SurfacePoint>& surface, const Vector3d& a, const Vector3d& b,
                   double limit_mm) {
    const Vector3d along = b - a;
    const double squared = along.squaredNorm();
    double least = limit_mm;
    for (const SurfacePoint& p : surface) {
        const Vector3d from = p.at - a;
        const double t = squared > 0 ? std::clamp(from.dot(along) / squared, 0.0, 1.0) : 0;
        least = std::min(least, (from - t * along).norm() - p.within_mm);
    }
    return least;
}

}  // namespace guide::session
