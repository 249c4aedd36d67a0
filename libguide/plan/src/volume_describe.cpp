// SPDX-License-Identifier: Apache-2.0
#include "volume_describe.hpp"

#include "assumptions.hpp"

#include <Eigen/Eigenvalues>

#include <cmath>
#include <numbers>

namespace guide::plan {
namespace {

constexpr double kFarMm = 50;
constexpr double kUnlikely = 0.5;
constexpr double kGrazing = 15 * std::numbers::pi / 180;  // engineering choice

/// The names that the path goes through, from the skin on.
std::vector<LayerCrossing> layers_of(const VolumeData& data, const VolumePath& path,
                                     double length) {
    constexpr double kStep = 0.1;
    std::vector<LayerCrossing> layers;
    const int steps = std::max(1, static_cast<int>(std::ceil(length / kStep)));
    for (int i = 0; i < steps; ++i) {
        const double from = length * i / steps, to = length * (i + 1) / steps;
        const Eigen::Vector3d p = path.at(length - (from + to) / 2);
        const Eigen::Vector3d v = data.frame.in_voxels(data.frame.held(p)).array().round();
        const auto clamped = [&](int a) {
            return std::clamp(static_cast<int>(v[a]), 0,
                              data.frame.size[static_cast<std::size_t>(a)] - 1);
        };
        const VoxelClass& c = data.at(clamped(0), clamped(1), clamped(2));
        const std::string name = !c.name.empty()                    ? c.name
                                 : c.role == LabelRole::joint_space ? "joint space"
                                 : c.role == LabelRole::soft        ? "soft tissue"
                                                                    : std::string(name_of(c.role));
        if (!layers.empty() && layers.back().name == name) {
            layers.back().to_mm = to;
        } else {
            layers.push_back({name, from, to});
        }
    }
    return layers;
}

std::vector<Sensitivity> sensitivities(const VolumePath& path, const VolumeRuler& ruler,
                                       const TipErrors& errors, double length) {
    return sensitivities(errors, [&](const TipErrors& e) {
        const auto c =
            volume_tip_covariance(path.out, length, ruler.window().face, ruler.options().needle, e);
        return volume_hit_probability(ruler.data(), path.target, c);
    });
}

std::vector<Reason> warnings_of(const VolumeRuler& ruler, const VolumeMeasures& m,
                                double certainty) {
    const Approach& a = ruler.approach();
    std::vector<Reason> warnings;
    const auto warn = [&](const char* code, const char* text) { warnings.push_back({code, text}); };
    const double angle = m.angle * 180 / std::numbers::pi;
    if (a.entry == EntryRule::across_plane) {
        if (angle < a.angle_preferred_deg - 1e-6)
            warn("flat", "Out of plane the tip is seen best when it comes in steeply.");
    } else if (angle > a.angle_preferred_deg) {
        warn("steep", "The needle is steeper than preferred and will be harder to see.");
    }
    if (m.skin_angle < kGrazing) {
        warn("grazing-entry",
             "The needle meets the skin at less than 15 degrees and runs under it: it may slide "
             "along the skin, and there is little room for the probe.");
    }
    for (const Reason& note : ruler.data().notes) {
        if (note.code == "no-bone-seen" || note.code == "vessels-not-searched" ||
            note.code == "skin-assumed") {
            warnings.push_back(note);
        }
    }
    if (a.name == "joint-line-medial" || a.name == "infrapatellar-anteromedial")
        warn("saphenous-branch", "Branches of the saphenous nerve have no safe zone on this side.");
    if (m.unknown <= 0) warn("crosses-unseen", "Part of the path lies where nothing was seen.");
    if (m.wall < a.wall_margin_mm - 1e-9)
        warn("thin-joint-space",
             "The joint space is too thin here to keep the full margin to its wall.");
    if (ruler.options().needle.outer_diameter_mm > 2 * m.wall)
        warn("needle-thicker-than-space", "The needle is thicker than the joint space at its tip.");
    if (certainty < kUnlikely) {
        warn("hit-unlikely",
             "More insertions would end beside the joint space than in it: it is thin for the "
             "error of aim that is assumed. Confirm the tip before injecting.");
    }
    return warnings;
}

}  // namespace

Candidate describe(const VolumePath& path, const VolumeRuler& ruler,
                   const VolumePreferences& preferences) {
    const VolumeData& data = ruler.data();
    VolumeMeasures m;
    ruler.measure(path, {}, m);
    const double length = m.trace.length;
    const TipErrors errors = preferences.errors(m);
    const Eigen::Matrix3d covariance = volume_tip_covariance(path.out, length, ruler.window().face,
                                                             ruler.options().needle, errors);
    const double certainty = volume_hit_probability(data, path.target, covariance);

    Candidate c;
    c.score = preferences.score(m, certainty);
    c.angle_deg = m.angle * 180 / std::numbers::pi;
    c.path_mm = length;
    c.p_hit = certainty;
    c.tip_sigma_mm = std::sqrt(covariance.trace() / 3);
    c.visibility = preferences.visibility(m.angle);
    c.layers = layers_of(data, path, length);
    c.sensitivities = sensitivities(path, ruler, errors, length);
    c.warnings = warnings_of(ruler, m, certainty);
    PatientPath placed;
    placed.entry_mm = data.patient_from_scene * path.at(length);
    placed.target_mm = data.patient_from_scene * path.target;
    const Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d> axes(covariance, Eigen::EigenvaluesOnly);
    placed.tip_axes_mm = axes.eigenvalues().reverse().cwiseMax(0).cwiseSqrt();
    c.in_patient = placed;

    ruler.measure_finely(path, kFarMm, m);
    c.clearance_mm["wall"] = m.wall;
    if (data.has_bone) c.clearance_mm["bone"] = m.bone;
    for (std::size_t i = 0; i < data.kinds.size(); ++i)
        c.clearance_mm[data.kinds[i].name] = m.kinds[i];
    return c;
}

}  // namespace guide::plan
