// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/simulate/knee.hpp>

#include <vector>

namespace guide::simulate {

/// Where tissue under a pressed probe was before.
struct Knee::Press {
    Press(const Knee& knee, const ProbeContact& contact);

    [[nodiscard]] Eigen::Vector3d unpressed(const Eigen::Vector3d& point) const;

  private:
    [[nodiscard]] double gap_at(double x, double z) const;

    Eigen::Isometry3d patient_from_probe_, probe_from_patient_;
    double half_width_, half_thickness_;
    ProbeContact contact_;
    int columns_, rows_;
    std::vector<double> gap_;  ///< from the face to the skin along the beam, mm, columns fastest
};

}  // namespace guide::simulate
