// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/plan/check.hpp>
#include <guide/plan/plan.hpp>
#include <guide/plan/volume_scene.hpp>

#include <Eigen/Core>

#include <memory>
#include <vector>

namespace guide::plan {

/// A path that somebody drew, patient mm (LPS).
struct PatientTrajectory {
    Eigen::Vector3d entry_mm, target_mm;
};

/// Plans in one label volume for one set of options. Built once (some tens of milliseconds: the
/// joint space is blurred by the error of aim); then a plan takes some tens of milliseconds, a
/// check some microseconds. It can be used from several threads.
///
/// The limits, preferences, words and figures are those of plan_trajectories. Entries lie on the
/// skin, which is the border between tissue and air. The angle is that to the face of the probe
/// that the approach's view asks for (in front for suprapatellar views, behind, or on the medial or
/// lateral side), and an approach's side bounds where in that face the needle comes from. There is
/// no surest point: targets are chosen by score. Depth is that below the nearest skin. Not planned:
/// where the probe stands, and what it shows.
class GUIDE_PLAN_EXPORT VolumePlanner {
  public:
    /// The reason when no approach can be planned in the volume: "wrong-view", "no-laterality",
    /// "no-approach". Throws PreconditionError where options.validate() has a complaint. The same
    /// for any number of threads.
    [[nodiscard]] static Expected<VolumePlanner> make(const VolumeScene& scene,
                                                      const PlanOptions& options = {});

    [[nodiscard]] Plan plan() const;

    /// The approach is the one that is planned first. The entry is taken where the line meets the
    /// skin.
    [[nodiscard]] TrajectoryCheck check(const PatientTrajectory& trajectory) const;

    /// What would make a path possible where the plan is refused; empty where nothing helps.
    [[nodiscard]] std::vector<Remedy> remedies() const;

  private:
    struct State;
    explicit VolumePlanner(std::shared_ptr<const State> state) : state_(std::move(state)) {}
    std::shared_ptr<const State> state_;
};

/// One plan, with all that has to be made ready for it: as VolumePlanner, but a planner that cannot
/// be made gives a refused plan.
[[nodiscard]] GUIDE_PLAN_EXPORT Plan plan_volume(const VolumeScene& scene,
                                                 const PlanOptions& options = {});

}  // namespace guide::plan
