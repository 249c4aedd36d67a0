// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "us_beam.hpp"
#include "us_signal.hpp"
#include "us_tissue.hpp"

namespace guide::simulate {

/// Adds a needle: dims what lies below it, then lays its shaft
/// with the multiples within it, its tip and their side lobes.
void add_needle(const InsertedNeedle& needle, const Eigen::Isometry3d& scan_from_patient,
                const BeamModel& beam, const TissueMap& tissue, Echoes& echoes);

/// Adds a single scatterer.
void add_target(const PointTarget& target, const Eigen::Isometry3d& scan_from_patient,
                const BeamModel& beam, const TissueMap& tissue, Echoes& echoes);

}  // namespace guide::simulate
