// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/execution.hpp>
#include <guide/filters/scan_conversion.hpp>
#include <guide/frame/frame.hpp>
#include <guide/geometry/rigid_transform.hpp>
#include <guide/simulate/needle.hpp>
#include <guide/simulate/tissue_field.hpp>

#include <Eigen/Geometry>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace guide::simulate {

/// A part of the probe's face that touches nothing: millimetres along the face as pictures show it
/// (left end negative), `begin_mm` below `end_mm`.
struct LostContact {
    double begin_mm = 0, end_mm = 0;
};

/// A scanner and its knobs. Echo levels are relative to fully developed speckle of a tissue whose
/// scatter amplitude is 1 (see TissueProperties), before attenuation: 0 dB.
struct UltrasoundSettings {
    /// A curvilinear probe is not steered.
    filters::ProbeGeometry probe{filters::ProbeKind::linear, 51.2, 60, 1, 0, 0, 38.4};
    int lines = 320;     ///< 2 to 1024, close enough for the beam's width
    int samples = 1024;  ///< 2 to 8192 along a line, close enough for the pulse

    double frequency_mhz = 7;  ///< centre of the pulse, 1 to 30
    double cycles = 3;         ///< length of the pulse at half its height, in periods, 0.5 to 20
    double f_number = 2.7;     ///< depth over receiving aperture, 0.8 to 10
    double aperture_mm = 20;   ///< largest receiving aperture, 1 to 100
    double transmit_f_number = 3.3;    ///< focus over transmitting aperture, 0.8 to 20
    double focus_mm = 20;              ///< of the transmitted beam, 2 to 300
    double elevation_focus_mm = 20;    ///< of the lens, 2 to 300
    double elevation_aperture_mm = 4;  ///< height of the elements, 0.5 to 30

    int looks = 3;  ///< odd, 1 to 7, under different angles, averaged into a frame: compounding
    double look_step_deg = 7;  ///< between them, 2 to 20

    double dynamic_range_db = 75;  ///< between black and white, 20 to 120
    double white_db = 52;          ///< echo level shown white at no gain, -20 to 80
    double gain_db = 0;            ///< -60 to 60
    double tgc_db_per_cm = 13;     ///< gain that rises with depth, 0 to 60
    double noise_db = -78;         ///< of the electronics before TGC, -200 to 20

    double assumed_speed_m_s = 1540;  ///< that depths are counted with, 1000 to 2000
    double tissue_speed_m_s = 1540;   ///< that sound really has, 1000 to 2000; depths are wrong by
                                      ///< the ratio

    double scatterers_per_mm3 = 200;  ///< 1 to 2000; below some 10 in a resolution cell speckle is
                                      ///< not fully developed
    double interface_db = 30;   ///< echo level of a wall that reflects everything, head on, 0 to 60
    double side_lobe_db = -34;  ///< of the beam, against its middle, first of them, -120 to -10
    double texture = 1;         ///< of septa and fibres inside tissues, 0 (none) to 2
    /// A point of the limb's axis, patient mm: fibres run along the patient's z axis, septa lie
    /// around the limb.
    Eigen::Vector3d limb_centre = Eigen::Vector3d::Zero();
    double reverberation =
        0.05;                ///< share of an echo that the probe's face sends out again, 0 to 0.9
    double clutter_db = -8;  ///< what comes back late, by more than one way, against the tissue it
                             ///< comes from, -200 to 0
    double shadow_clutter_db = 0;  ///< what bone and the tissue above it throw to and fro, seen
                                   ///< below bone, against the scatter of that tissue, -200 to 20
    std::vector<LostContact> lost_contact = {};

    filters::PictureGrid picture{640, 480, {0.08, 0.08}, {-25.56, 0}};  ///< what is shown
    std::uint64_t seed = 1;  ///< of scatterers, texture and noise

    /// Throws PreconditionError naming the bad field and its range.
    GUIDE_SIMULATE_EXPORT void validate() const;
};

/// Full widths at half height of the echo amplitude of one point.
struct PointSpread {
    double axial_mm, lateral_mm, elevation_mm;
};

