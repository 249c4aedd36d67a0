// SPDX-License-Identifier: Apache-2.0
#include "injected_knee.hpp"

#include <guide/core/error.hpp>
#include <guide/core/random.hpp>
#include <guide/simulate/fluoroscopy.hpp>
#include <guide/simulate/knee.hpp>

#include <algorithm>
#include <cmath>
#include <optional>

namespace guide::test {
namespace {

using namespace simulate;
using Eigen::Vector3d;

constexpr double kVoxel = 1.0;  // mm
constexpr double kReach = 75;   // mm, of the leg about the knee

/// A point of the joint's fluid, or of soft tissue beside the joint.
std::optional<Vector3d> tip_in(const Knee& knee, bool inside, Random& random) {
    const auto marks = knee.landmarks();
    const Vector3d middle = 0.5 * (marks.medial_joint + marks.lateral_joint);
    const Vector3d centres[] = {marks.recess, middle, marks.trochlea};
    for (int tries = 0; tries < 4000; ++tries) {
        const Vector3d offset(25 * random.normal(), 12 * random.normal(), 12 * random.normal());
        const Vector3d point = centres[tries % 3] + offset;
        if ((point - middle).cwiseAbs().maxCoeff() > kReach - 15) continue;
        const Tissue tissue = knee.at(point).tissue;
        const bool soft = tissue == Tissue::muscle || tissue == Tissue::subcutaneous_fat;
        if (inside ? tissue == Tissue::joint_fluid : soft) return point;
    }
    return std::nullopt;
}

}  // namespace

void inject(std::uint64_t seed, int count, int threads,
            const std::function<void(const InjectedKnee&)>& use) {
    Random random(seed, 0x696e6a65);
    KneeParameters parameters = random_knee(seed);
    parameters.effusion_mm = std::max(parameters.effusion_mm, 2.0);  // one that is injected
    const Knee knee(parameters);
    const auto marks = knee.landmarks();
    const Vector3d middle = 0.5 * (marks.medial_joint + marks.lateral_joint);
    VoxelGrid grid;
    grid.size.fill(static_cast<int>(2 * kReach / kVoxel) + 1);
    grid.patient_from_grid.linear() *= kVoxel;
    grid.patient_from_grid.translation() = middle - Vector3d::Constant(kReach);
    FluoroscopySimulator simulator(grid, [&](const Vector3d& p) { return knee.at(p); }, {threads},
                                   {.joint = middle, .shank_axis = marks.tibia_axis, .seed = seed});

    for (int i = 0; i < count; ++i) {
        InjectedKnee made;
        made.inside = i % 2 == 0;
        made.primary_deg = i < count / 2 ? 0 : 90;
        const auto tip = tip_in(knee, made.inside, random);
        FluoroscopySettings s;
        s.arm.isocentre = middle;
        s.arm.width = s.arm.height = 320;
        s.arm.pixel_mm = 0.7;
        s.arm.primary_deg = made.primary_deg;
        s.black_od = 6;
        s.seed = seed * 100 + static_cast<std::uint64_t>(i);
        s.bone_bright = random.uniform() < 0.3;
        const Vector3d moved(random.uniform(-2, 2), random.uniform(-2, 2), random.uniform(-2, 2));
        const double brighter = random.uniform(0.9, 1.1);
        made.injected_ml = random.uniform(1, 4);
        if (!tip) continue;
        made.before = simulator.frame(s, {threads});
        made.tip = calibration_of(s.arm.geometry()).project(*tip);
        if (!(made.tip.x > 0 && made.tip.y > 0 && made.tip.x < s.arm.width - 1 &&
              made.tip.y < s.arm.height - 1))
            continue;
        ContrastAgent agent;
        agent.from = *tip;
        agent.in_joint = made.inside;
        agent.most_ml = made.injected_ml;
        agent.seed = s.seed;
        try {
            simulator.set_contrast(agent);
        } catch (const PreconditionError&) {
            continue;  // no room about the tip
        }
        s.contrast_ml = agent.most_ml;
        s.frame_number = 1;
        if (i % 3 == 0) s.arm.isocentre += moved;  // the leg the other way
        s.photons *= brighter;
        made.after = simulator.frame(s, {threads});
        use(made);
    }
}

}  // namespace guide::test
