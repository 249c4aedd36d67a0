// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/anatomy.hpp>
#include <guide/core/execution.hpp>
#include <guide/simulate/needle.hpp>
#include <guide/simulate/ultrasound.hpp>

#include <optional>
#include <vector>

namespace guide::simulate {

/// A needle in the picture plane.
struct NeedleTruth {
    PixelPolyline axis;        ///< px, from the skin to the tip, what lies within the picture
    PixelPoint tip;            ///< px; may lie outside the picture
    double tip_across_mm = 0;  ///< of the tip out of the plane; positive towards the viewer
    /// Of the axis at the tip, against the probe's face, -90 to 90: positive dips to the right.
    double angle_deg = 0;
    /// Share of the axis within the picture that lies within half the beam's thickness and has no
    /// bone above it, 0 to 1.
    double visible = 0;
};

/// What an ultrasound frame really shows. `anatomy` has what can be seen, in the terms of
/// `segment`: surfaces that bone above them hides, and fluid there, stand apart.
struct UltrasoundTruth {
    Anatomy anatomy;
    std::vector<BoneSurface> hidden_bones;
    std::vector<PixelPolygon> hidden_fluid;
    Image<std::uint8_t> labels;  ///< Tissue at each pixel's centre; `outside` beside the beams
    std::optional<NeedleTruth> needle;
};

/// The truth of the frame that `UltrasoundSimulator` makes with these settings, field, pose and
/// needle: drawn from the same field, with the depths that a wrong speed of sound gives. Outlines
/// are exact to 1/256 px, of the field. Joint fluid, contrast agent and Baker's cysts are joint
/// space. Throws PreconditionError for bad settings or needle.
[[nodiscard]] GUIDE_SIMULATE_EXPORT UltrasoundTruth
ultrasound_truth(const TissueField& field, const UltrasoundSettings& settings,
                 const RigidTransform<PatientSpace, ProbeSpace>& patient_from_probe, View view,
                 const std::optional<InsertedNeedle>& needle = {}, const Execution& execution = {});

}  // namespace guide::simulate
