// SPDX-License-Identifier: Apache-2.0
#include "xray_spongiosa.hpp"

#include <guide/core/error.hpp>

#include <algorithm>
#include <cmath>

namespace guide::simulate {
namespace {

// Engineering, from how radiographs of knees look.
constexpr double kStrandMm = 1.1, kStrandLongMm = 7;  // trabeculae along the bone
constexpr double kBraceMm = 4, kBraceThickMm = 1.2;   // across it
constexpr double kPatchMm = 8;
constexpr double kFadeMm = 22;  // in which what the joint loads fades to 1/e
constexpr double kFemurScarMm = 30, kTibiaScarMm = 17, kScarMm = 0.9;

/// The bone's axis upright, and turned about it by an angle that repeats nowhere: rays along the
/// patient's axes then meet ever new parts of a noise that repeats.
Eigen::Matrix3d upright(const Eigen::Vector3d& axis) {
    const Eigen::Quaterniond turn =
        Eigen::Quaterniond::FromTwoVectors(axis.normalized(), Eigen::Vector3d::UnitZ());
    return (Eigen::AngleAxisd(0.647, Eigen::Vector3d::UnitZ()) * turn).toRotationMatrix();
}

}  // namespace

void Spongiosa::validate() const {
    const auto check = [](bool holds, const char* rule) { require(holds, "Spongiosa", rule); };
    check(joint.allFinite(), "joint is finite");
    check(shank_axis.allFinite() && shank_axis.norm() > 1e-6, "shank_axis is a direction");
    check(unevenness >= 0 && unevenness <= 2, "unevenness is 0 to 2");
}

SpongyBone::SpongyBone(const Spongiosa& spongiosa)
    : is_(spongiosa),
      noise_(spongiosa.seed ^ 0x73706F6E67ULL),
      thigh_{upright(Eigen::Vector3d::UnitZ()), kFemurScarMm},
      shank_{upright(spongiosa.shank_axis), kTibiaScarMm},
      kneecap_{upright(Eigen::Vector3d::UnitZ()), 0} {
    spongiosa.validate();
}

const SpongyBone::Course& SpongyBone::course_of(Tissue bone) const {
    if (bone == Tissue::femur) return thigh_;
    return bone == Tissue::patella ? kneecap_ : shank_;
}

float SpongyBone::density(Tissue bone, const Eigen::Vector3d& point) const {
    if (is_.unevenness == 0) return 1;
    const Course& course = course_of(bone);
    const Eigen::Vector3d own = course.own_from_patient * (point - is_.joint);
    const auto noise_at = [&](double across, double along) {
        return static_cast<double>(noise_.at(
            (own.array() / Eigen::Array3d(across, across, along)).cast<float>().matrix()));
    };
    double rises = 0.85 * noise_at(kStrandMm, kStrandLongMm) +
                   0.2 * noise_at(kBraceMm, kBraceThickMm) + 0.2 * noise_at(kPatchMm, kPatchMm);
    double level = 1;
    if (course.scar_mm > 0) {
        // Between the condyles and the shaft's marrow.
        const double away = std::abs(own.z());
        level = 0.65 + 0.75 * std::exp(-away / kFadeMm);
        // A wavy sheet that is there in patches.
        const double off = (away - course.scar_mm - 1.2 * noise_at(14, 1e6)) / kScarMm;
        if (std::abs(off) < 3)
            rises += 0.55 * std::exp(-0.5 * off * off) * std::max(0.0, 1 + noise_at(6, 1e6));
    }
    const double dense = 1 + is_.unevenness * (level * (1 + rises) - 1);
    return static_cast<float>(std::clamp(dense, 0.2, 1.7));
}

}  // namespace guide::simulate
