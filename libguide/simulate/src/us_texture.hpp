// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/simulate/tissue.hpp>

#include <Eigen/Geometry>

#include <array>
#include <cstdint>
#include <vector>

namespace guide::simulate {

/// A smooth random field that repeats: close to normal, mean 0, variance 1. Lengths are those of
/// its features, so `at` of points 1 apart is nearly independent.
class NoiseVolume {
  public:
    explicit NoiseVolume(std::uint64_t seed);
    [[nodiscard]] float at(const Eigen::Vector3f& point) const;

  private:
    static constexpr int kSize = 64, kFeature = 4;
    std::vector<float> values_;
};

/// Sheets of connective tissue within a tissue, one upon the other: septa of fat, perimysium,
/// fibrils of tendon. Wavy, they come and go along themselves.
struct Lamellae {
    enum class Along { none, boundary, axis };

    Along along = Along::none;  ///< stacked from the tissue's boundary, or outwards from the z axis
    float period_mm = 1;
    float slant = 0;     ///< stacked along the z axis as well: pennate muscle
    float waviness = 0;  ///< periods
    Eigen::Vector3f feature_mm = Eigen::Vector3f::Ones();  ///< of waves and gaps, along x, y, z
    float reflection = 0;                                  ///< of amplitude
    float share = 0;  ///< mean of how much of a sheet is there, in spreads about it; 0: as often of
                      ///< one sign as of the other, as fibrils are
};

/// How a tissue is built.
struct Layers {
    std::array<Lamellae, 2> septa;  ///< few and bright
    Lamellae fibres;                ///< fine
    float ground = 1;               ///< scatter between the sheets, share of the tissue's
    float mottle = 0;               ///< how scatter comes and goes, share of the mean
    Eigen::Vector3f mottle_mm = Eigen::Vector3f::Ones();
};

[[nodiscard]] const Layers& layers_of(Tissue tissue);

/// The direction of a tissue's fibres where its surface has this normal: along the limb, in the
/// surface. Patient space, unit vectors.
[[nodiscard]] Eigen::Vector3d fibres_along(const Eigen::Vector3d& normal);

}  // namespace guide::simulate
