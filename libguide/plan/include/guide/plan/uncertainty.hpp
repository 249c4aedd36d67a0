// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/expected.hpp>
#include <guide/geometry/polygon.hpp>
#include <guide/plan/approach.hpp>
#include <guide/plan/export.hpp>
#include <guide/plan/needle.hpp>

#include <optional>
#include <string_view>
#include <vector>

namespace guide::plan {

/// Who holds the needle, for the published figures of where the tip ends.
enum class Operator { novice, trained, guided };

[[nodiscard]] GUIDE_PLAN_EXPORT std::string_view name_of(Operator person);
[[nodiscard]] GUIDE_PLAN_EXPORT std::optional<Operator> operator_from_name(std::string_view name);

/// mm: standard deviation, per axis, of a freehand in-plane tip. Mean distances of 3.5
/// (novice), 2.6 (trained) and 1.5 mm (guided) are Rayleigh means of sigma sqrt(pi/2)
/// (docs/literature.md 4, 42).
[[nodiscard]] GUIDE_PLAN_EXPORT double aiming_sigma_mm(Operator person);

/// What sets the tip off its target beside the operator's aim. All are standard deviations; 0
/// switches a term off.
struct ErrorModel {
    double spacing_relative = 0.01;      ///< of the frame's scale; engineering choice
    double sound_speed_relative = 0.02;  ///< of depths: fat 1450, muscle 1580 m/s against 1540
    double motion_mm = 0.3;  ///< of the tissue between frame and tip; engineering choice
    /// Share of the bevel's deflection that the operator does not correct, 0..1; engineering
    /// choice.
    double deflection_share = 0.3;

    [[nodiscard]] GUIDE_PLAN_EXPORT Expected<void> validate() const;
};

/// mm: how far the bevel pushes a needle of the table aside over `inserted_mm` of soft tissue: a
/// circle of radius 364 mm for a 22 G Quincke point, its curvature scaled by bevel and by the
/// square of the diameter (docs/literature.md 40, 41).
[[nodiscard]] GUIDE_PLAN_EXPORT double deflection_mm(const Needle& needle, double inserted_mm);

/// Covariance of the tip about its target in the image plane, mm^2.
struct TipCovariance {
    double xx = 0, xy = 0, yy = 0;

    [[nodiscard]] double mean_sigma() const { return std::sqrt((xx + yy) / 2); }
};

/// The ellipse of one standard deviation: half axes in mm, and the angle of the longer one to the
/// image's x axis towards larger y, -90..90 degrees.
struct TipEllipse {
    double major_mm = 0, minor_mm = 0, angle_deg = 0;
};

[[nodiscard]] GUIDE_PLAN_EXPORT TipEllipse ellipse_of(const TipCovariance& covariance);

/// What the covariance of one path is made of.
struct TipErrors {
    double aiming_mm = 0;    ///< per axis
    double boundary_mm = 0;  ///< of the joint space's outline, taken as per axis
    double depth_mm = 0;     ///< of the target below the probe's face; 0 on radiographs
    ErrorModel model;
};

/// Covariance at `target` of a needle that comes from `entry`, all terms independent.
[[nodiscard]] GUIDE_PLAN_EXPORT TipCovariance tip_covariance(MmPoint entry, MmPoint target,
                                                             const Needle& needle,
                                                             const TipErrors& errors);

/// Probability that a normally distributed tip about `aim` lies in one of `contours`, which do not
/// overlap: the Gaussian's mass of a polygon as a sum over its edges, error below 1e-3. Some
/// microseconds for a hundred edges.
[[nodiscard]] GUIDE_PLAN_EXPORT double hit_probability(const std::vector<MmPolygon>& contours,
                                                       MmPoint aim,
                                                       const TipCovariance& covariance);

}  // namespace guide::plan
