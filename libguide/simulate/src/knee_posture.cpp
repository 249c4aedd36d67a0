// SPDX-License-Identifier: Apache-2.0
// Where tibia and patella lie at a flexion: as near the femur as cartilages and tendon let them.
#include "knee_shape.hpp"

#include <numbers>

namespace guide::simulate {
namespace {

constexpr double kDegree = std::numbers::pi / 180;

/// Largest move `t` along `direction`, found by bisection, for which `gap(t)` is still `wanted`;
/// `gap` falls with t.
template <class Gap>
double meet(Gap gap, double wanted, double low, double high) {
    for (int i = 0; i < 40; ++i) {
        const double middle = 0.5 * (low + high);
        (gap(middle) > wanted ? low : high) = middle;
    }
    return low;
}

/// Bends the tibia about the axis through the back circles and lets it come up to the femur until
/// the gap under each condyle is that of both cartilages.
void place_tibia(KneeShape& s, double flexion) {
    const auto placed = [&](double down, double tilt) {
        // The tibia's own origin lies in the middle of its plateau.
        Eigen::Isometry3d knee_from_tibia = Eigen::Isometry3d::Identity();
        const Point axis(0, s.back_y, s.back_z);
        knee_from_tibia.translate(axis);
        knee_from_tibia.rotate(Eigen::AngleAxisd(flexion, Point::UnitX()));
        knee_from_tibia.translate(Point(0, s.plateau_behind - s.back_y, -down));
        knee_from_tibia.rotate(Eigen::AngleAxisd(tilt, Point::UnitY()));
        return knee_from_tibia;
    };
    const auto gap = [&](const Eigen::Isometry3d& knee_from_tibia, double side) {
        double least = 1e9;
        for (double x = -9; x <= 9; x += 1.5) {
            for (double y = -18; y <= 22; y += 1.5) {
                const double u = side * s.condyle_at + x;
                least =
                    std::min(least, femur(s, knee_from_tibia * Point(u, y, plateau_at(s, u, y))));
            }
        }
        return least;
    };
    const double full = s.cartilage_femur + s.cartilage_tibia + 0.6;
    const double medial = std::max(0.05, full * (1 - s.loss_medial));
    const double lateral = std::max(0.05, full * (1 - s.loss_lateral));
    double tilt = 0, down = 0;
    for (int round = 0; round < 6; ++round) {
        down = -meet([&](double up) { return gap(placed(-up, tilt), 1); }, medial, -60, -5);
        const double missing = lateral - gap(placed(down, tilt), -1);
        // Turning about y lowers the lateral side (x < 0) against the medial one.
        tilt += -missing / (2 * s.condyle_at);
    }
    s.tibia_from_knee = placed(down, tilt).inverse();
}

/// The patella at an angle about the trochlea, as near as the cartilages let it.
Eigen::Isometry3d patella_at(const KneeShape& s, double angle) {
    const double lean = 0.86 * angle - 3 * kDegree;
    const Point outward(0, -std::cos(angle), std::sin(angle));
    Eigen::Isometry3d knee_from_patella = Eigen::Isometry3d::Identity();
    knee_from_patella.linear().col(0) = Point::UnitX();
    knee_from_patella.linear().col(1) = Point(0, std::sin(lean), std::cos(lean));
    knee_from_patella.linear().col(2) = Point(0, -std::cos(lean), std::sin(lean));
    const Point centre(0, s.front_y, s.front_z);
    const auto gap = [&](double inward) {
        double least = 1e9;
        for (double x = -15; x <= 15; x += 2.5) {
            for (double y = -14; y <= 14; y += 3.5) {
                const Point facet(x, y, patella_back(s, x, y));
                least = std::min(least, femur(s, centre - inward * outward +
                                                     knee_from_patella.linear() * facet));
            }
        }
        return least;
    };
    const double wanted = s.cartilage_femur + s.cartilage_patella + 0.4;
    const double inward = meet(gap, wanted, -80, 0);
    knee_from_patella.translation() = centre - inward * outward;
    return knee_from_patella;
}

/// Where the patellar tendon, which does not stretch, holds it.
void place_patella(KneeShape& s) {
    const auto reach = [&](double lower) {
        s.patella_from_knee = patella_at(s, -lower).inverse();
        return (tendon_upper_end(s) - tendon_lower_end(s)).norm();
    };
    meet(reach, s.patellar_tendon_length, -60 * kDegree, 95 * kDegree);
}

}  // namespace

Point tendon_upper_end(const KneeShape& s) {
    return s.patella_from_knee.inverse() *
           Point(0, -0.85 * s.patella_along, 0.25 * s.patella_thick);
}

Point tendon_lower_end(const KneeShape& s) {
    return s.tibia_from_knee.inverse() * Point(0, -22.5 * s.size, -28 * s.size);
}

void bend(KneeShape& s, double flexion_deg) {
    place_tibia(s, flexion_deg * kDegree);
    place_patella(s);
}

}  // namespace guide::simulate
