// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/session/history.hpp>

#include <catch2/catch.hpp>
#include <guide_test/data.hpp>
#include <sqlite3.h>

#include <fstream>

using namespace guide;
using namespace guide::session;

namespace {

Attempt attempt(const std::string& trainee, double points, bool passed) {
    assess::ScoredItem seen{
        {"tip-visible-share", points / 100, "share", 0.9, 0.4, 12, false}, 0.5, 6, 6};
    assess::ScoredItem none{{"p-hit", {}, "probability", 0.8, 0.3, 8, true}, 0, 0, 8};
    return {trainee,
            "05-inject-effusion",
            "2026-01-02T03:04:05Z",
            points,
            passed,
            "a, \"b\".session",
            {seen, none}};
}

std::string code_of(const std::filesystem::path& file) {
    try {
        History history(file, 0.05);
        history.add(attempt("x", 1, false));
    } catch (const IoError& fault) {
        return fault.code();
    }
    return "written";
}

/// Another program at work on the same file.
class Other {
  public:
    explicit Other(const std::filesystem::path& file) { sqlite3_open(file.c_str(), &database_); }
    ~Other() { sqlite3_close(database_); }
    Other(const Other&) = delete;
    Other& operator=(const Other&) = delete;
    void run(const char* sql) {
        REQUIRE(sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
    }

  private:
    sqlite3* database_ = nullptr;
};

}  // namespace

TEST_CASE("history: attempts come back as they were added, by trainee and lesson") {
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "history";
    {
        History history(file);
        CHECK(history.attempts().empty());
        history.add(attempt("ä-2", 40.125, false));
        history.add(attempt("one", 90, true));
    }
    History history(file);
    history.add(attempt("ä-2", 80, true));
    CHECK(history.attempts().size() == 3);
    CHECK(history.trainees() == std::vector<std::string>{"one", "ä-2"});
    CHECK(history.attempts("one").size() == 1);
    CHECK(history.attempts("one", "01").empty());
    const auto mine = history.attempts("ä-2", "05-inject-effusion");
    REQUIRE(mine.size() == 2);
    CHECK(mine[0].points == 40.125);
    CHECK_FALSE(mine[0].passed);
    CHECK(mine[1].passed);
    CHECK(mine[0].record == "a, \"b\".session");
    REQUIRE(mine[0].items.size() == 2);
    CHECK(mine[0].items[0].item.value == 0.40125);
    CHECK(mine[0].items[0].item.weight == 12);
    CHECK_FALSE(mine[0].items[1].item.value);
    CHECK(mine[0].items[1].item.necessary);
    const auto curve = learning_curve(mine);
    CHECK(curve.sum.size() == 2);
    CHECK(curve.success_rate == 0.5);
    CHECK(curve.success_low < 0.5);
    CHECK(curve.success_high > 0.5);
}

TEST_CASE("history: as CSV, quoted, and no formula for a spreadsheet") {
    const test::TemporaryFolder folder;
    History history(folder.path() / "history");
    history.add(attempt("=1+1", 50.5, true));
    CHECK(history.csv() ==
          "trainee,lesson,started,points,passed,record,tip-visible-share,p-hit\r\n"
          "'=1+1,05-inject-effusion,2026-01-02T03:04:05Z,50.5,1,\"a, \"\"b\"\".session\",0.505,"
          "\r\n");
    CHECK(history.csv("nobody") == "trainee,lesson,started,points,passed,record\r\n");
}

TEST_CASE("history: a file that another program holds is told, and nothing is half written") {
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "history";
    History history(file, 0.05);
    history.add(attempt("x", 1, false));
    {
        Other other(file);
        other.run("BEGIN EXCLUSIVE");
        CHECK_THROWS_AS(history.add(attempt("x", 2, false)), IoError);
        CHECK(code_of(file) == "locked");
        other.run("ROLLBACK");
    }
    history.add(attempt("x", 3, true));
    CHECK(history.attempts("x").size() == 2);
}

TEST_CASE("history: other files are told apart") {
    const test::TemporaryFolder folder;
    const auto text = folder.path() / "text", tables = folder.path() / "tables",
               newer = folder.path() / "newer";
    std::ofstream(text) << std::string(2000, 'x');
    CHECK(code_of(text) == "not-a-history");
    Other(tables).run("CREATE TABLE music (title TEXT)");
    CHECK(code_of(tables) == "not-a-history");
    Other(newer).run("PRAGMA user_version = 99");
    CHECK(code_of(newer) == "newer-schema");
    CHECK(code_of(folder.path() / "none" / "history") == "not-writable");
    CHECK(code_of(folder.path()) == "not-writable");
}
