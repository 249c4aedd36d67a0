// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/simulate/ultrasound.hpp>

#include <optional>

namespace guide::simulate {

/// The way from a picture's pixels to the patient, along the scan lines: depths are those that the
/// scanner takes them for.
class UltrasoundPlane {
  public:
    UltrasoundPlane(const UltrasoundSettings& settings,
                    const RigidTransform<PatientSpace, ProbeSpace>& patient_from_probe)
        : beam_{settings.probe, settings.lines, settings.samples},
          picture_(settings.picture),
          true_per_shown_(settings.tissue_speed_m_s / settings.assumed_speed_m_s),
          sample_mm_((settings.probe.end_mm - settings.probe.start_mm) / (settings.samples - 1)),
          patient_from_probe_(patient_from_probe) {}

    [[nodiscard]] int lines() const { return beam_.lines; }
    [[nodiscard]] double shown_mm(double sample) const {
        return beam_.probe.start_mm + sample * sample_mm_;
    }

    /// Patient mm of the place shown at a position of the beam frame.
    [[nodiscard]] Eigen::Vector3d patient(filters::BeamPoint p) const {
        const double depth = shown_mm(p.sample) * true_per_shown_;
        const filters::ScanPoint at =
            scan_from_beam(beam_, {p.line, (depth - beam_.probe.start_mm) / sample_mm_});
        return patient_from_probe_ * Eigen::Vector3d(at.x, at.y, 0);
    }
    /// Position of a pixel in the beam frame; none beside the lines and samples.
    [[nodiscard]] std::optional<filters::BeamPoint> beam(PixelPoint p) const {
        const filters::BeamPoint at = beam_from_scan(beam_, scan_from_pixel(picture_, p));
        const bool shown = at.line >= 0 && at.line <= beam_.lines - 1 && at.sample >= 0 &&
                           at.sample <= beam_.samples - 1;
        return shown ? std::optional(at) : std::nullopt;
    }
    [[nodiscard]] PixelPoint pixel(filters::BeamPoint p) const {
        return pixel_from_scan(picture_, scan_from_beam(beam_, p));
    }
    /// Pixel at which a place of the patient is shown, seen along the plane's normal.
    [[nodiscard]] PixelPoint pixel_of(const Eigen::Vector3d& patient_mm) const {
        const Eigen::Vector3d p = patient_from_probe_.inverse() * patient_mm;
        filters::BeamPoint at = beam_from_scan(beam_, {p.x(), p.y()});
        at.sample = (shown_mm(at.sample) / true_per_shown_ - beam_.probe.start_mm) / sample_mm_;
        return pixel(at);
    }

  private:
    filters::BeamGrid beam_;
    filters::PictureGrid picture_;
    double true_per_shown_, sample_mm_;
    RigidTransform<PatientSpace, ProbeSpace> patient_from_probe_;
};

}  // namespace guide::simulate
