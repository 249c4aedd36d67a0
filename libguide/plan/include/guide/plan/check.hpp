// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/plan/plan.hpp>

#include <memory>
#include <string>
#include <vector>

namespace guide::plan {

/// A path that somebody drew, px; `out_of_plane_mm` only for approaches across the plane.
struct Trajectory {
    PixelPoint entry, target;
    double out_of_plane_mm = 0;
};

/// A limit that a path breaks.
struct BrokenLimit {
    std::string code;   ///< as in Rejection
    double amount = 0;  ///< by how much, in `unit`
    std::string unit;
    std::string text;
};

struct TrajectoryCheck {
    bool allowed = false;
    Candidate path;  ///< the path with all that is known of it; its entry moved to the skin
    std::vector<BrokenLimit> broken;
};

/// Checks drawn paths in one frame: the limits, figures and words of `plan_trajectories`. Build it
/// once a frame; a check then takes some microseconds. Not for two threads at once.
class GUIDE_PLAN_EXPORT TrajectoryChecker {
  public:
    /// The reason when there is nothing to check against: no joint space, or no approach for the
    /// view. Throws PreconditionError where options.validate() has a complaint.
    [[nodiscard]] static Expected<TrajectoryChecker> make(const Anatomy& anatomy,
                                                          const PlanOptions& options = {});

    TrajectoryChecker(TrajectoryChecker&&) noexcept;
    TrajectoryChecker& operator=(TrajectoryChecker&&) noexcept;
    ~TrajectoryChecker();

    /// In ultrasound the entry is taken where the line meets the skin beside the probe, however
    /// short it was drawn; one below the probe's face or its gap is a broken limit of its own
    /// ("under-probe").
    [[nodiscard]] TrajectoryCheck check(const Trajectory& trajectory);

  private:
    struct State;
    explicit TrajectoryChecker(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

/// One check, with all that has to be made ready for it.
[[nodiscard]] GUIDE_PLAN_EXPORT Expected<TrajectoryCheck> check_trajectory(
    const Anatomy& anatomy, const Trajectory& trajectory, const PlanOptions& options = {});

}  // namespace guide::plan
