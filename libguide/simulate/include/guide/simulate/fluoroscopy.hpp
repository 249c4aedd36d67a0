// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/anatomy.hpp>
#include <guide/frame/frame.hpp>
#include <guide/simulate/carm.hpp>
#include <guide/simulate/needle.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace guide::simulate {

/// Where spongy bone is dense and where it is not: trabeculae run along the bones, denser towards
/// the joint, with the scar of the growth plate.
struct Spongiosa {
    Eigen::Vector3d joint = Eigen::Vector3d::Zero();  ///< middle of the joint line, patient mm
    /// Along tibia and fibula; the femur lies along the patient's z axis.
    Eigen::Vector3d shank_axis = Eigen::Vector3d::UnitZ();
    double unevenness = 1;  ///< 0 (even throughout) to 2
    std::uint64_t seed = 1;

    /// Throws PreconditionError naming the bad field and its range.
    GUIDE_SIMULATE_EXPORT void validate() const;
};

/// A wire in the beam: of a lead, a drape, a guide. Steel.
struct Wire {
    std::vector<Eigen::Vector3d> points;  ///< patient mm, two or more
    double radius_mm = 0.4;               ///< 0.05 to 5
};

/// Contrast agent that a needle lets out. In the joint it flows away from the tip through the
/// fluid, by the shortest ways within the joint, and gets thinner towards its front; in soft tissue
/// it makes a pool with fingers, along the limb and through fat rather than across fibres. Tissue
/// stays where it is: agent takes the place of fluid or tissue, and what the joint has no room for
/// is not shown.
struct ContrastAgent {
    Eigen::Vector3d from = Eigen::Vector3d::Zero();  ///< the needle's tip, patient mm
    bool in_joint = true;                            ///< else outside of it, in soft tissue
    double most_ml = 2;      ///< of what is injected in all, above 0, to 100
    std::uint64_t seed = 1;  ///< of the fingers

    /// Throws PreconditionError naming the bad field and its range.
    GUIDE_SIMULATE_EXPORT void validate() const;
};

/// What the tube, the detector and the screen do.
struct FluoroscopySettings {
    CArm arm;
    double photons = 4000;  ///< a pixel gets in the open beam, 10 to 1e7; fewer, more noise
    double scatter_to_primary = 0.4;  ///< mean over the picture, 0 to 5
    double scatter_mm = 30;           ///< width (sigma) on the detector, 1 to 200
    double blur_mm = 0.25;            ///< sigma on the detector, of focal spot and screen, 0 to 5
    bool bone_bright = false;         ///< as radiographs are shown; fluoroscopy shows bone dark
    /// Radius of a round collimator on the detector, 0: none, to 1000. Beyond it the screen is
    /// black in both polarities, as consoles' shutters make it.
    double collimator_mm = 0;
    double black_od = 3.0,
           white_od = 0.0;   ///< attenuation (natural logarithm) at the window's ends
    double contrast_ml = 0;  ///< let out so far, of what set_contrast announced, 0 to its most_ml
    std::vector<Wire> wires = {};
    std::optional<InsertedNeedle> needle = {};
    std::uint64_t seed = 1, frame_number = 0;  ///< of the noise

    /// Throws PreconditionError naming the bad field and its range.
    GUIDE_SIMULATE_EXPORT void validate() const;
};

/// What a radiograph of a knee shows.
struct FluoroscopyTruth {
    /// Silhouettes: bit 0 femur, 1 tibia, 2 patella, 3 fibula, 4 contrast agent.
    Image<std::uint8_t> silhouettes;
    /// Joint space: what lies between femur and tibia, from one rim of the plateau to the other,
    /// the notch included; none where the bones overlap everywhere. Bones: outlines of the
    /// silhouettes.
    Anatomy anatomy;
    PinholeCamera calibration;
    PixelPolyline needle;                ///< px, from skin to tip
    std::optional<PixelPoint> tip;       ///< px
    std::optional<double> tip_depth_mm;  ///< of the tip along the beam, from the source
    std::vector<PixelPolyline> wires;    ///< px, their middle lines; metal that is no needle
    double contrast_ml = 0;              ///< shown of what was let out by set_contrast's needle
};

/// Projections of a tissue field with the look of fluoroscopy or of a radiograph.
///
/// Water and cortical bone are projected exactly (see Projector), iodine too; needle and wires as
/// cylinders by the chords that rays cut. Beer and Lambert's law at three energies hardens the
/// beam; scatter comes from where the body takes out of the beam, smoothed, as large as asked for;
/// noise is that of counted photons (normal from 50 on); the screen shows the logarithm. Same bits
/// for any number of threads. Sources: docs/literature.md.
class GUIDE_SIMULATE_EXPORT FluoroscopySimulator {
  public:
    /// Takes what it needs of the field; at voxels of 0.5 mm outlines are good to about 0.1 mm.
    explicit FluoroscopySimulator(const TissueField& field, const Execution& execution = {},
                                  const Spongiosa& spongiosa = {});
    /// The same from a function of space, at the voxels of a grid, in a byte each: no field is
    /// made, and where the function says that a border is far it is not asked again, so that a leg
    /// takes a second or two. Depths are trusted to be right within a quarter.
    FluoroscopySimulator(const VoxelGrid& grid, const TissueSampler& sampler,
                         const Execution& execution = {}, const Spongiosa& spongiosa = {});
    ~FluoroscopySimulator();
    FluoroscopySimulator(FluoroscopySimulator&&) noexcept;
    FluoroscopySimulator& operator=(FluoroscopySimulator&&) noexcept;

    /// Finds the way that agent from a needle takes; how much has come out, each frame's settings
    /// say. Throws PreconditionError for a bad agent, and where there is no room for it within
    /// 10 mm of its needle's tip.
    void set_contrast(const ContrastAgent& agent);

    /// One frame, grey 0 to 255, with the spacing at the isocentre. Projections of a view are kept
    /// for the next frames of it, of two views at most. Throws PreconditionError for
    /// bad settings, Stopped when asked to stop.
    [[nodiscard]] Frame frame(const FluoroscopySettings& settings, const Execution& execution = {});

    /// The truth of that frame.
    [[nodiscard]] FluoroscopyTruth truth(const FluoroscopySettings& settings,
                                         const Execution& execution = {});

  private:
    struct State;
    explicit FluoroscopySimulator(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace guide::simulate
