// SPDX-License-Identifier: Apache-2.0
#include "us_truth.hpp"

#include <cmath>
#include <numbers>

namespace guide::simulate {

NeedleTruth needle_truth(const InsertedNeedle& needle, const UltrasoundPlane& plane,
                         const UltrasoundSettings& settings,
                         const RigidTransform<PatientSpace, ProbeSpace>& patient_from_probe,
                         const std::vector<double>& shadow) {
    NeedleTruth truth;
    const auto probe_from_patient = patient_from_probe.inverse();
    constexpr int kPoints = 200;
    int shown = 0, seen = 0;
    for (int i = 0; i <= kPoints; ++i) {
        const Eigen::Vector3d at = needle.point_at(needle.inserted_mm * (kPoints - i) / kPoints);
        const PixelPoint p = plane.pixel_of(at);
        const auto beam = plane.beam(p);
        if (!beam) continue;
        truth.axis.push_back(p);
        ++shown;
        const double across = (probe_from_patient * at).z();
        const double half = 0.5 * point_spread(settings, plane.shown_mm(beam->sample)).elevation_mm;
        if (std::abs(across) <= half + needle.outer_diameter_mm / 2 &&
            beam->sample <= shadow_at(shadow, beam->line))
            ++seen;
    }
    truth.tip = plane.pixel_of(needle.tip);
    truth.tip_across_mm = (probe_from_patient * needle.tip).z();
    const Eigen::Vector3d direction = probe_from_patient.motion().linear() * needle.direction_at(0);
    constexpr double kDegree = std::numbers::pi / 180;
    const double run = direction.x(), dip = direction.y();
    truth.angle_deg = (run < 0 ? -1 : 1) * std::atan2(dip, std::abs(run)) / kDegree;
    truth.visible = shown > 0 ? static_cast<double>(seen) / shown : 0;
    return truth;
}

}  // namespace guide::simulate
