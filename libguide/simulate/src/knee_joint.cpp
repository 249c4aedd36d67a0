// SPDX-License-Identifier: Apache-2.0
// Cartilage, menisci and the film of fluid between them.
#include "knee_layers.hpp"

namespace guide::simulate {
namespace {

double side_loss(const KneeShape& s, double x) {
    return x > 0 ? s.loss_medial : s.loss_lateral;
}

/// The part of the femur that carries cartilage: negative inside. In front its two facets alone,
/// which reach less far medially.
double articular(const KneeShape& s, const Point& p) {
    const double top = p.y() < 0 ? p.z() - s.trochlea_top : p.z() - 18;
    const double facet = s.groove_half_width * (p.x() > 0 ? 1.2 : 1.5);
    const double condyle = s.condyle_at + s.condyle_half_width - 1;
    const double side = facet + (condyle - facet) * step_between(-22 * s.size, 4 * s.size, p.y());
    return std::max(top, std::abs(p.x()) - side);
}

/// Way from the middle of a plateau, as far behind as beside.
double from_plateau_middle(const KneeShape& s, const Point& q) {
    return std::hypot(std::abs(q.x()) - s.condyle_at, (q.y() - 4) / 1.1);
}

/// How far the capsule's folds over the menisci are open: shut in a dry knee.
double fold_at_menisci(const KneeShape& s) {
    return 3 * step_between(0.5, 8, s.effusion);
}

/// Of the tibia: thicker where no meniscus lies, up to the femur's.
double tibial_cartilage(const KneeShape& s, const Point& q, double above, double off_femoral) {
    const double thickness = s.cartilage_tibia * (1 - side_loss(s, q.x()));
    const double outline =
        ellipse(q.x(), q.y() - 4, s.plateau_half_width - 3, s.plateau_half_depth - 3);
    const double thicker =
        std::max({above - 1.6 * thickness, from_plateau_middle(s, q) - 8, 0.4 - off_femoral});
    return std::max(
        {std::min(above - thickness, thicker), outline, 7 - std::abs(q.x()), -above - 1});
}

/// A wedge on the margin of the plateau that lies close to the femur's cartilage.
double meniscus(const KneeShape& s, const Point& q, double above, double off_femoral) {
    const double radius = from_plateau_middle(s, q);
    const double apart = 0.25 * fold_at_menisci(s) - off_femoral;
    return 0.8 * std::max({6 - radius, radius - 15, above - 8, apart, 9 - std::abs(q.x()), -above});
}

/// Fluid of the joint line: a film where the cartilages touch, the notch, and the folds, which
/// reach up beside the condyles.
double joint_line_fluid(const KneeShape& s, const Point& q, const BoneDistances& bones,
                        double off_femoral) {
    const double within =
        std::max(bones.femur - 6,
                 ellipse(q.x(), q.y() - 4, s.plateau_half_width - 1, s.plateau_half_depth - 1));
    const double middle =
        std::max(bones.tibia - 6, std::min(from_plateau_middle(s, q) - 8, std::abs(q.x()) - 9));
    const double fold = std::max(bones.tibia - 11, off_femoral - fold_at_menisci(s));
    return std::max(within, std::min(middle, fold));
}

}  // namespace

void offer_cartilage(const KneeShape& s, const Point& p, const BoneDistances& bones,
                     Layers& layers) {
    const double femoral =
        s.cartilage_femur * (1 - side_loss(s, p.x()) * step_between(0, -12, p.z()));
    if (bones.femur < 12) {
        layers.offer(Tissue::cartilage, smooth_common(bones.femur - femoral, articular(s, p), 3));
    }
    if (bones.patella < 12) {
        const Point q = s.patella_from_knee * p;
        layers.offer(Tissue::cartilage, std::max({bones.patella - s.cartilage_patella, q.z() + 2,
                                                  std::abs(q.y()) - 0.72 * s.patella_along}));
    }
    if (bones.tibia < 12) {
        const Point q = s.tibia_from_knee * p;
        const double above = q.z() - plateau_at(s, q.x(), q.y());
        const double off_femoral = bones.femur - femoral;
        layers.offer(Tissue::cartilage, tibial_cartilage(s, q, above, off_femoral));
        layers.offer(Tissue::meniscus, meniscus(s, q, above, off_femoral));
        layers.offer(Tissue::joint_fluid, joint_line_fluid(s, q, bones, off_femoral));
    }
    // Between patella and femur a film.
    layers.offer(Tissue::joint_fluid, std::max(bones.patella - s.cartilage_patella - 0.6,
                                               bones.femur - s.cartilage_femur - 0.6));
}

}  // namespace guide::simulate
