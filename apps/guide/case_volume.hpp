// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/execution.hpp>
#include <guide/report/case.hpp>
#include <guide/simulate/tissue_field.hpp>

#include <Eigen/Core>

#include <filesystem>

namespace guide::app {

/// Somebody's own knee.
struct OwnKnee {
    simulate::TissueField field;
    Eigen::Vector3d centre;  ///< of the joint, else of the volume, patient mm
};

/// Reads a case's volume, its file taken from `folder` where it is relative. With `fluid_shows`
/// joint fluid is contrast agent. Throws IoError naming the volume's file: not there, broken, no
/// volume, without a place in the patient, labels that the case does not name.
[[nodiscard]] OwnKnee read_case_volume(const report::CaseVolume& wanted,
                                       const std::filesystem::path& folder, bool fluid_shows,
                                       const Execution& execution);

}  // namespace guide::app
