// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/simulate/export.hpp>

#include <Eigen/Geometry>

namespace guide::simulate {

/// The part of a needle that is in the body, as it lies there. Bent, it is a parabola: straight at
/// the skin, turned most at the tip, as bevels push it.
struct InsertedNeedle {
    Eigen::Vector3d tip = Eigen::Vector3d::Zero();  ///< patient mm
    Eigen::Vector3d direction =
        Eigen::Vector3d::UnitY();      ///< unit vector, where it enters, inwards
    double inserted_mm = 40;           ///< from skin to tip along `direction`, 1 to 300
    double outer_diameter_mm = 0.718;  ///< 0.2 to 4; 22 G
    double inner_diameter_mm = 0.413;  ///< 0.05 to below the outer one
    double bevel_deg = 18;             ///< between the bevel's face and the axis, 5 to 90
    double bend_mm = 0;                ///< the tip beside the straight path, 0 to 30
    Eigen::Vector3d bend_towards = Eigen::Vector3d::UnitX();  ///< unit vector across `direction`
    double echogenic = 0;  ///< 0: plain; 1: made to be seen: as bright at any angle as at none

    /// Throws PreconditionError naming the bad field and its range.
    GUIDE_SIMULATE_EXPORT void validate() const;

    /// The axis `from_tip_mm` before the tip (0 to inserted_mm), patient mm.
    [[nodiscard]] Eigen::Vector3d point_at(double from_tip_mm) const {
        const double t = 1 - from_tip_mm / inserted_mm;
        return tip - from_tip_mm * direction - bend_mm * (1 - t * t) * bend_towards;
    }
    /// Unit vector along the axis there, towards the tip.
    [[nodiscard]] Eigen::Vector3d direction_at(double from_tip_mm) const {
        const double t = 1 - from_tip_mm / inserted_mm;
        return (direction + 2 * bend_mm / inserted_mm * t * bend_towards).normalized();
    }
};

/// How many decibels a shaft stands above speckle of amplitude 1, at `angle_rad` between it and the
/// probe's face. On a screen, where grey follows decibels, brightness falls along a straight line,
/// to none at 81 degrees for a plain needle (docs/literature.md 1, 2).
[[nodiscard]] GUIDE_SIMULATE_EXPORT double shaft_level_db(const InsertedNeedle& needle,
                                                          double angle_rad);

}  // namespace guide::simulate
