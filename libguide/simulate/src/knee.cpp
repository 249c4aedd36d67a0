// SPDX-License-Identifier: Apache-2.0
#include "knee_layers.hpp"
#include "knee_press.hpp"

#include <guide/core/error.hpp>

#include <utility>

namespace guide::simulate {
namespace {

TissueSample sample_at(const KneeShape& s, const Point& p) {
    const BoneDistances bones{femur(s, p), tibia(s, p), fibula(s, p), patella(s, p)};
    const double inside = fascia(s, p, bones);
    const double skin = inside - fat_thickness(s, p) - s.skin;
    Layers layers;
    layers.offer(Tissue::outside, -skin);
    layers.offer(Tissue::femur, bones.femur);
    layers.offer(Tissue::tibia, bones.tibia);
    layers.offer(Tissue::patella, bones.patella);
    layers.offer(Tissue::fibula, bones.fibula);
    layers.offer(Tissue::skin, -skin - s.skin);
    layers.offer(Tissue::subcutaneous_fat, -inside);
    if (!layers.found()) offer_cartilage(s, p, bones, layers);
    if (!layers.found()) offer_recess(s, p, layers);
    if (!layers.found()) offer_tendons(s, p, bones, layers);
    if (!layers.found()) offer_vessels(s, p, layers);
    if (!layers.found()) offer_fat_pads(s, p, bones, layers);
    layers.offer(Tissue::muscle, inside);
    return layers.sample();
}

}  // namespace

struct Knee::Shape : KneeShape {};

Knee::Knee(const KneeParameters& parameters, const std::optional<RecessFilling>& filling)
    : parameters_(parameters) {
    parameters.validate();
    RecessFilling even{parameters.effusion_mm};
    if (filling) {
        require(filling->elsewhere_mm >= 0 && filling->elsewhere_mm <= parameters.effusion_mm,
                "RecessFilling", "elsewhere_mm is 0 to the knee's effusion_mm");
        require(filling->spread >= 0 && filling->spread <= 1, "RecessFilling", "spread is 0 to 1");
        require(filling->about.allFinite(), "RecessFilling", "about is finite");
        even = *filling;
        even.about = mirrored(filling->about);
    }
    shape_ = std::make_shared<const Shape>(Shape{shape_of(parameters, even)});
}

Eigen::Vector3d Knee::mirrored(const Eigen::Vector3d& point) const {
    // The shape is that of a right knee, where medial is to the left.
    const double side = parameters_.laterality == Laterality::right ? 1 : -1;
    return {side * point.x(), point.y(), point.z()};
}

TissueSample Knee::at(const Eigen::Vector3d& point) const {
    return sample_at(*shape_, mirrored(press_ ? press_->unpressed(point) : point));
}

std::optional<Eigen::Vector3d> Knee::skin_from(const Eigen::Vector3d& outside,
                                               const Eigen::Vector3d& direction) const {
    const Eigen::Vector3d unit = direction.normalized();
    double low = 0;
    for (double t = 0; t < 400;) {
        const TissueSample sample = at(outside + t * unit);
        if (sample.tissue != Tissue::outside) {
            for (double high = t; high - low > 1e-4;) {
                const double middle = 0.5 * (low + high);
                (at(outside + middle * unit).tissue == Tissue::outside ? low : high) = middle;
            }
            return outside + low * unit;
        }
        low = t;
        t += std::max(0.2, 0.5 * static_cast<double>(sample.depth_mm));
    }
    return std::nullopt;
}

Knee Knee::pressed(const ProbeContact& contact) const {
    require(contact.width_mm >= 5 && contact.width_mm <= 200, "Knee::pressed",
            "width_mm is 5 to 200");
    require(contact.thickness_mm >= 2 && contact.thickness_mm <= 60, "Knee::pressed",
            "thickness_mm is 2 to 60");
    require(contact.radius_mm == 0 ||
                (contact.radius_mm >= contact.width_mm / 2 && contact.radius_mm <= 1000),
            "Knee::pressed", "radius_mm is 0, or half of width_mm to 1000");
    require(!press_, "Knee::pressed", "one probe presses on a knee");
    Knee knee = *this;
    knee.press_ = std::make_shared<const Press>(*this, contact);
    return knee;
}

KneeLandmarks Knee::landmarks() const {
    const KneeShape& s = *shape_;
    const Eigen::Isometry3d knee_from_patella = s.patella_from_knee.inverse();
    const Eigen::Isometry3d knee_from_tibia = s.tibia_from_knee.inverse();
    const double recess = s.recess_middle();
    KneeLandmarks marks;
    marks.patella_base = knee_from_patella * Point(0, s.patella_along, 0);
    marks.patella_apex = knee_from_patella * Point(0, -s.patella_along, 0);
    marks.recess = Point(0, recess_fluid_middle(s, recess), recess);
    const double groove = s.front_z + 0.35 * s.front_radius;
    marks.trochlea = Point(0, front_of_femur(s, groove), groove);
    marks.medial_joint = knee_from_tibia * Point(s.plateau_half_width, 2, 2);
    marks.lateral_joint = knee_from_tibia * Point(-s.plateau_half_width, 2, 2);
    marks.tuberosity = knee_from_tibia * Point(0, -20, -28);
    marks.popliteal = Point(17, 36, -4);
    marks.tibial_face = knee_from_tibia * Point(6, -8, -90);
    marks.tibia_axis = mirrored(knee_from_tibia.linear() * Point::UnitZ());
    marks.femur_axis = Point::UnitZ();
    for (Point* point : {&marks.patella_base, &marks.patella_apex, &marks.recess, &marks.trochlea,
                         &marks.medial_joint, &marks.lateral_joint, &marks.tuberosity,
                         &marks.popliteal, &marks.tibial_face})
        *point = mirrored(*point);
    return marks;
}

TissueField Knee::field(const Region& region, double voxel_mm, const Execution& execution) const {
    require(voxel_mm >= 0.05 && voxel_mm <= 5, "Knee::field", "voxel_mm is 0.05 to 5 mm");
    require((region.high - region.low).minCoeff() > 0, "Knee::field", "the region holds something");
    VoxelGrid grid;
    for (int a = 0; a < 3; ++a) {
        grid.size[static_cast<std::size_t>(a)] =
            static_cast<int>(std::ceil((region.high[a] - region.low[a]) / voxel_mm)) + 1;
    }
    grid.patient_from_grid.translation() = region.low;
    grid.patient_from_grid.linear() *= voxel_mm;
    return {grid,
            [this](const Eigen::Matrix3Xd& points, TissueSample* samples) {
                for (Eigen::Index i = 0; i < points.cols(); ++i)
                    samples[i] = at(points.col(i));
            },
            execution};
}

}  // namespace guide::simulate
