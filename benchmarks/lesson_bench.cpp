// SPDX-License-Identifier: Apache-2.0
#include "contest.hpp"

#include <guide/plan/plan.hpp>
#include <guide/render/paint.hpp>
#include <guide/render/scene.hpp>
#include <guide/segment/segment.hpp>
#include <guide/session/run.hpp>

#include <future>
#include <memory>
#include <optional>

namespace {

using namespace guide;

session::Lesson crosswise() {
    session::Lesson lesson;
    lesson.id = "bench";
    lesson.knee.knee.effusion_mm = 7;
    lesson.knee.view = View::suprapatellar_transverse;
    lesson.approaches = {"superolateral"};
    lesson.needles = {"22G:75mm"};
    lesson.time_limit_s = 1200;
    return lesson;
}

/// A lesson as a viewer takes it: the needle goes to and fro, the probe, too, when it `moves`; each
/// picture is segmented, planned on and, when it `draws`, drawn at 800x600 with what was found.
struct Loop {
    Loop(const bench::Case& c, bool probe_moves, bool pipeline, bool drawn)
        : moves(probe_moves), overlaps(pipeline), draws(drawn), execution{c.threads, {}} {
        restart();
    }
    void restart() {
        run = std::make_unique<session::LessonRun>(
            session::LessonRun::make(crosswise(), execution).value());
        (void)run->tick(std::vector<session::Event>{session::PlaceNeedle{-10, 15, 0, 20, 0}});
    }
    Frame simulate() {
        if (run->state().ending) restart();
        const double to = run->state().tick % 40 < 20 ? 1 : -1;
        std::vector<session::Event> events{session::PushNeedle{to}};
        if (moves) events.emplace_back(session::MoveProbe{{0.2 * to, 0.1 * to, 0, 0.2 * to, 0}});
        run->tick(events);
        return run->frame(execution);
    }
    void look(const Frame& frame) {
        const Anatomy anatomy =
            segment::find_anatomy(frame, {View::suprapatellar_transverse}, execution);
        plan::PlanOptions options;
        options.needle = needle;
        found = anatomy.joint_space.has_value();
        plan = plan::plan_trajectories(anatomy, options);
        if (!draws) return;
        render::SceneOptions shown;
        shown.canvas = {pixels.width(), pixels.height()};
        shown.captions = render::Captions::picture;
        const render::Scene scene(frame, anatomy, &plan, shown);
        render::paint(scene, pixels.view(), {1, {}});
    }
    /// With two threads the next picture is made while this one is looked at.
    void step() {
        if (!overlaps) {
            look(simulate());
            return;
        }
        if (!waiting) waiting = simulate();
        const Frame now = *std::move(waiting);
        auto next = std::async(std::launch::async, [this] { return simulate(); });
        look(now);
        waiting = next.get();
    }

    bool moves, overlaps, draws, found = false;
    Image<Rgb8> pixels{800, 600};
    Execution execution;
    plan::Needle needle = plan::parse_needle("22G:75mm").value();
    std::unique_ptr<session::LessonRun> run;
    std::optional<Frame> waiting;
    plan::Plan plan;
};

bench::Prepare loop(bool moves, bool overlaps, bool draws = false) {
    return [=](const bench::Case& c) {
        auto made = std::make_shared<Loop>(c, moves, overlaps, draws);
        return bench::Entry{
            .run = [made] { made->step(); },
            .check = [made]() -> std::string { return made->found ? "" : "finds no joint space"; },
            .bytes = 4.0 * (c.width * c.height)};
    };
}

const bench::Lines kSize{.sizes = {{640, 480}}};
const bench::Contest kNeedle("lesson_needle_moves", {{"guide", loop(false, false)}}, kSize);
const bench::Contest kProbe("lesson_probe_moves", {{"guide", loop(true, false)}}, kSize);
const bench::Contest kBoth("lesson_probe_moves_overlapped", {{"guide", loop(true, true)}}, kSize);
const bench::Contest kDrawn("lesson_probe_moves_drawn", {{"guide", loop(true, true, true)}}, kSize);

}  // namespace
