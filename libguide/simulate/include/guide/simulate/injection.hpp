// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/execution.hpp>
#include <guide/simulate/export.hpp>
#include <guide/simulate/knee.hpp>

#include <Eigen/Core>

#include <optional>

namespace guide::simulate {

/// Fluid that was injected into soft tissue: an ellipsoid about the needle's tip. It pushes the
/// tissue about it away, each shell keeping its volume; bone and cartilage stay.
struct FluidPool {
    Eigen::Vector3d centre = Eigen::Vector3d::Zero();  ///< patient mm
    Eigen::Vector3d thin = Eigen::Vector3d::UnitY();   ///< unit vector across the layers
    double radius_mm = 0;                              ///< of the ball of the same volume

    /// What lies at a point of a knee with this pool: `water` in it.
    [[nodiscard]] GUIDE_SIMULATE_EXPORT TissueSample at(const Knee& knee,
                                                        const Eigen::Vector3d& point) const;
};

/// A knee during an injection.
struct InjectedKnee {
    Knee knee;                      ///< its recess opened, or as it was
    std::optional<FluidPool> pool;  ///< where the needle missed the joint
    double recess_ml = 0;           ///< joint fluid in and about the suprapatellar recess
    double pool_ml = 0;

    [[nodiscard]] TissueSample at(const Eigen::Vector3d& point) const {
        return pool ? pool->at(knee, point) : knee.at(point);
    }
};

/// Where a needle's fluid goes.
enum class InjectionSite { recess, soft_tissue };

/// Fluid from a needle's tip: it opens the suprapatellar recess, first about the tip, evenly from 6
/// ml on, or makes a pool in soft tissue. The thickness in the midline is solved for so that the
/// recess, by its own shape, holds what it held and the injected volume more, to 1 % (unpressed:
/// a probe that presses drives nothing out).
class GUIDE_SIMULATE_EXPORT Injection {
  public:
    /// `total_ml` is above 0, to 100; `thin` see FluidPool. Throws PreconditionError for others,
    /// and where the recess, 20 mm thick, does not hold them.
    Injection(const KneeParameters& knee, InjectionSite site, const Eigen::Vector3d& tip,
              const Eigen::Vector3d& thin, double total_ml, const Execution& execution = {});

    [[nodiscard]] InjectionSite site() const { return site_; }

    /// The knee after 0 to total_ml. Takes some tenths of a second.
    [[nodiscard]] InjectedKnee after(double ml, const Execution& execution = {}) const;

  private:
    [[nodiscard]] InjectedKnee opened(double ml, const Execution& execution) const;
    [[nodiscard]] FluidPool pool_of(double ml) const;

    KneeParameters parameters_;
    Knee knee_;
    InjectionSite site_;
    Eigen::Vector3d tip_, thin_;
    double total_ml_, before_ml_;
};

/// Joint fluid in and about the suprapatellar recess, ml: thickness from front to back, integrated
/// over columns 2 mm apart.
[[nodiscard]] GUIDE_SIMULATE_EXPORT double recess_fluid_ml(const Knee& knee,
                                                           const Execution& execution = {});

}  // namespace guide::simulate
