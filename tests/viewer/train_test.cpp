// SPDX-License-Identifier: Apache-2.0
// Lessons taken through the window by scripted trainees, and what is left when things go wrong.
#include "viewer_program.hpp"

#include <guide/session/history.hpp>
#include <guide/session/record.hpp>
#include <guide/session/replay.hpp>
#include <guide/session/score.hpp>

#include <catch2/catch.hpp>
#include <guide_test/data.hpp>
#include <sqlite3.h>

#include <algorithm>
#include <csignal>
#include <fstream>

namespace {

using namespace guide;
using namespace guide::session;
namespace fs = std::filesystem;

fs::path record_in(const fs::path& folder, const std::string& ending) {
    for (const std::string& name : test::names_in(folder / "training")) {
        if (name.ends_with(ending)) return folder / "training" / name;
    }
    FAIL("no record *" + ending);
    return {};
}

double value(const SessionScore& score, const std::string& code) {
    for (const assess::ScoredItem& s : score.score.items) {
        if (s.item.code == code) return s.item.value.value_or(-1);
    }
    FAIL("no " + code);
    return 0;
}

long pushes(const Log& log) {
    return std::count_if(log.entries.begin(), log.entries.end(), [](const LogEntry& entry) {
        const auto* event = std::get_if<TimedEvent>(&entry);
        return event != nullptr && std::holds_alternative<PushNeedle>(event->event);
    });
}

TEST_CASE("train: a good trainee at the keyboard scores high, for the right reasons") {
    GUIDE_REQUIRE_DISPLAY_SERVER();
    const test::TemporaryFolder folder;
    const auto result = test::play(folder.path(), "train_good.json");
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    const Log log = read_session(record_in(folder.path(), ".session")).log;
    const SessionScore score = session::score(log);
    CHECK(score.score.passed);
    CHECK(score.score.points > 90);
    CHECK(value(score, "compartment-hit") == 1);
    CHECK(value(score, "tip-visible-at-end") == 1);
    CHECK(value(score, "tip-visible-share") > 0.9);
    CHECK(value(score, "approach") == 1);
    CHECK(value(score, "punctures") == 1);
    CHECK(value(score, "bone-contacts") == 0);
    // In the history with the same points.
    const auto attempts = History(folder.path() / "training" / "history.sqlite").attempts();
    REQUIRE(attempts.size() == 1);
    CHECK(attempts[0].points == score.score.points);
    CHECK(attempts[0].lesson == "05-inject-effusion");
    CHECK(fs::exists(attempts[0].record));
    // What was done by hand is replayed to the same measures.
    const auto again = replay(log, ReplayPictures::none);
    REQUIRE(again);
    CHECK(again->difference == "");
}

TEST_CASE("train: the same by mouse") {
    GUIDE_REQUIRE_DISPLAY_SERVER();
    const test::TemporaryFolder folder;
    const auto result = test::play(folder.path(), "train_mouse.json");
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    const SessionScore score =
        session::score(read_session(record_in(folder.path(), ".session")).log);
    CHECK(score.score.passed);
    CHECK(score.score.points > 90);
}

TEST_CASE("train: a bad trainee scores low, for the right reasons") {
    GUIDE_REQUIRE_DISPLAY_SERVER();
    const test::TemporaryFolder folder;
    const auto result = test::play(folder.path(), "train_bad.json");
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    const SessionScore score =
        session::score(read_session(record_in(folder.path(), ".session")).log);
    CHECK_FALSE(score.score.passed);
    CHECK(score.score.points < 40);
    CHECK(value(score, "compartment-hit") == 0);
    CHECK(value(score, "tip-visible-at-end") == 0);
    CHECK(value(score, "approach") == 0);
    CHECK(value(score, "punctures") == 2);
    CHECK(value(score, "tip-visible-share") < 0.5);
    CHECK(score.to_change.size() == 3);
}

TEST_CASE("train: a killed program loses nothing that was recorded, and goes on with the lesson") {
    GUIDE_REQUIRE_DISPLAY_SERVER();
    const test::TemporaryFolder folder;
    {
        test::Playing program(folder.path(), "train_begin.json");
        INFO(program.errors());
        REQUIRE(program.waits_for(folder.path() / "here.png"));
        program.kill();
        CHECK(program.exit_code() == 128 + SIGKILL);
    }
    const auto left = read_session(record_in(folder.path(), ".session.open"));
    CHECK_FALSE(left.torn);
    CHECK(pushes(left.log) == 80);
    const auto result = test::play(folder.path(), "train_go_on.json");
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    const auto attempts = History(folder.path() / "training" / "history.sqlite").attempts();
    REQUIRE(attempts.size() == 1);
    CHECK(attempts[0].passed);
    CHECK(pushes(read_session(attempts[0].record).log) == 166);
}

TEST_CASE("train: a full disk is told in the window, and what was recorded stays") {
    GUIDE_REQUIRE_DISPLAY_SERVER();
    const test::TemporaryFolder folder;
    test::Playing program(folder.path(), "train_full_disk.json", 8000);
    const int code = program.exit_code();
    INFO(program.errors());
    REQUIRE(code == 0);
    const auto left = read_session(record_in(folder.path(), ".session.open"));
    CHECK(left.torn);
    CHECK(left.log.entries.size() > 10);
}

TEST_CASE("train: a history that is locked is told, and the attempt is kept until it is written") {
    GUIDE_REQUIRE_DISPLAY_SERVER();
    const test::TemporaryFolder folder;
    fs::create_directory(folder.path() / "training");
    const fs::path file = folder.path() / "training" / "history.sqlite";
    { History made(file); }
    sqlite3* other = nullptr;
    REQUIRE(sqlite3_open(file.c_str(), &other) == SQLITE_OK);
    REQUIRE(sqlite3_exec(other, "BEGIN EXCLUSIVE", nullptr, nullptr, nullptr) == SQLITE_OK);
    test::Playing program(folder.path(), "train_locked.json");
    const bool told = program.waits_for(folder.path() / "locked.png");
    sqlite3_exec(other, "ROLLBACK", nullptr, nullptr, nullptr);
    sqlite3_close(other);
    std::ofstream(folder.path() / "unlocked") << "now";
    const int code = program.exit_code();
    INFO(program.errors());
    CHECK(told);
    REQUIRE(code == 0);
    CHECK(History(file).attempts().size() == 1);
}

}  // namespace
