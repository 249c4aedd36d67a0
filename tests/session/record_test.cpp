// SPDX-License-Identifier: Apache-2.0
#include "lessons.hpp"

#include <guide/core/error.hpp>
#include <guide/session/record.hpp>
#include <guide/session/score.hpp>

#include <catch2/catch.hpp>
#include <guide_test/data.hpp>

#include <algorithm>
#include <fstream>

using namespace guide;
using namespace guide::session;

namespace {

/// One entry of every kind.
Log all_kinds() {
    Log log{test::small_lesson(), {}};
    NeedleSample n;
    n.insertion = 1;
    n.tip = {-1, 2, 3000000};
    n.direction = {0, 0, 1000000};
    n.tip_visible = true;
    TipCheck tip{30, true, true, false, 1, Micrometres{1, 2, 3}, Micrometres{4, 5, 6}, {"angle"}};
    log.entries = {TimedEvent{1, MoveProbe{{0.001, -2, 3, -4, 5}}},
                   TimedEvent{1, ChooseApproach{"superolateral"}},
                   TimedEvent{2, ChooseNeedle{"22G:75mm"}},
                   TimedEvent{3, PlaceNeedle{1, 2, 3, 4, 5.125}},
                   Insertion{3, {1, -2, 3}, {0, 1000000, 0}, "22G:75mm"},
                   Sample{3, {1, 2, 3, 4, -5}, {}},
                   TimedEvent{4, TiltNeedle{-1, 2}},
                   TimedEvent{5, PushNeedle{0.25}},
                   Sample{5, {1, 2, 3, 4, -5}, n},
                   FrameCheck{20, 0xfedcba9876543210U},
                   TimedEvent{21, RemoveNeedle{}},
                   TimedEvent{30, Inject{}},
                   TimedEvent{30, Finish{}},
                   TimedEvent{30, GiveUp{}},
                   tip,
                   TipCheck{30, false, false, false, {}, {}, {}, {}},
                   ViewCheck{30, 1, 2},
                   Ended{30, Ending::gave_up}};
    return log;
}

std::string code_of(const std::filesystem::path& file) {
    try {
        (void)read_session(file);
    } catch (const IoError& fault) {
        return fault.code();
    }
    return "read";
}

void write(const std::filesystem::path& file, const std::string& text) {
    std::ofstream(file, std::ios::binary) << text;
}

}  // namespace

TEST_CASE("record: every kind of entry is read back as it was written") {
    const test::TemporaryFolder folder;
    const Log log = all_kinds();
    Recorder recorder(folder.path() / "s", log.lesson);
    REQUIRE(recorder.update(log));
    CHECK(recorder.sync());
    const Recording read = read_session(folder.path() / "s");
    CHECK_FALSE(read.torn);
    CHECK(read.log.entries.size() == log.entries.size());
    CHECK(test::text_of(read.log) == test::text_of(log));
    CHECK(lesson_json(read.log.lesson) == lesson_json(log.lesson));
}

TEST_CASE("record: what is on the disk grows with each update and is never written over") {
    const test::TemporaryFolder folder;
    const Log all = all_kinds();
    Log log{all.lesson, {}};
    Recorder recorder(folder.path() / "s", log.lesson);
    for (const LogEntry& entry : all.entries) {
        log.entries.push_back(entry);
        REQUIRE(recorder.update(log));
        CHECK(read_session(folder.path() / "s").log.entries.size() == log.entries.size());
    }
    CHECK_THROWS_AS(Recorder(folder.path() / "s", log.lesson), IoError);
    CHECK_THROWS_AS(Recorder(folder.path() / "none" / "s", log.lesson), IoError);
}

TEST_CASE("record: a line that was cut off is told, and what comes before it kept") {
    const test::TemporaryFolder folder;
    const std::string whole = test::text_of(all_kinds());
    const std::size_t header = whole.find('\n') + 1;
    for (std::size_t size = header; size < whole.size(); size += 7) {
        write(folder.path() / "s", whole.substr(0, size));
        const Recording read = read_session(folder.path() / "s");
        const auto lines =
            std::count(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size), '\n');
        CHECK(read.log.entries.size() == static_cast<std::size_t>(lines - 1));
        CHECK(read.torn.has_value() == (whole[size - 1] != '\n'));
        CHECK_NOTHROW(score(read.log));
    }
    write(folder.path() / "s", whole.substr(0, header - 1));
    CHECK(code_of(folder.path() / "s") == "not-a-session");
}

TEST_CASE("record: damage in the middle is found, wherever it is") {
    const test::TemporaryFolder folder;
    const std::string whole = test::text_of(all_kinds());
    const std::size_t header = whole.find('\n') + 1;
    for (std::size_t at = header; at + 1 < whole.size(); at += 3) {
        std::string other = whole;
        other[at] = other[at] == '7' ? '8' : '7';
        write(folder.path() / "s", other);
        CHECK(code_of(folder.path() / "s") == "damaged");
    }
    // A whole line less.
    const std::size_t second = whole.find('\n', header) + 1;
    write(folder.path() / "s", whole.substr(0, header) + whole.substr(second));
    CHECK(code_of(folder.path() / "s") == "damaged");
}

TEST_CASE("record: other files, and those of later versions, are told apart") {
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "s";
    CHECK(code_of(file) == "not-found");
    CHECK(code_of(folder.path()) == "not-found");
    for (const char* text : {"", "\n", "hello\n", "{}\n", "{\"schema\": 1}\n",
                             "{\"schema\": \"guide.plan/1\"}\tffff\n", "\xff\xfe\n"}) {
        write(file, text);
        CHECK(code_of(file) == "not-a-session");
    }
    write(file, "{\"schema\": \"guide.session/2\", \"more\": 1}\t0123456789abcdef\n");
    CHECK(code_of(file) == "newer-schema");
}