/// The point spread at a depth. Gaussian in all three directions: along the beam half the pulse; to
/// the sides the product of the transmitted and the received beam, each 1.21 wavelengths times its
/// f-number wide at its focus, the transmitted one wider off the focus as its cone is.
[[nodiscard]] GUIDE_SIMULATE_EXPORT PointSpread point_spread(const UltrasoundSettings& settings,
                                                             double depth_mm);

/// Where a picture shows a point.
struct ShownPoint {
    PixelPoint pixel;            ///< of the picture, where the scanner believes it to be
    double out_of_plane_mm = 0;  ///< off the scan plane, along the probe's z axis
};

/// Truth for pictures: the scanner counts depths with the assumed speed, so what is drawn in a
/// picture is stretched along the lines. Throws PreconditionError for bad settings.
[[nodiscard]] GUIDE_SIMULATE_EXPORT ShownPoint
shown_point(const UltrasoundSettings& settings,
            const RigidTransform<PatientSpace, ProbeSpace>& patient_from_probe,
            const Eigen::Vector3d& point_in_patient);

/// The other way: the point of the scan plane, patient mm, whose echo a pixel shows.
[[nodiscard]] GUIDE_SIMULATE_EXPORT Eigen::Vector3d patient_point(
    const UltrasoundSettings& settings,
    const RigidTransform<PatientSpace, ProbeSpace>& patient_from_probe, PixelPoint pixel);

/// A single scatterer: a wire of a test phantom.
struct PointTarget {
    Eigen::Vector3d position;  ///< patient mm
    double level_db = 30;      ///< echo level
};

/// What is there beside tissue, and which frame of a sequence this is.
struct UltrasoundScene {
    std::optional<InsertedNeedle> needle = {};
    std::vector<PointTarget> targets = {};
    std::uint64_t frame_number = 0;  ///< other noise in each frame
};

/// B-mode frames of a tissue field under a probe that moves.
///
/// Point scatterers sit in cells of patient space, placed by a hash: the same tissue gives the same
/// scatterers whatever the probe does. Each is laid, with the phase of its exact distance, onto the
/// grid of lines and samples; those are filtered with the point spread (per depth across the lines,
/// then along them) to the beamformed signal at base band. Walls between tissues and septa within
/// add echoes by impedance and angle; attenuation and transmission run along each line, so bone
/// casts its shadow. Envelope, TGC, logarithm, scan conversion follow as in a scanner.
///
/// A look under another angle hears the same scatterers with phases that turn from line to line, so
/// the average of several looks is smoother; walls are as bright as on the mean of the looks.
///
/// Lines and samples: see UltrasoundSettings. Not modelled: refraction, aberration, grating lobes.
/// Frames at an unchanged pose (a needle alone moves) reuse the tissue's signal. Same input and
/// seed: same bits for any number of threads. One caller at a time. Sources: docs/literature.md.
class GUIDE_SIMULATE_EXPORT UltrasoundSimulator {
  public:
    /// Throws PreconditionError for bad settings.
    UltrasoundSimulator(std::shared_ptr<const TissueField> field, UltrasoundSettings settings);
    ~UltrasoundSimulator();
    UltrasoundSimulator(UltrasoundSimulator&&) noexcept;
    UltrasoundSimulator& operator=(UltrasoundSimulator&&) noexcept;

    [[nodiscard]] const UltrasoundSettings& settings() const;

    /// Another state of the tissue, e.g. a recess opened by fluid. Scatterers stay where they are.
    void set_field(std::shared_ptr<const TissueField> field);

    /// One frame, grey 0 to 255, calibrated; `image_to_reference` takes pixels to patient mm, as
    /// the scanner believes them to be (see `shown_point`). Throws PreconditionError for a bad
    /// needle or a pose that is not finite, Stopped when asked to stop.
    [[nodiscard]] Frame frame(const RigidTransform<PatientSpace, ProbeSpace>& patient_from_probe,
                              const UltrasoundScene& scene = {}, const Execution& execution = {});

    /// Echo amplitudes of the last frame, lines x samples, with TGC, before the logarithm; 1 is
    /// 0 dB. Valid until the next frame.
    [[nodiscard]] ImageView<const float> envelope() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace guide::simulate
