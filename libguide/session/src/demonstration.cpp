// SPDX-License-Identifier: Apache-2.0
#include "body.hpp"

#include <guide/plan/plan.hpp>
#include <guide/session/demonstration.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace guide::session {
namespace {

using Eigen::Vector3d;
using Events = std::vector<Event>;

constexpr double kDegree = std::numbers::pi / 180;
constexpr double kHub = 6;  // mm of the needle that stay outside
constexpr int kPause = kTicksPerSecond / 2;

/// An entry and a target, both patient mm, and the needle for it.
struct Aim {
    std::string needle;
    PlaceNeedle place;
    Vector3d target;
};

Aim aim_of(const LessonRun& run, const plan::Candidate& path, const std::string& needle) {
    const Pose& pose = run.state().patient_from_probe;
    const auto in_probe = [&](PixelPoint p) -> Vector3d {
        return pose.inverse() * simulate::patient_point(run.scanner(), pose, p);
    };
    Vector3d entry = in_probe(path.entry);
    entry.z() += path.out_of_plane_mm.value_or(0);
    const Vector3d target = in_probe(path.target), way = target - entry;
    Aim aim{needle, {target.x(), target.y(), target.z(), 0, 0}, pose * target};
    aim.place.angle_deg = std::asin(std::clamp(way.y() / way.norm(), -1.0, 1.0)) / kDegree;
    aim.place.heading_deg = std::atan2(way.z(), way.x()) / kDegree;
    return aim;
}

Expected<Aim> plan_aim(const LessonRun& run) {
    const Lesson& lesson = run.lesson();
    const Anatomy anatomy = run.truth();
    plan::PlanOptions options;
    options.approach = lesson.approaches.front();
    Reason why{"no-path", "The planner found no path."};
    for (const std::string& name : lesson.needles) {
        options.needle = plan::parse_needle(name).value();
        const plan::Plan plan = plan::plan_trajectories(anatomy, options);
        if (plan.reason) why = *plan.reason;
        for (const plan::Candidate& path : plan.candidates) {
            Aim aim = aim_of(run, path, name);
            // The planner takes the skin for flat beside the probe; a hand goes by the skin.
            const auto entry = run.entry_of(aim.place);
            if (entry && (aim.target - *entry).norm() < options.needle.length_mm - kHub) return aim;
            why = entry ? Reason{"needle-length", "Every needle is too short."} : entry.error();
        }
    }
    return tl::unexpected(why);
}

/// How far to the right of the picture's middle the joint space lies.
double off_middle_mm(const LessonRun& run) {
    const Anatomy anatomy = run.truth();
    if (!anatomy.joint_space) return 0;
    double left = 1e9, right = -1e9;
    for (const PixelPolygon& outline : anatomy.joint_space->contours) {
        for (const PixelPoint p : outline) {
            left = std::min(left, p.x);
            right = std::max(right, p.x);
        }
    }
    const auto& picture = run.scanner().picture;
    return picture.spacing.x_mm * 0.5 * (left + right - (picture.width - 1));
}

double step_to(double from, double to, double most) {
    return std::clamp(to - from, -most, most);
}

}  // namespace

struct Demonstration::State {
    State(LessonRun& lesson, Skill how) : run(lesson), skill(how) {}

    Events next() {
        if (run.state().ending) return {};
        if (pause-- > 0) return {};
        pause = 0;
        return skill == Skill::good ? good() : poor();
    }

    LessonRun& run;
    Skill skill;
    std::optional<Reason> reason;

  private:
    enum class Step { centre, slide, choose, aim, advance, turn, again, act };

    Events act() {
        if (run.lesson().goal == Goal::inject) return {Inject{}};
        return {Finish{}};
    }

    Events give_up(const Reason& why) {
        reason = why;
        return {GiveUp{}};
    }

