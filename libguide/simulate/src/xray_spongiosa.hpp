// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "us_texture.hpp"

#include <guide/simulate/fluoroscopy.hpp>

#include <Eigen/Core>

namespace guide::simulate {

/// How dense spongy bone is from place to place, against its mean: trabeculae along the bone with
/// braces across, denser towards the joint, and the scar of the growth plate.
class SpongyBone {
  public:
    explicit SpongyBone(const Spongiosa& spongiosa);
    /// 0.2 to 1.7; patient mm.
    [[nodiscard]] float density(Tissue bone, const Eigen::Vector3d& point) const;

  private:
    /// A bone's own directions.
    struct Course {
        Eigen::Matrix3d own_from_patient;
        double scar_mm;  ///< of the growth plate from the joint, 0: none
    };
    [[nodiscard]] const Course& course_of(Tissue bone) const;

    Spongiosa is_;
    NoiseVolume noise_;
    Course thigh_, shank_, kneecap_;
};

}  // namespace guide::simulate
