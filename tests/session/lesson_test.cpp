// SPDX-License-Identifier: Apache-2.0
#include "lessons.hpp"

#include <guide/core/error.hpp>
#include <guide/session/lesson.hpp>

#include <catch2/catch.hpp>
#include <guide_test/data.hpp>

#include <fstream>
#include <set>

using namespace guide;
using namespace guide::session;

namespace {

std::string with(std::string json, const std::string& from, const std::string& to) {
    const auto at = json.find(from);
    REQUIRE(at != std::string::npos);
    return json.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("lesson: what is written is read back, in one line") {
    Lesson lesson = test::small_lesson(Goal::reach);
    lesson.start.along_mm = -2.25;
    lesson.hints = false;
    lesson.title = "Über \"das\" Knie\n";
    const std::string text = lesson_json(lesson);
    CHECK(text.find('\n') == std::string::npos);
    const auto read = read_lesson(text);
    REQUIRE(read);
    CHECK(lesson_json(*read) == text);
    CHECK(read->title == lesson.title);
    CHECK(read->start.along_mm == -2.25);
    CHECK_FALSE(read->hints);
    CHECK(read->knee.knee.effusion_mm == 10);
}

TEST_CASE("lesson: what is wrong is named") {
    const std::string good = lesson_json(test::small_lesson());
    const auto fault = [](const std::string& json) {
        const auto read = read_lesson(json);
        REQUIRE_FALSE(read);
        CHECK(read.error().code == "bad-lesson");
        return read.error().text;
    };
    using Catch::Contains;
    CHECK_THAT(fault("[]"), Contains("no JSON object"));
    CHECK_THAT(fault("{\"schema\": \"guide.case/1\"}"), Contains("schema"));
    CHECK_THAT(fault(with(good, "\"goal\":\"inject\"", "\"goal\":\"cure\"")), Contains("goal"));
    CHECK_THAT(fault(with(good, "\"id\":\"small\"", "\"id\":\"../small\"")), Contains("id"));
    CHECK_THAT(fault(with(good, "22G:75mm", "99G:75mm")), Contains("needles"));
    CHECK_THAT(fault(with(good, "\"superolateral\"", "\"bakers-cyst\"")), Contains("approaches"));
    CHECK_THAT(fault(with(good, "[\"superolateral\"]", "[]")), Contains("approaches"));
    CHECK_THAT(fault(with(good, "\"par_s\":30.0", "\"par_s\":-1")), Contains("par_s"));
    CHECK_THAT(fault(with(good, "\"par_s\"", "\"bar_s\"")), Contains("bar_s"));
    CHECK_THAT(fault(with(good, "\"motion\":\"still\"", "\"motion\":\"probe-sweep\"")),
               Contains("case"));
    CHECK_THAT(fault(with(good, "\"start\":{\"along_mm\":0.0", "\"start\":{\"along_mm\":9.0")),
               Contains("start.along_mm"));
}

TEST_CASE("lesson: a case can be a file beside it") {
    const test::TemporaryFolder folder;
    std::ofstream(folder.path() / "knee.json")
        << R"({"schema": "guide.case/1", "modality": "ultrasound", "knee": {"fat_mm": 9}})";
    const std::string json =
        R"({"schema": "guide.lesson/1", "id": "a", "goal": "find-view", "case": "knee.json"})";
    const auto read = read_lesson(json, folder.path());
    REQUIRE(read);
    CHECK(read->knee.knee.fat_mm == 9);
    CHECK_FALSE(read_lesson(json, folder.path() / "elsewhere"));
    CHECK_THROWS_AS(load_lesson(folder.path() / "none.json"), IoError);
    CHECK_THROWS_AS(load_lesson(folder.path() / "knee.json"), IoError);
}

TEST_CASE("lesson: the twelve of the samples are read, each with an id of its own") {
    std::set<std::string> ids;
    for (const auto& file : std::filesystem::directory_iterator(GUIDE_LESSONS)) {
        if (file.path().extension() != ".json") continue;
        const Lesson lesson = load_lesson(file.path());
        CHECK(lesson.id == file.path().stem());
        CHECK_FALSE(lesson.title.empty());
        CHECK_FALSE(lesson.task.empty());
        ids.insert(lesson.id);
    }
    CHECK(ids.size() == 12);
}
