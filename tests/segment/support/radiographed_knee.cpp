// SPDX-License-Identifier: Apache-2.0
#include "radiographed_knee.hpp"

#include <guide/core/random.hpp>
#include <guide/simulate/fluoroscopy.hpp>
#include <guide/simulate/knee.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>

namespace guide::test {
namespace {

using Eigen::Vector3d;

constexpr double kPlateauSlope = 6;  // degrees, down to the back, of the mean tibia

/// Rows at which outlines of a bone meet a column, the least and the greatest.
std::optional<std::pair<double, double>> extent_at(const Anatomy& anatomy, BoneKind kind,
                                                   double x) {
    double low = std::numeric_limits<double>::max(), high = std::numeric_limits<double>::lowest();
    for (const BoneSurface& bone : anatomy.bones) {
        if (bone.kind != kind) continue;
        for (std::size_t i = 0; i + 1 < bone.points.size(); ++i) {
            const PixelPoint a = bone.points[i], b = bone.points[i + 1];
            if ((a.x <= x) == (b.x <= x)) continue;
            const double y = a.y + (x - a.x) / (b.x - a.x) * (b.y - a.y);
            low = std::min(low, y);
            high = std::max(high, y);
        }
    }
    if (low > high) return std::nullopt;
    return std::pair(low, high);
}

/// From rim to rim of the plateau, as far as the femur lies above it.
segment::JointEdges edges_of(const Anatomy& truth) {
    segment::JointEdges edges;
    const int width = truth.grid.width;
    const double most = 20 / truth.grid.spacing->y_mm;  // a gap is no wider
    const auto gap_at = [&](int x) -> std::optional<std::pair<double, double>> {
        const auto femur = extent_at(truth, BoneKind::femur, x),
                   tibia = extent_at(truth, BoneKind::tibia, x);
        if (!femur || !tibia || tibia->first - femur->second > most) return std::nullopt;
        return std::pair(femur->second, tibia->first);
    };
    int first = width / 2, last = first;
    while (first > 0 && gap_at(first - 1))
        --first;
    while (last + 1 < width && gap_at(last + 1))
        ++last;
    if (last - first < width / 4) return edges;
    edges.x0 = first;
    for (int x = first; x <= last; ++x) {
        const auto gap = *gap_at(x);
        edges.femur.push_back(gap.first);
        edges.tibia.push_back(gap.second);
        edges.closed.push_back(gap.second <= gap.first ? 1 : 0);
    }
    return edges;
}

}  // namespace

RadiographedKnee radiographed_knee(std::uint64_t seed, int frames, int threads) {
    Random random(seed, 0x72616469);
    simulate::KneeParameters parameters = simulate::random_knee(seed);
    parameters.flexion_deg = random.uniform(3, 10);
    const simulate::Knee knee(parameters);
    const auto marks = knee.landmarks();
    constexpr double kVoxel = 0.5;
    const Vector3d centre = 0.5 * (marks.medial_joint + marks.lateral_joint),
                   low = centre - Vector3d(75, 75, 98), high = centre + Vector3d(75, 80, 98);
    simulate::VoxelGrid grid;
    for (int a = 0; a < 3; ++a)
        grid.size[static_cast<std::size_t>(a)] = static_cast<int>((high[a] - low[a]) / kVoxel) + 1;
    grid.patient_from_grid.translation() = low;
    grid.patient_from_grid.linear() *= kVoxel;
    simulate::FluoroscopySimulator simulator(
        grid, [&](const Vector3d& p) { return knee.at(p); }, {threads},
        {.joint = centre, .shank_axis = marks.tibia_axis, .seed = seed});

    simulate::FluoroscopySettings s;
    s.arm.isocentre = centre + Vector3d(random.uniform(-5, 5), 0, random.uniform(-8, 8));
    s.arm.source_to_isocentre_mm = 1050;
    s.arm.source_to_detector_mm = 1150;
    s.arm.primary_deg = random.uniform(-4, 4);
    s.arm.secondary_deg =
        kPlateauSlope - parameters.flexion_deg + 1.5 * std::clamp(random.normal(), -2.0, 2.0);
    s.arm.roll_deg = random.uniform(-5, 5);
    s.arm.pixel_mm = 0.3;
    s.arm.width = s.arm.height = 512;
    s.bone_bright = true;
    s.photons = 30000;
    s.seed = seed;
    RadiographedKnee result;
    for (int i = 0; i < frames; ++i) {
        s.frame_number = static_cast<std::uint64_t>(i);
        result.frames.push_back(simulator.frame(s, {threads}));
        result.frames.back().modality = Modality::radiograph;
    }
    result.truth = edges_of(simulator.truth(s, {threads}).anatomy);
    return result;
}

}  // namespace guide::test
