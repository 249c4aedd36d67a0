// SPDX-License-Identifier: Apache-2.0
#include "simulated_knee.hpp"

#include <guide/core/error.hpp>
#include <guide/evaluate/overlap.hpp>
#include <guide/evaluate/surface_distance.hpp>
#include <guide/geometry/polygon.hpp>
#include <guide/simulate/fluoroscopy.hpp>
#include <guide/simulate/placement.hpp>
#include <guide/simulate/truth.hpp>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>
#include <optional>
#include <random>
#include <utility>

namespace guide::test {
namespace {

using Eigen::Vector3d;

/// Uniform draws that are the same on every machine.
class Draws {
  public:
    explicit Draws(std::uint64_t seed) : random_(seed) {}
    double between(double low, double high) {
        return low + (high - low) * (static_cast<double>(random_()) / 0x1p64);
    }

  private:
    std::mt19937_64 random_;
};

simulate::KneeParameters knee_of(std::uint64_t seed, View view) {
    simulate::KneeParameters p = simulate::random_knee(seed);
    // As the views ask for: the trochlea shows in a bent knee, a radiograph is of a straight one.
    if (view == View::trochlea) p.flexion_deg = 110;
    if (is_xray(view)) p.flexion_deg = 3;
    // Of the knees that are looked at from behind every second one is looked at for a cyst.
    if (view == View::posterior && seed % 2 == 1 && p.bakers_cyst_mm == 0) p.bakers_cyst_mm = 12;
    return p;
}

/// A knee under a scanner, and where the hand holds the probe.
struct UltrasoundSetup {
    simulate::KneeParameters parameters;
    simulate::UltrasoundSettings settings;
    simulate::ProbeOffset hand;
    double depth = 40;  // mm
};

/// Beams too narrow for the outermost of the looks that were drawn get fewer of them.
void keep_possible(simulate::UltrasoundSettings& s) {
    for (; s.looks > 1; s.looks -= 2) {
        try {
            s.validate();
            return;
        } catch (const PreconditionError&) {
        }
    }
}

UltrasoundSetup ultrasound_setup(std::uint64_t seed, View view, bool varied) {
    Draws draws(seed ^ 0x5eedU);
    UltrasoundSetup setup;
    setup.parameters = knee_of(seed, view);
    simulate::UltrasoundSettings& s = setup.settings;
    if (varied) {
        setup.depth =
            std::clamp(30 + 0.8 * setup.parameters.fat_mm + draws.between(0, 10), 30.0, 60.0);
        s.frequency_mhz = draws.between(6, 11);
        s.focus_mm = draws.between(12, 28);
        s.gain_db = draws.between(-4, 4);
        s.tgc_db_per_cm = 1.85 * s.frequency_mhz + draws.between(-2, 2);
        s.dynamic_range_db = draws.between(65, 80);
        s.looks = 1 + 2 * static_cast<int>(draws.between(0, 3));
        s.tissue_speed_m_s = draws.between(1510, 1560);
        setup.hand.along_mm = draws.between(-6, 6);
        setup.hand.across_mm = draws.between(-4, 4);
        setup.hand.turn_deg = draws.between(-5, 5);
        setup.hand.tilt_deg = draws.between(-4, 4);
    }
    const double depth = setup.depth;
    s.probe.width_mm = 51.2;
    s.probe.end_mm = depth;
    s.samples = std::max(1024, static_cast<int>(depth * s.frequency_mhz * 3.6));
    s.picture = {512, static_cast<int>(10 * depth), {0.1, 0.1}, {-25.55, 0}};
    s.seed = seed;
    s.limb_centre = simulate::limb_centre(simulate::Knee(setup.parameters), view);
    keep_possible(s);
    return setup;
}

/// The pressed knee about the probe, `beside_mm` farther than the picture.
std::shared_ptr<const simulate::TissueField> pressed_field(
    const UltrasoundSetup& setup, const RigidTransform<PatientSpace, ProbeSpace>& pose,
    double beside_mm, int threads) {
    simulate::Region box{Vector3d::Constant(1e9), Vector3d::Constant(-1e9)};
    const double side = 27 + beside_mm;
    for (int i = 0; i < 8; ++i) {
        const Vector3d corner =
            pose * Vector3d((i & 1) != 0 ? side : -side, (i & 2) != 0 ? setup.depth + 1 : -1,
                            (i & 4) != 0 ? 4 : -4);
        box.low = box.low.cwiseMin(corner);
        box.high = box.high.cwiseMax(corner);
    }
    return std::make_shared<simulate::TissueField>(simulate::Knee(setup.parameters)
                                                       .pressed({pose, 51 + 2 * beside_mm, 12})
                                                       .field(box, 0.4, {threads}));
}

SimulatedKnee ultrasound_knee(std::uint64_t seed, View view, bool varied, int threads) {
    const UltrasoundSetup setup = ultrasound_setup(seed, view, varied);
    const auto pose = simulate::standard_pose(simulate::Knee(setup.parameters), view, setup.hand);
    const auto field = pressed_field(setup, pose, 0, threads);
    simulate::UltrasoundSimulator simulator(field, setup.settings);
    SimulatedKnee result;
    result.frame = simulator.frame(pose, {}, {threads});
    auto truth = ultrasound_truth(*field, setup.settings, pose, view, {}, {threads});
    result.truth = std::move(truth.anatomy);
    result.labels = std::move(truth.labels);
    return result;
}

/// The needle to the middle of the joint space that has come `share` of its way.
std::optional<simulate::InsertedNeedle> needle_on_its_way(
    const SimulatedKnee& knee, const simulate::UltrasoundSettings& settings,
    const RigidTransform<PatientSpace, ProbeSpace>& pose, double share) {
    if (!knee.truth.joint_space) return std::nullopt;
    const Vector3d target = simulate::patient_point(settings, pose, knee.truth.joint_space->target);
    const double angle = 25 * std::numbers::pi / 180;
    // Towards the right and down of the picture.
    const Vector3d right = simulate::patient_point(settings, pose, {300, 100}) -
                           simulate::patient_point(settings, pose, {200, 100});
    const Vector3d down = simulate::patient_point(settings, pose, {200, 200}) -
                          simulate::patient_point(settings, pose, {200, 100});
    simulate::InsertedNeedle needle;
    needle.direction =
        (std::cos(angle) * right.normalized() + std::sin(angle) * down.normalized()).normalized();
    const double whole = knee.truth.joint_space->target.y * 0.1 / std::sin(angle);
    const double left = (1 - share) * whole;
    needle.inserted_mm = std::max(1.0, whole - left);
    needle.tip = target - left * needle.direction;
    return needle;
}

SimulatedKnee xray_knee(std::uint64_t seed, View view, bool varied, int threads) {
    Draws draws(seed ^ 0x5eedU);
    const simulate::KneeParameters parameters = knee_of(seed, view);
    const simulate::TissueField field =
        simulate::Knee(parameters).field({{-70, -60, -90}, {70, 75, 60}}, 0.8, {threads});
    simulate::FluoroscopySimulator simulator(field, {threads},
                                             {.joint = {0, 0, -24}, .seed = seed});
    simulate::FluoroscopySettings s;
    s.arm.isocentre = {0, 0, -24};
    s.arm.pixel_mm = 0.7;
    s.arm.width = s.arm.height = 256;
    s.bone_bright = true;
    s.photons = 30000;
    s.seed = seed;
    if (view == View::xray_lateral)
        s.arm.primary_deg = parameters.laterality == simulate::Laterality::right ? -90 : 90;
    if (varied) {
        s.arm.primary_deg += draws.between(-5, 5);
        s.arm.secondary_deg += draws.between(-5, 5);
        s.arm.roll_deg += draws.between(-5, 5);
        s.photons = draws.between(3000, 60000);
        s.scatter_to_primary = draws.between(0.2, 0.7);
    }
    SimulatedKnee result;
    result.frame = simulator.frame(s, {threads});
    result.frame.modality = Modality::radiograph;
    result.truth = simulator.truth(s, {threads}).anatomy;
    return result;
}

std::vector<MmPolyline> surfaces(const std::vector<BoneSurface>& bones, Spacing spacing) {
    std::vector<MmPolyline> lines;
    for (const BoneSurface& bone : bones)
        if (bone.points.size() > 1) lines.push_back(to_mm(bone.points, spacing));
    return lines;
}

}  // namespace

SimulatedKnee simulated_knee(std::uint64_t seed, View view, bool varied, int threads) {
    return (is_xray(view) ? xray_knee : ultrasound_knee)(seed, view, varied, threads);
}

std::vector<SimulatedKnee> simulated_clip(std::uint64_t seed, View view, ClipMotion motion,
                                          int frames, bool varied, int threads) {
    constexpr double kSweep = 10;  // mm
    const UltrasoundSetup setup = ultrasound_setup(seed, view, varied);
    const simulate::Knee knee(setup.parameters);
    const bool sweeps = motion == ClipMotion::sweep;
    const auto middle = simulate::standard_pose(knee, view, setup.hand);
    const auto field = pressed_field(setup, middle, sweeps ? kSweep / 2 : 0, threads);
    simulate::UltrasoundSimulator simulator(field, setup.settings);
    std::vector<SimulatedKnee> clip;
    for (int i = 0; i < frames; ++i) {
        const double share = static_cast<double>(i) / std::max(1, frames - 1);
        // Over the face as the knee was pressed: along it, and nothing else.
        auto pose = middle;
        if (sweeps) {
            const Eigen::Translation3d along((share - 0.5) * kSweep, 0, 0);
            pose = RigidTransform<PatientSpace, ProbeSpace>(
                Eigen::Isometry3d(middle.motion() * along));
        }
        SimulatedKnee shown;
        auto truth = ultrasound_truth(*field, setup.settings, pose, view, {}, {threads});
        shown.truth = std::move(truth.anatomy);
        shown.labels = std::move(truth.labels);
        simulate::UltrasoundScene scene;
        scene.frame_number = static_cast<std::uint64_t>(i);
        if (motion == ClipMotion::needle && i > 0)
            scene.needle = needle_on_its_way(shown, setup.settings, pose, share);
        shown.frame = simulator.frame(pose, scene, {threads});
        shown.frame.time_s = 0.05 * i;
        clip.push_back(std::move(shown));
    }
    return clip;
}

Agreement agreement(const SimulatedKnee& knee, const Anatomy& found) {
    Agreement result;
    const auto &mine = found.joint_space, &truth = knee.truth.joint_space;
    if (mine && truth) {
        const int width = knee.frame.intensity.width(), height = knee.frame.intensity.height();
        Image<std::uint8_t> a(width, height, 0), b(width, height, 0);
        fill_polygons(mine->contours, a.view(), 255);
        fill_polygons(truth->contours, b.view(), 255);
        result.dice = evaluate::overlap(a.view(), b.view()).dice;
        result.target_inside =
            std::any_of(truth->contours.begin(), truth->contours.end(),
                        [&](const PixelPolygon& c) { return polygon_contains(c, mine->target); });
        if (mine->thickness_mm && truth->thickness_mm)
            result.thickness_error_mm = *mine->thickness_mm - *truth->thickness_mm;
    } else if (!mine && !truth) {
        result.dice = 1;
    }
    const auto lines = surfaces(found.bones, *knee.frame.spacing),
               true_lines = surfaces(knee.truth.bones, *knee.frame.spacing);
    if (!lines.empty() && !true_lines.empty()) {
        const auto distance = evaluate::surface_distance(lines, true_lines);
        result.bone_mm = distance.back_mean_mm;
        result.missed_mm = distance.mean_mm;
    }
    return result;
}

}  // namespace guide::test
