// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "body.hpp"

#include <guide/session/run.hpp>

#include <cstdint>

namespace guide::session {

/// A needle as a trainee holds it.
struct HeldNeedle {
    plan::Needle needle;
    int insertion = 0;
    Pose placed_from;       ///< the probe when it was placed: angles are to it
    Eigen::Vector3d entry;  ///< patient mm
    std::int64_t angle_mdeg = 0, heading_mdeg = 0, inserted_um = 0;
};

/// Nearest whole number of thousandths, millionths.
[[nodiscard]] std::int64_t thousandths(double value);
[[nodiscard]] Micrometres micrometres(const Eigen::Vector3d& mm);
[[nodiscard]] Millionths millionths(const Eigen::Vector3d& unit);

/// Patient, unit vector.
[[nodiscard]] Eigen::Vector3d direction_of(const HeldNeedle& held);

/// What the picture shows of the needle, and what it is near.
[[nodiscard]] NeedleState measure(const HeldNeedle& held, const Body& body,
                                  const simulate::UltrasoundSettings& settings,
                                  const Pose& patient_from_probe);

[[nodiscard]] NeedleSample sample_of(const NeedleState& state, int insertion, double slice_half_mm);

/// mm, half the thickness of what the picture shows at the needle's tip.
[[nodiscard]] double slice_half_at(const NeedleState& state,
                                   const simulate::UltrasoundSettings& settings,
                                   const Pose& patient_from_probe);

}  // namespace guide::session
