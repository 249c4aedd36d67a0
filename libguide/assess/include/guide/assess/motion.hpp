// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/assess/export.hpp>
#include <guide/core/expected.hpp>

#include <Eigen/Core>

#include <functional>
#include <optional>
#include <span>

namespace guide::assess {

/// Where a needle is at one moment. Between samples it moves straight and turns evenly.
struct ToolSample {
    double time_s = 0;
    Eigen::Vector3d tip = Eigen::Vector3d::Zero();         ///< mm
    Eigen::Vector3d direction = Eigen::Vector3d::UnitZ();  ///< from hub to tip; made a unit vector
};

/// How deep a point lies below the skin, mm; positive in tissue, continuous.
using DepthBelowSkin = std::function<double(const Eigen::Vector3d&)>;

/// The path that was asked for, mm.
struct WantedPath {
    Eigen::Vector3d entry, target;
};

struct MotionOptions {
    double shaft_mm = 100;     ///< > 0: length of the needle that may be in tissue
    double withdrawal_mm = 2;  ///< > 0: drawn back and pushed on by as much is a redirection
    double puncture_mm = 1;    ///< > 0: deeper than this counts as having gone in
    double rate_hz = 100;      ///< >= 20: that speed is sampled with for smoothness
    double cutoff_hz = 10;     ///< > 0, below half of rate_hz: fastest movement that counts there

    [[nodiscard]] GUIDE_ASSESS_EXPORT Expected<void> validate() const;
};

/// What a hand did. None of the figures depends on the origin or the orientation of the axes, and
/// none on how densely the same movement is sampled, but for what sampling leaves out.
struct MotionMetrics {
    double elapsed_s = 0;
    double path_mm = 0;  ///< of the tip
    /// Path over the straight way from the first to the last tip, less 1; none where those
    /// coincide.
    std::optional<double> path_inefficiency;
    double tissue_path_mm = 0;     ///< of the tip below the skin; steps are cut at the skin
    double tissue_time_s = 0;      ///< with the tip below the skin
    double tissue_damage_mm2 = 0;  ///< swept sideways by the part of the shaft that is in tissue
    double rotation_deg = 0;       ///< sum of the turns of the shaft
    int punctures = 0;             ///< times that the tip went in through the skin
    int redirections = 0;          ///< times that it was drawn back in tissue and pushed on
    /// Spectral arc length of the tip's speed, negative; nearer to 0 is smoother. None for a needle
    /// that does not move or less than a quarter of a second.
    std::optional<double> smoothness;
    /// mm, of the tip in tissue from the wanted path: mean along its path, and the largest. None
    /// without a wanted path or without a way in tissue.
    std::optional<double> deviation_mean_mm, deviation_max_mm;
    std::optional<double> target_error_mm;  ///< last tip to wanted target
    std::optional<double> angle_error_deg;  ///< last direction to that of the wanted path
};

/// Measures a movement. No answer: "few-samples" (fewer than two), "bad-sample" (not finite, no
/// direction, times that do not rise), "bad-path" (a wanted path without length), or what
/// options.validate() says. Definitions and sources: docs/literature.md, 80 and 81.
[[nodiscard]] GUIDE_ASSESS_EXPORT Expected<MotionMetrics> measure_motion(
    std::span<const ToolSample> samples, const DepthBelowSkin& depth,
    const std::optional<WantedPath>& wanted = {}, const MotionOptions& options = {});

}  // namespace guide::assess
