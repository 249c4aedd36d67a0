// SPDX-License-Identifier: Apache-2.0
#include "lessons.hpp"

#include <guide/core/error.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace guide;
using namespace guide::session;

namespace {

bool warned(const LessonState& state, const std::string& code) {
    return std::any_of(state.warnings.begin(), state.warnings.end(),
                       [&](const Reason& r) { return r.code == code; });
}

const LessonState& tick(LessonRun& run, const Event& event) {
    return run.tick(std::span(&event, 1));
}

/// Pushes until nothing gives way any more.
void push_all_the_way(LessonRun& run) {
    double before = -1;
    while (run.state().inserted->inserted_mm != before) {
        before = run.state().inserted->inserted_mm;
        tick(run, PushNeedle{2});
    }
}

double mean_about(const Frame& frame, PixelPoint p) {
    double sum = 0;
    for (int y = -2; y <= 2; ++y) {
        for (int x = -2; x <= 2; ++x)
            sum += static_cast<double>(
                frame.intensity.at(static_cast<int>(p.x) + x, static_cast<int>(p.y) + y));
    }
    return sum / 25;
}

}  // namespace

TEST_CASE("lesson run: the same events leave the same log, whatever threads and pictures") {
    std::string logs[2];
    for (int turn = 0; turn < 2; ++turn) {
        LessonRun run = test::run_of(test::small_lesson(), 1 + turn);
        tick(run, MoveProbe{{0.1234567, -0.5, 0, 0, 0}});
        tick(run, test::into_the_fluid(run));
        for (int i = 0; i < 10; ++i) {
            tick(run, PushNeedle{1.5});
            if (turn == 1 && i == 5) (void)run.frame({2, {}});
        }
        tick(run, Inject{});
        CHECK(run.state().ending == Ending::finished);
        logs[turn] = test::text_of(run.log());
    }
    CHECK(logs[0] == logs[1]);
}

TEST_CASE("lesson run: the probe stops at the ends of its reach") {
    LessonRun run = test::run_of(test::small_lesson(Goal::find_view));
    const LessonState& state = tick(run, MoveProbe{{100, -1, 5, 0, 0}});
    CHECK(state.probe.along_mm == 3);
    CHECK(state.probe.across_mm == -1);
    CHECK(state.probe.turn_deg == 0);
    CHECK(state.time_s == 1.0 / kTicksPerSecond);
}

TEST_CASE("lesson run: a needle on its way into the fluid is measured and shown") {
    LessonRun run = test::run_of(test::small_lesson());
    tick(run, test::into_the_fluid(run));
    CHECK(run.state().phase == Phase::on_skin);
    const Frame before = run.frame();
    const auto there = [&] {
        return run.state().inserted->in_joint && run.state().inserted->tip_visible;
    };
    while (!there() && run.state().tick < 200)
        tick(run, PushNeedle{0.5});
    const LessonState& state = run.state();
    CHECK(state.phase == Phase::in_tissue);
    REQUIRE(state.inserted->in_joint);
    CHECK(state.inserted->tip_visible);
    CHECK(state.inserted->under_probe);
    CHECK(std::abs(state.inserted->tip_across_mm) < 0.01);
    CHECK(state.inserted->beam_angle_deg == Approx(75).margin(0.1));
    CHECK((state.inserted->tip - state.inserted->entry).norm() ==
          Approx(state.inserted->inserted_mm).margin(1e-9));
    const PixelPoint tip = state.inserted->tip_px;
    CHECK(mean_about(run.frame(), tip) > mean_about(before, tip) + 40);
    CHECK(state.hints.front().code == "inject");
}

TEST_CASE("lesson run: bone stops the needle, and that is one contact until it is drawn back") {
    LessonRun run = test::run_of(test::small_lesson());
    tick(run, PlaceNeedle{-19.2 - 4, 0, 0, 60, 0});
    REQUIRE(run.state().inserted);
    push_all_the_way(run);
    const NeedleState& needle = *run.state().inserted;
    CHECK(warned(run.state(), "bone-contact"));
    CHECK(needle.bone_mm <= 0);
    CHECK(needle.inserted_mm > 10);
    CHECK(needle.inserted_mm < 69);
    tick(run, PushNeedle{-4});
    CHECK_FALSE(warned(run.state(), "bone-contact"));
    CHECK(run.state().inserted->bone_mm > 1);
}

TEST_CASE("lesson run: the hub stops the needle, too") {
    LessonRun run = test::run_of(test::small_lesson());
    tick(run, ChooseNeedle{"22G:50mm"});
    CHECK(run.state().needle.length_mm == 50);
    // Beside the limb's middle, nearly level: nothing hard on the way.
    tick(run, PlaceNeedle{-10, 6, 0, 2, 0});
    REQUIRE(run.state().inserted);
    push_all_the_way(run);
    CHECK(run.state().inserted->inserted_mm == 45);
    CHECK(warned(run.state(), "hub-at-skin"));
}

TEST_CASE("lesson run: what cannot be done is refused and changes nothing") {
    LessonRun run = test::run_of(test::small_lesson());
    const double nan = std::numeric_limits<double>::quiet_NaN();
    for (const Event& event : std::initializer_list<Event>{
             PushNeedle{1}, TiltNeedle{1, 0}, RemoveNeedle{}, Inject{}, ChooseNeedle{"18G:10mm"},
             ChooseApproach{"bakers-cyst"}, ChooseApproach{std::string(1000, 'x')},
             PlaceNeedle{0, 0, 0, 90, 0}, PlaceNeedle{0, 0, 0, 120, 0},
             PlaceNeedle{0, 500, 0, 0, 0}, PlaceNeedle{-200, 0, 0, 30, 0},
             MoveProbe{{nan, 0, 0, 0, 0}}, PushNeedle{1e300}}) {
        const LessonState& state = tick(run, event);
        CHECK(warned(state, "refused"));
        CHECK_FALSE(state.inserted);
        CHECK(state.approach.empty());
    }
    CHECK_FALSE(warned(run.tick(), "refused"));
    const std::vector<Event> many(kMostEvents + 1, PushNeedle{0});
    CHECK_THROWS_AS(run.tick(many), PreconditionError);
    CHECK_FALSE(run.entry_of({0, 0, 0, 90, 0}));
    CHECK(run.entry_of(test::into_the_fluid(run)));
}

TEST_CASE("lesson run: it ends when time is up, and nothing happens after") {
    Lesson lesson = test::small_lesson();
    lesson.time_limit_s = 10;
    LessonRun run = test::run_of(lesson);
    while (run.state().tick < 10 * kTicksPerSecond)
        run.tick();
    CHECK(run.state().ending == Ending::out_of_time);
    CHECK(run.state().phase == Phase::ended);
    const std::size_t entries = run.log().entries.size();
    tick(run, MoveProbe{{1, 0, 0, 0, 0}});
    (void)run.frame();
    CHECK(run.log().entries.size() == entries);
    CHECK(run.state().tick == 10 * kTicksPerSecond);
}

TEST_CASE("lesson run: a lesson that cannot be says why") {
    Lesson lesson = test::small_lesson();
    lesson.needles = {"22G"};
    CHECK_FALSE(LessonRun::make(lesson));
    lesson = test::small_lesson();
    lesson.knee.probe.across_mm = 100;
    lesson.knee.probe.along_mm = 100;
    const auto run = LessonRun::make(lesson);
    REQUIRE_FALSE(run);
    CHECK(run.error().code == "impossible-lesson");
}
