// SPDX-License-Identifier: Apache-2.0
#include "knee_press.hpp"

#include "distance.hpp"

#include <guide/core/error.hpp>

#include <cstddef>

namespace guide::simulate {
namespace {

constexpr double kBeside = 12;  // mm beside the face over which the shift fades
constexpr double kFade = 12;    // mm of depth in which the shift falls to 1/e
constexpr double kMost = 9;     // mm; below kFade, so that no tissue folds over

}  // namespace

Knee::Press::Press(const Knee& knee, const ProbeContact& contact)
    : patient_from_probe_(contact.patient_from_probe.motion()),
      probe_from_patient_(patient_from_probe_.inverse()),
      half_width_(contact.width_mm / 2),
      half_thickness_(contact.thickness_mm / 2),
      contact_(contact),
      columns_(static_cast<int>(2 * (half_width_ + kBeside)) + 2),
      rows_(static_cast<int>(2 * (half_thickness_ + kBeside)) + 2) {
    constexpr double kBefore = 60;
    const Eigen::Vector3d beam = patient_from_probe_.linear().col(1);
    double nearest = kMost;
    for (int r = 0; r < rows_; ++r) {
        for (int c = 0; c < columns_; ++c) {
            const double x = c - half_width_ - kBeside, z = r - half_thickness_ - kBeside;
            const Eigen::Vector3d outside = patient_from_probe_ * Eigen::Vector3d(x, -kBefore, z);
            const auto skin = knee.skin_from(outside, beam);
            const double gap =
                skin ? (*skin - outside).dot(beam) - kBefore + contact_.rise_mm(x) : kMost;
            if (std::abs(x) <= half_width_ && std::abs(z) <= half_thickness_)
                nearest = std::min(nearest, gap);
            gap_.push_back(std::clamp(gap, -kMost, kMost));
        }
    }
    require(nearest < 0, "Knee::pressed", "a face that reaches the skin");
    require(nearest > -kBefore / 2, "Knee::pressed",
            "a face outside the body (the skin is more than 30 mm above it)");
}

double Knee::Press::gap_at(double x, double z) const {
    const double u = std::clamp(x + half_width_ + kBeside, 0.0, columns_ - 1.001);
    const double v = std::clamp(z + half_thickness_ + kBeside, 0.0, rows_ - 1.001);
    const int i = static_cast<int>(u), j = static_cast<int>(v);
    const auto at = [&](int c, int r) {
        return gap_[static_cast<std::size_t>(r) * static_cast<std::size_t>(columns_) +
                    static_cast<std::size_t>(c)];
    };
    const double fu = u - i, fv = v - j;
    return (1 - fv) * ((1 - fu) * at(i, j) + fu * at(i + 1, j)) +
           fv * ((1 - fu) * at(i, j + 1) + fu * at(i + 1, j + 1));
}

Eigen::Vector3d Knee::Press::unpressed(const Eigen::Vector3d& point) const {
    Eigen::Vector3d p = probe_from_patient_ * point;
    const double aside = std::hypot(std::max(0.0, std::abs(p.x()) - half_width_),
                                    std::max(0.0, std::abs(p.z()) - half_thickness_));
    if (aside >= kBeside || p.y() > 8 * kFade || p.y() < -60) return point;
    const double depth = p.y() + contact_.rise_mm(p.x());
    const double share =
        (1 - step_between(0, kBeside, aside)) * std::exp(-std::max(depth, 0.0) / kFade);
    p.y() += share * gap_at(p.x(), p.z());
    return patient_from_probe_ * p;
}

}  // namespace guide::simulate
