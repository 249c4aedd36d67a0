// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/expected.hpp>
#include <guide/geometry/pixel_grid.hpp>
#include <guide/plan/uncertainty.hpp>

#include <Eigen/Core>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace guide::plan {

/// Below this confidence of the joint space plans warn and pictures show it in no reassuring
/// colour: where three in ten targets would miss (docs/ultrasound.md). Engineering choice.
inline constexpr double kLowConfidence = 0.7;

/// One layer of tissue on the way, from the skin on.
struct LayerCrossing {
    std::string name;
    double from_mm = 0, to_mm = 0;  ///< along the path, from the entry
};

/// How the probability of a hit would change with one assumption.
struct Sensitivity {
    std::string assumption;  ///< what was changed, e.g. "aiming error twice as large"
    double p_hit = 0;        ///< what the probability would be then
};

/// Where a path lies in a label volume: patient space (LPS), mm.
struct PatientPath {
    Eigen::Vector3d entry_mm, target_mm;
    Eigen::Vector3d
        tip_axes_mm;  ///< half axes of the tip's ellipsoid of one deviation, long to short
};

/// One straight needle path.
struct Candidate {
    int rank = 0;              ///< 1 is the best; 0 for a path that was not ranked
    double score = 0;          ///< 0..1, larger is better
    PixelPoint entry, target;  ///< px; the entry usually lies outside the frame; 0 in volumes
    std::optional<MmPoint> entry_mm, target_mm;
    /// To the probe's face, or to the image's x axis on radiographs.
    double angle_deg = 0;
    std::optional<double> path_mm;
    std::map<std::string, double>
        clearance_mm;  ///< "bone" outside the joint space, "wall" at the tip, kinds of obstacles
    std::optional<double> p_hit;         ///< probability that the tip ends in the joint space
    std::optional<double> tip_sigma_mm;  ///< per axis, mean of both
    std::optional<TipEllipse> tip_ellipse;
    std::vector<Sensitivity> sensitivities;  ///< of p_hit; only where it is known
    double visibility = 0;  ///< 0..1, brightness of the needle against one parallel to the face
    /// mm from the entry on that lie outside the picture.
    std::optional<double> unseen_mm;
    /// Out of plane only, mm: how far in front of or behind the image plane the entry lies.
    std::optional<double> out_of_plane_mm;
    std::vector<LayerCrossing> layers;
    std::vector<Reason> warnings;
    std::optional<PatientPath>
        in_patient;  ///< of paths planned in a label volume, and of no others
    std::optional<PatientPath>
        placed;  ///< of paths planned on a picture of a C-arm whose place is known
};

}  // namespace guide::plan
