// SPDX-License-Identifier: Apache-2.0
#include "lessons.hpp"

#include <guide/session/demonstration.hpp>
#include <guide/session/score.hpp>

#include <catch2/catch.hpp>

using namespace guide;
using namespace guide::session;

namespace {

SessionScore taken(Goal goal, Skill skill) {
    Lesson lesson = test::small_lesson(goal);
    lesson.reach.across_mm = 9;
    lesson.start = {2, -9, 0, 0, 0};
    LessonRun run = test::run_of(lesson);
    Demonstration trainee(run, skill);
    while (!run.state().ending)
        run.tick(trainee.next());
    CHECK_FALSE(trainee.gave_up());
    return score(run.log());
}

double value(const SessionScore& score, const std::string& code) {
    for (const assess::ScoredItem& s : score.score.items) {
        if (s.item.code == code) return s.item.value.value_or(-1);
    }
    FAIL("no " + code);
    return 0;
}

}  // namespace

TEST_CASE("demonstration: the good trainee scores high, for the right reasons") {
    const SessionScore score = taken(Goal::inject, Skill::good);
    CHECK(score.score.passed);
    CHECK(score.score.points > 85);
    CHECK(value(score, "compartment-hit") == 1);
    CHECK(value(score, "tip-visible-at-end") == 1);
    CHECK(value(score, "tip-visible-share") > 0.9);
    CHECK(value(score, "in-plane-share") > 0.9);
    CHECK(value(score, "bone-contacts") == 0);
    CHECK(value(score, "redirections") == 0);
    CHECK(value(score, "punctures") == 1);
    CHECK(value(score, "approach") == 1);
    CHECK(value(score, "tissue-damage") < 20);
    CHECK(value(score, "deviation-max") < 1);
    CHECK_FALSE(score.went_well.empty());
}

TEST_CASE("demonstration: the poor trainee scores low, for the right reasons") {
    const SessionScore score = taken(Goal::inject, Skill::poor);
    CHECK_FALSE(score.score.passed);
    CHECK(score.score.points < 40);
    CHECK(value(score, "compartment-hit") == 0);
    CHECK(value(score, "tip-visible-at-end") == 0);
    CHECK(value(score, "tip-visible-share") < 0.3);
    CHECK(value(score, "in-plane-share") < 0.3);
    CHECK(value(score, "beam-angle") < 45);
    CHECK(value(score, "punctures") == 2);
    CHECK(value(score, "approach") == 0);
    CHECK(score.to_change.size() == 3);
}

TEST_CASE("demonstration: a view is mended by the good one only") {
    const SessionScore good = taken(Goal::find_view, Skill::good);
    CHECK(good.score.passed);
    CHECK(value(good, "view-off-place") == 0);
    const SessionScore poor = taken(Goal::find_view, Skill::poor);
    CHECK(poor.score.points < good.score.points);
    CHECK(value(poor, "view-off-place") == 9);
}
