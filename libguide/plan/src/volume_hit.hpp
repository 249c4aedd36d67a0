// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "volume_data.hpp"

#include <guide/plan/uncertainty.hpp>

#include <Eigen/Core>

#include <vector>

namespace guide::plan {

/// Covariance of the tip about its target, mm^2: the terms of tip_covariance in three dimensions.
/// `out` and `face` are unit vectors; the error of the speed of sound lies along `face`.
[[nodiscard]] Eigen::Matrix3d volume_tip_covariance(const Eigen::Vector3d& out, double length_mm,
                                                    const Eigen::Vector3d& face,
                                                    const Needle& needle, const TipErrors& errors);

/// Probability that a normally distributed tip lies in the joint space's voxels: exact along rows,
/// by midpoints across them, error below 1e-3.
[[nodiscard]] double volume_hit_probability(const VolumeData& data, const Eigen::Vector3d& aim,
                                            const Eigen::Matrix3d& covariance);

/// The same, fast, for errors that are nearly the same in all directions: the joint space is
/// blurred once by the round part; the rest comes by values on both sides (third-degree cubature).
class HitField {
  public:
    HitField(const VolumeData& data, double round_sigma_mm);

    /// For an error of the round part alone.
    [[nodiscard]] double round(const Eigen::Vector3d& aim) const;
    /// `covariance` is that of all errors.
    [[nodiscard]] double at(const Eigen::Vector3d& aim, const Eigen::Vector3d& out,
                            double along_variance, double aside_variance,
                            const Eigen::Vector3d& face, double depth_variance) const;

  private:
    VoxelFrame frame_;
    std::vector<float> values_;
};

}  // namespace guide::plan
