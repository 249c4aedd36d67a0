// SPDX-License-Identifier: Apache-2.0
#include "choose_approach.hpp"
#include "describe.hpp"
#include "limit_text.hpp"
#include "quarter_turn.hpp"

#include <guide/core/error.hpp>
#include <guide/plan/check.hpp>

#include <cmath>
#include <limits>

namespace guide::plan {
namespace {

/// Where the line of a drawn path meets the skin line; the drawn entry where it does not.
MmPoint on_skin(const Scene& scene, MmPoint entry, MmPoint target) {
    const MmVector face = scene.right - scene.left, way = target - entry;
    const double crossing = cross(face, way);
    if (std::abs(crossing) < 1e-9 * length(face) * length(way)) return entry;
    const double t = cross(scene.left - entry, face) / cross(way, face);
    return t < 1 ? lerp(entry, target, t) : entry;
}

}  // namespace

struct TrajectoryChecker::State {
    State(const Anatomy& a, const PlanOptions& o, const Approach& p)
        : turn(QuarterTurn::upright(a)),
          anatomy(turn.none() ? a : turn.turned(a)),
          options(o),
          approach(p),
          scene(make_scene(anatomy)),
          ruler(scene, approach, options, widest_place(scene, approach)),
          preferences(ruler) {}

    QuarterTurn turn;  // as the planner turns a leg that lies
    Anatomy anatomy;
    PlanOptions options;
    Approach approach;
    Scene scene;
    Ruler ruler;
    Preferences preferences;
    Measures measures;
};

TrajectoryChecker::TrajectoryChecker(std::unique_ptr<State> state) : state_(std::move(state)) {}
TrajectoryChecker::TrajectoryChecker(TrajectoryChecker&&) noexcept = default;
TrajectoryChecker& TrajectoryChecker::operator=(TrajectoryChecker&&) noexcept = default;
TrajectoryChecker::~TrajectoryChecker() = default;

Expected<TrajectoryChecker> TrajectoryChecker::make(const Anatomy& anatomy,
                                                    const PlanOptions& options) {
    if (const auto valid = options.validate(); !valid)
        throw PreconditionError("TrajectoryChecker", valid.error().text);
    const auto approaches = approaches_to_try(anatomy.view, options);
    if (!approaches) return tl::unexpected(approaches.error());
    if (!anatomy.joint_space) return tl::unexpected(anatomy.joint_space.error());
    return TrajectoryChecker(std::make_unique<State>(anatomy, options, *approaches->front()));
}

TrajectoryCheck TrajectoryChecker::check(const Trajectory& trajectory) {
    State& s = *state_;
    Path path;
    path.entry = to_mm(s.turn.turn(trajectory.entry), s.scene.unit);
    path.target = to_mm(s.turn.turn(trajectory.target), s.scene.unit);
    path.off_plane = trajectory.out_of_plane_mm;
    const double pixel = std::max(s.scene.unit.x_mm, s.scene.unit.y_mm);
    path.to_surest = s.approach.target == TargetRule::surest_first &&
                     distance(path.target, s.scene.surest) < 0.5 * pixel;
    TrajectoryCheck result;
    const MmVector face = s.scene.right - s.scene.left;
    if (s.approach.entry == EntryRule::beside_probe) {
        path.entry = on_skin(s.scene, path.entry, path.target);
        const double width = length(face);
        const double at = dot(face, path.entry - s.scene.left) / width;
        path.from_left = at < width / 2;
        const double beyond = std::max(-at, at - width);
        const double gap =
            s.scene.calibrated ? s.options.probe_gap_mm : s.options.probe_gap_mm * width / 50;
        if (beyond < gap - 1e-9) {
            result.broken.push_back(
                {"under-probe", gap - beyond, s.scene.calibrated ? "mm" : "px",
                 "Enters below the probe, or nearer to it than the gap that its "
                 "housing and the sterile cover need."});
        }
    } else {
        path.from_left = path.entry.x < path.target.x;
    }
    s.ruler.measure(path, s.ruler.measure_target(path.target),
                    std::numeric_limits<double>::infinity(), s.measures);
    for (const Breach& breach : s.ruler.breaches(path, s.measures)) {
        result.broken.push_back({code_of(breach, s.scene), breach.amount, unit_of(breach, s.scene),
                                 sentence_of(breach, s.ruler)});
    }
    result.path = describe(path, s.ruler, s.preferences, s.anatomy);
    if (!s.turn.none()) s.turn.turn_back(result.path, s.approach.entry);
    result.allowed = result.broken.empty();
    return result;
}

Expected<TrajectoryCheck> check_trajectory(const Anatomy& anatomy, const Trajectory& trajectory,
                                           const PlanOptions& options) {
    auto checker = TrajectoryChecker::make(anatomy, options);
    if (!checker) return tl::unexpected(checker.error());
    return checker->check(trajectory);
}

}  // namespace guide::plan
