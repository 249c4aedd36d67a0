// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "distance.hpp"

#include <guide/simulate/knee.hpp>

#include <Eigen/Geometry>

#include <array>
#include <vector>

namespace guide::simulate {

/// The lengths of one knee, mm, after size and random shape. Knee coordinates: x medial, y to the
/// back, z to the head; the middle of the epicondylar axis is the origin. Sources:
/// docs/literature.md.
struct KneeShape {
    double size = 1;  ///< KneeParameters::size: of what has no length of its own here
    double effusion, synovium, fat;
    RecessFilling filling;  ///< its place in knee coordinates

    // Femur, sagittal profile of two circles (Walker's description): (y, z, radius).
    double front_y = -3, front_z = 5, front_radius = 26;
    double back_y = 14, back_z = 1, back_radius = 21;
    double condyle_at = 23, condyle_half_width = 13;
    double groove_depth = 5.5, groove_half_width = 17;
    double shaft_radius = 13.5;
    double trochlea_top = 32;

    // Tibia and fibula in the tibia's own frame, which is the femur's in full extension.
    double plateau_half_width = 37, plateau_half_depth = 24;
    double plateau_behind = 7;  ///< of the origin of the tibia's frame behind that of the femur's

    // Patella, half axes: across, along, thick.
    double patella_across = 22, patella_along = 21, patella_thick = 10.5;

    double cartilage_femur = 2.0, cartilage_tibia = 2.4, cartilage_patella = 3.0;
    double loss_medial = 0, loss_lateral = 0;  ///< share of the joint space lost
    double osteophyte = 0;

    double quadriceps_thickness = 7, quadriceps_half_width = 20;
    double patellar_tendon_thickness = 4.5, patellar_tendon_half_width = 14;
    double patellar_tendon_length = 55;
    double prefemoral_fat = 8, suprapatellar_fat = 8;
    double recess_length = 38, recess_half_width = 20;
    double skin = 1.8;
    double cyst = 0;
    double folding = 0;  ///< how uneven the recess and its lining are, 1: as in most knees
    std::array<double, 9> fold_phases{};

    Eigen::Isometry3d tibia_from_knee = Eigen::Isometry3d::Identity();  ///< undoes the flexion
    Eigen::Isometry3d patella_from_knee =
        Eigen::Isometry3d::Identity();  ///< across, along, outward

    // Along the midline, in steps of one mm from `profile_low` up: y of the femur's front and of
    // the quadriceps tendon's back.
    double profile_low = 0;
    std::vector<double> femur_front, tendon_back;

    [[nodiscard]] double femur_front_at(double z) const;
    [[nodiscard]] double tendon_back_at(double z) const;
    [[nodiscard]] double prefemoral_fat_at(double z) const;  ///< thickness in the midline
    /// Thickness of all that lies between the femur and the recess in the midline.
    [[nodiscard]] double bed_at(double z) const;
    [[nodiscard]] double recess_middle() const;  ///< z
    [[nodiscard]] double patella_top() const;    ///< z
    /// Share of the recess's thickness that has room at a height: little behind the patella.
    [[nodiscard]] double room_at(double z) const;
    /// Thickness of the fluid in the midline, were the place (x, z) in the middle of the recess.
    [[nodiscard]] double effusion_at(double x, double z) const;
    /// How full a recess is, 0 (edge) to 1 (middle), by the way from its middle to its edge, 0
    /// to 1.
    [[nodiscard]] static double fullness(double inside);
    /// Unevenness at a place of the recess, about -1 to 1: of its floor (0), its fluid (1), its
    /// lining (2).
    [[nodiscard]] double fold(int which, double x, double z) const;
    /// Thickness of the synovium where the recess is as full as `full`, 0 (edge) to 1 (middle).
    [[nodiscard]] double lining(double full) const;
};

/// Draws the random shape and puts tibia, patella and tendons where they belong.
[[nodiscard]] KneeShape shape_of(const KneeParameters& parameters, const RecessFilling& filling);

/// Puts tibia and patella where they lie at a flexion.
void bend(KneeShape& shape, double flexion_deg);

/// y at which the femur begins in the midline, from the front.
[[nodiscard]] double front_of_femur(const KneeShape& shape, double z);

/// Signed distances of the bones, knee coordinates.
[[nodiscard]] double femur(const KneeShape& shape, const Point& p);
[[nodiscard]] double tibia(const KneeShape& shape, const Point& p);
[[nodiscard]] double fibula(const KneeShape& shape, const Point& p);
[[nodiscard]] double patella(const KneeShape& shape, const Point& p);

/// The same with the point in the bone's own frame.
[[nodiscard]] double tibia_itself(const KneeShape& shape, const Point& p);
[[nodiscard]] double patella_itself(const KneeShape& shape, const Point& p);

/// How much of a shaft the tibia is at a height of its own frame: 0 at the joint, 1 below.
[[nodiscard]] double shaft_share(const KneeShape& shape, const Point& p);

/// Distance from the tibial shaft's inner face, which lies under the skin; its frame.
[[nodiscard]] double tibial_face_from(const KneeShape& shape, const Point& p);

/// Where the patella ends at the back, in its own frame, z.
[[nodiscard]] double patella_back(const KneeShape& shape, double x, double y);

/// Ends of the patellar tendon, knee coordinates.
[[nodiscard]] Point tendon_upper_end(const KneeShape& shape);
[[nodiscard]] Point tendon_lower_end(const KneeShape& shape);

/// Height of the tibial plateau in the tibia's frame, z.
[[nodiscard]] double plateau_at(const KneeShape& shape, double x, double y);

}  // namespace guide::simulate
