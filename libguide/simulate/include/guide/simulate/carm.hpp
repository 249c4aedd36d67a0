// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/geometry/camera.hpp>
#include <guide/geometry/point.hpp>
#include <guide/simulate/projection.hpp>

namespace guide::simulate {

/// A C-arm or an X-ray tube before a plate, as its console names it. At all angles 0 the beam runs
/// from front to back (AP) and the picture is upright: the patient's left at its right, the head
/// up.
struct CArm {
    Eigen::Vector3d isocentre = Eigen::Vector3d::Zero();  ///< patient mm
    double source_to_isocentre_mm = 700;                  ///< 100 to 3000
    double source_to_detector_mm = 1100;                  ///< above the former, to 5000
    double primary_deg = 0;    ///< about the long axis, -180 to 180; 90: from the patient's left
    double secondary_deg = 0;  ///< source towards the head, -60 to 60
    double roll_deg = 0;       ///< of the picture, clockwise, -180 to 180
    double pixel_mm = 0.4;     ///< on the detector, 0.01 to 10
    int width = 512, height = 512;

    /// Throws PreconditionError naming the bad field and its range.
    GUIDE_SIMULATE_EXPORT void validate() const;

    [[nodiscard]] GUIDE_SIMULATE_EXPORT ProjectionGeometry geometry() const;
};

/// The projection as a pinhole camera, X in patient mm. Exact for detectors with pixels at right
/// angles. Throws PreconditionError for others.
[[nodiscard]] GUIDE_SIMULATE_EXPORT PinholeCamera
calibration_of(const ProjectionGeometry& geometry);

}  // namespace guide::simulate
