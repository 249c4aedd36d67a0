// SPDX-License-Identifier: Apache-2.0
// Cartilage, menisci and the film of fluid between them.
#include "knee_layers.hpp"

namespace guide::simulate {
namespace {

double side_loss(const KneeShape& s, double x) {
    return x > 0 ? s.loss_medial : s.loss_lateral;
}

/// The part of the femur that carries cartilage: negative inside.
double articular(const KneeShape& s, const Point& p) {
    const double top = p.y() < 0 ? p.z() - s.trochlea_top : p.z() - 18;
    return std::max(top, std::abs(p.x()) - s.condyle_at - s.condyle_half_width + 1);
}

double meniscus(const KneeShape& s, const Point& q, double above) {
    const double side = std::abs(q.x()) - s.condyle_at;
    const double radius = std::hypot(side, (q.y() - 4) / 1.1);
    const double wedge = above - 1.2 - 0.55 * (radius - 6);
    return 0.85 * std::max({6 - radius, radius - 14.5, wedge, 9 - std::abs(q.x()), -above});
}

}  // namespace

void offer_cartilage(const KneeShape& s, const Point& p, const BoneDistances& bones,
                     Layers& layers) {
    if (bones.femur < 12) {
        const double thickness =
            s.cartilage_femur * (1 - side_loss(s, p.x()) * step_between(0, -12, p.z()));
        layers.offer(Tissue::cartilage, std::max(bones.femur - thickness, articular(s, p)));
    }
    if (bones.patella < 12) {
        const Point q = s.patella_from_knee * p;
        layers.offer(Tissue::cartilage, std::max({bones.patella - s.cartilage_patella, q.z() + 2,
                                                  std::abs(q.y()) - 0.72 * s.patella_along}));
    }
    if (bones.tibia < 12) {
        const Point q = s.tibia_from_knee * p;
        const double above = q.z() - plateau_at(s, q.x(), q.y());
        const double outline =
            ellipse(q.x(), q.y() - 4, s.plateau_half_width - 3, s.plateau_half_depth - 3);
        const double thickness = s.cartilage_tibia * (1 - side_loss(s, q.x()));
        layers.offer(Tissue::cartilage,
                     std::max({above - thickness, outline, 7 - std::abs(q.x()), -above - 1}));
        layers.offer(Tissue::meniscus, meniscus(s, q, above));
        layers.offer(Tissue::joint_fluid,
                     std::max({bones.tibia - 6, bones.femur - 6,
                               ellipse(q.x(), q.y() - 4, s.plateau_half_width - 1,
                                       s.plateau_half_depth - 1)}));
    }
    // Between patella and femur a film.
    layers.offer(Tissue::joint_fluid, std::max(bones.patella - s.cartilage_patella - 0.6,
                                               bones.femur - s.cartilage_femur - 0.6));
}

}  // namespace guide::simulate
