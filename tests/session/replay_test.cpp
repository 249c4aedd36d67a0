// SPDX-License-Identifier: Apache-2.0
#include "lessons.hpp"

#include <guide/session/demonstration.hpp>
#include <guide/session/record.hpp>
#include <guide/session/replay.hpp>
#include <guide/session/score.hpp>

#include <catch2/catch.hpp>
#include <guide_test/data.hpp>

using namespace guide;
using namespace guide::session;

namespace {

/// Some seconds with pictures, as a viewer would have taken it.
Log taken() {
    LessonRun run = test::run_of(test::small_lesson());
    Demonstration trainee(run, Skill::good);
    while (!run.state().ending) {
        run.tick(trainee.next());
        if (run.state().tick % kTicksPerSecond == 0) (void)run.frame();
    }
    return run.log();
}

}  // namespace

TEST_CASE("replay: a recorded session is taken again to the same measures, pictures and score") {
    const test::TemporaryFolder folder;
    const Log live = taken();
    Recorder recorder(folder.path() / "s", live.lesson);
    REQUIRE(recorder.update(live));
    const Log read = read_session(folder.path() / "s").log;
    CHECK(score_json(read, score(read)) == score_json(live, score(live)));
    int pictures = 0;
    const auto result = replay(
        read, ReplayPictures::checked_ones,
        [&](const LessonState&, const Frame* frame) { pictures += frame != nullptr ? 1 : 0; },
        {2, {}});
    REQUIRE(result);
    CHECK_FALSE(result->first_difference);
    CHECK(result->difference.empty());
    CHECK(result->frames_checked >= 3);
    CHECK(result->frames_equal == result->frames_checked);
    CHECK(pictures == result->frames_checked);
    CHECK(score_json(result->log, score(result->log)) == score_json(live, score(live)));
}

TEST_CASE("replay: a session that breaks off is replayed as far as it goes") {
    Log log = taken();
    log.entries.resize(log.entries.size() / 2);
    const auto result = replay(log, ReplayPictures::none);
    REQUIRE(result);
    CHECK_FALSE(result->first_difference);
}

TEST_CASE("replay: what is not as it was recorded is found") {
    Log log = taken();
    for (LogEntry& entry : log.entries) {
        auto* sample = std::get_if<Sample>(&entry);
        if (sample == nullptr || !sample->needle || sample->needle->inserted_um == 0) continue;
        sample->needle->clearance_um += 1;
        const auto result = replay(log, ReplayPictures::none);
        REQUIRE(result);
        CHECK(result->first_difference == sample->tick);
        CHECK_THAT(result->difference, Catch::Contains("Recorded was"));
        return;
    }
    FAIL("no needle in the log");
}

TEST_CASE("replay: more events in a tick than a trainee can make are refused") {
    Log log{test::small_lesson(Goal::find_view), {}};
    for (std::size_t i = 0; i <= kMostEvents; ++i)
        log.entries.emplace_back(TimedEvent{1, MoveProbe{}});
    CHECK_FALSE(replay(log, ReplayPictures::none));
}
