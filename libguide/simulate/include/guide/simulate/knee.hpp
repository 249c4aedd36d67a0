// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/execution.hpp>
#include <guide/geometry/rigid_transform.hpp>
#include <guide/simulate/tissue_field.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>

namespace guide::simulate {

enum class Laterality { left, right };

/// One knee, described by what a clinician would say of it. Defaults: a healthy adult, lying, knee
/// slightly bent.
struct KneeParameters {
    Laterality laterality = Laterality::right;
    double size = 1.0;        ///< 0.8 to 1.25, of all bone lengths; 1: epicondyles 80 mm apart
    double flexion_deg = 20;  ///< 0 to 110
    double fat_mm = 6;        ///< 1 to 40, subcutaneous fat in front of the thigh
    double effusion_mm =
        1.3;  ///< 0 to 20, fluid thickness in the midline of the suprapatellar recess
    double synovium_mm = 1.0;      ///< 0 to 8, lining of the recess
    double cartilage_mm = 2.0;     ///< 0 to 4, femoral, at the condyles, before `arthritis`
    double narrowing_medial = 0;   ///< 0 to 1, share of the medial joint space that is lost
    double narrowing_lateral = 0;  ///< 0 to 1
    double osteophyte_mm = 0;      ///< 0 to 8, at the margins of condyles, plateau and patella
    double bakers_cyst_mm = 0;     ///< 0 to 40, depth of a cyst behind the medial condyle
    double shape_variation = 1;    ///< 0 to 2, spread of random shape; 0: the mean knee
    std::uint64_t seed = 1;        ///< of the random shape

    /// Throws PreconditionError naming the bad field and its range.
    GUIDE_SIMULATE_EXPORT void validate() const;
};

/// Fluid that was injected and has not spread through the recess yet: it is effusion_mm thick, as
/// the knee says, about one place only.
struct RecessFilling {
    double elsewhere_mm = 0;  ///< 0 to effusion_mm, in the midline, where it has not come to
    Eigen::Vector3d about = Eigen::Vector3d::Zero();  ///< patient mm
    double spread = 1;                                ///< 0 (some 10 mm about) to 1 (everywhere)
};

/// A knee as a random patient would bring it: effusion, fat, arthritis and flexion as often as in
/// the studies of docs/literature.md, shape by the same seed.
[[nodiscard]] GUIDE_SIMULATE_EXPORT KneeParameters random_knee(std::uint64_t seed);

/// Points of one knee that hands and probes go by, patient mm.
struct KneeLandmarks {
    Eigen::Vector3d patella_base, patella_apex;   ///< upper and lower pole, in the midline
    Eigen::Vector3d recess;                       ///< middle of the suprapatellar recess's fluid
    Eigen::Vector3d trochlea;                     ///< deepest line of the groove, at its middle
    Eigen::Vector3d medial_joint, lateral_joint;  ///< joint line, at the rim of the plateau
    Eigen::Vector3d tuberosity;                   ///< of the tibia
    Eigen::Vector3d popliteal;                    ///< where semimembranosus and gastrocnemius part
    Eigen::Vector3d tibial_face;                  ///< of the shaft's medial side, 90 mm down
    Eigen::Vector3d femur_axis, tibia_axis;       ///< unit vectors towards the head
};

/// A box that is worth building: patient mm.
struct Region {
    Eigen::Vector3d low, high;
};

/// A probe's face that is pressed on the skin until all of it touches.
struct ProbeContact {
    RigidTransform<PatientSpace, ProbeSpace> patient_from_probe;
    double width_mm = 51;      ///< 5 to 200, along the face
    double thickness_mm = 12;  ///< 2 to 60, of the face across its plane
    /// Of a curved face, at least half of width_mm (then the chord), to 1000; 0: flat. Its middle
    /// is the probe's origin, its ends lie outwards.
    double radius_mm = 0;

    /// mm that the face lies above its middle, `x_mm` beside it.
    [[nodiscard]] double rise_mm(double x_mm) const {
        const double x = std::min(std::abs(x_mm), width_mm / 2);
        return radius_mm > 0 ? radius_mm - std::sqrt(radius_mm * radius_mm - x * x) : 0;
    }
};

/// A parametric knee in patient space: origin in the middle between the femoral epicondyles, x to
/// the left, y to the back, z to the head; the femur lies along z, the tibia is bent by the
/// flexion. A value: copies share what they describe.
class GUIDE_SIMULATE_EXPORT Knee {
  public:
    /// Throws PreconditionError for parameters out of range.
    explicit Knee(const KneeParameters& parameters,
                  const std::optional<RecessFilling>& filling = {});

    [[nodiscard]] const KneeParameters& parameters() const { return parameters_; }
    [[nodiscard]] KneeLandmarks landmarks() const;

    /// The tissue and its depth at one point.
    [[nodiscard]] TissueSample at(const Eigen::Vector3d& point) const;

    /// The first point of the skin met from `outside` along `direction`; none within 400 mm.
    [[nodiscard]] std::optional<Eigen::Vector3d> skin_from(const Eigen::Vector3d& outside,
                                                           const Eigen::Vector3d& direction) const;

    /// The knee with soft tissue shifted along the beam so that the skin lies on the probe's face,
    /// by 9 mm at most: beyond, a gap stays. The shift fades with depth. Throws PreconditionError
    /// where the face does not reach the skin or lies in the body.
    [[nodiscard]] Knee pressed(const ProbeContact& contact) const;

    /// The field over `region` in voxels of `voxel_mm` (0.05 to 5).
    [[nodiscard]] TissueField field(const Region& region, double voxel_mm,
                                    const Execution& execution = {}) const;

  private:
    struct Shape;
    struct Press;
    [[nodiscard]] Eigen::Vector3d mirrored(const Eigen::Vector3d& point) const;

    KneeParameters parameters_;
    std::shared_ptr<const Shape> shape_;
    std::shared_ptr<const Press> press_;
};

}  // namespace guide::simulate