    /// Slides the probe to the textbook's place as a hand does: 10 mm and 20 degrees a second.
    Events centre() {
        const simulate::ProbeOffset& at = run.state().probe;
        const simulate::ProbeOffset by{step_to(at.along_mm, 0, 0.5), step_to(at.across_mm, 0, 0.5),
                                       step_to(at.turn_deg, 0, 1), step_to(at.tilt_deg, 0, 1),
                                       step_to(at.rock_deg, 0, 1)};
        if (by.along_mm == 0 && by.across_mm == 0 && by.turn_deg == 0 && by.tilt_deg == 0 &&
            by.rock_deg == 0) {
            step = run.lesson().goal == Goal::find_view ? Step::slide : Step::choose;
            pause = kPause;
            return {};
        }
        return {MoveProbe{by}};
    }

    /// Brings the joint space into the middle of the picture.
    Events slide() {
        if (!slide_mm) slide_mm = off_middle_mm(run);
        const double by = step_to(0, *slide_mm, 0.5);
        *slide_mm -= by;
        if (by != 0) return {MoveProbe{{by, 0, 0, 0, 0}}};
        step = Step::act;
        pause = kPause;
        return {};
    }

    Events good() {
        switch (step) {
            case Step::centre:
                return centre();
            case Step::slide:
                return slide();
            case Step::choose:
                return choose();
            case Step::advance:
                return follow();
            default:
                return act();
        }
    }

    Events choose() {
        auto found = plan_aim(run);
        if (!found) return give_up(found.error());
        aim = *found;
        step = Step::advance;
        pause = kPause;
        return {ChooseApproach{run.lesson().approaches.front()}, ChooseNeedle{aim->needle},
                aim->place};
    }

    /// 5 mm a second, as long as the tip is where it should be.
    Events follow() {
        const auto& needle = run.state().inserted;
        if (!needle) return give_up({"no-entry", "The needle cannot be set there."});
        const double left = (aim->target - needle->tip).dot(needle->direction);
        const bool stopped = needle->bone_mm <= 0 || needle->inserted_mm == last_depth;
        last_depth = needle->inserted_mm;
        if (left <= 0.01 || stopped) {
            step = Step::act;
            pause = kPause;
            return {};
        }
        return {PushNeedle{std::min(left, 0.25)}};
    }

    Events poor() {
        if (run.lesson().goal == Goal::find_view) return act();
        const auto& needle = run.state().inserted;
        switch (step) {
            case Step::centre:
                step = Step::advance;
                return {MoveProbe{{0, 4, 0, 0, 0}}, place(-1, 60)};
            case Step::advance:
                return stab(Step::turn);
            case Step::turn:
                // Turned while deep, and pushed on.
                if (++turns == 1) return {PushNeedle{-6}};
                if (turns > 6) {
                    step = Step::again;
                    return {PushNeedle{8}};
                }
                return {TiltNeedle{-3, 3}};
            case Step::again:
                if (needle && needle->inserted_mm > 0) return {RemoveNeedle{}};
                step = Step::aim;
                return {place(1, 70)};
            case Step::aim:
                return stab(Step::act);
            default:
                return act();
        }
    }

    Events stab(Step then) {
        const auto& needle = run.state().inserted;
        if (!needle) return give_up({"no-entry", "The needle cannot be set there."});
        const bool stopped = needle->inserted_mm == last_depth;
        last_depth = needle->inserted_mm;
        if (stopped || needle->inserted_mm > 30) {
            step = then;
            last_depth = -1;
            return {};
        }
        return {PushNeedle{2}};
    }

    /// Beside the probe's middle line, steep.
    [[nodiscard]] Event place(double side, double angle_deg) const {
        const double end = run.scanner().probe.width_mm / 2 + 8;
        return PlaceNeedle{side * end, 0, 5, angle_deg, side < 0 ? 0.0 : 180.0};
    }

    Step step = Step::centre;
    int pause = kPause, turns = 0;
    double last_depth = -1;
    std::optional<Aim> aim;
    std::optional<double> slide_mm;
};

Demonstration::Demonstration(LessonRun& run, Skill skill)
    : state_(std::make_unique<State>(run, skill)) {}
Demonstration::~Demonstration() = default;
Demonstration::Demonstration(Demonstration&&) noexcept = default;
Demonstration& Demonstration::operator=(Demonstration&&) noexcept = default;

std::vector<Event> Demonstration::next() {
    return state_->next();
}

const std::optional<Reason>& Demonstration::gave_up() const {
    return state_->reason;
}

}  // namespace guide::session
