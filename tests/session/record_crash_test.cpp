// SPDX-License-Identifier: Apache-2.0
#include "lessons.hpp"

#include <guide/session/record.hpp>

#include <catch2/catch.hpp>
#include <guide_test/data.hpp>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

using namespace guide;
using namespace guide::session;

namespace {

void grow(Log& log, int ticks) {
    for (int i = 0; i < ticks; ++i) {
        const int tick = static_cast<int>(log.entries.size()) + 1;
        log.entries.emplace_back(Sample{tick, {tick, 0, 0, 0, 0}, {}});
    }
}

/// Files of this process grow to no more than so many bytes, as on a full disk.
class FullDisk {
  public:
    explicit FullDisk(std::uintmax_t bytes) {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        handler_ = std::signal(SIGXFSZ, SIG_IGN);
        const rlimit full{static_cast<rlim_t>(bytes), before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &full);
    }
    ~FullDisk() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;

  private:
    rlimit before_{};
    void (*handler_)(int) = nullptr;
};

}  // namespace

TEST_CASE("record: a killed program loses nothing that was recorded") {
    const test::TemporaryFolder folder;
    const Lesson lesson = test::small_lesson();
    const pid_t child = ::fork();
    if (child == 0) {
        Log log{lesson, {}};
        Recorder recorder(folder.path() / "s", lesson);
        for (int second = 0; second < 3; ++second) {
            grow(log, kTicksPerSecond);
            (void)recorder.update(log);
        }
        grow(log, kTicksPerSecond - 1);  // since the last update
        ::raise(SIGKILL);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == SIGKILL);
    const Recording read = read_session(folder.path() / "s");
    CHECK_FALSE(read.torn);
    CHECK(read.log.entries.size() == 3 * kTicksPerSecond);
}

TEST_CASE("record: a full disk is told, and what is missing is written once there is room") {
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "s";
    Log log{test::small_lesson(), {}};
    Recorder recorder(file, log.lesson);
    grow(log, 5);
    REQUIRE(recorder.update(log));
    {
        const FullDisk full(std::filesystem::file_size(file) + 100);
        grow(log, 20);
        const auto written = recorder.update(log);
        REQUIRE_FALSE(written);
        CHECK(written.error().code == "not-written");
        CHECK_THAT(written.error().text, Catch::Contains(file.string()));
        // Cut off in the middle of a line: what is there is whole but for that line.
        const Recording part = read_session(file);
        CHECK(part.log.entries.size() >= 5);
        CHECK(part.log.entries.size() < 25);
        CHECK(part.torn);
        grow(log, 5);
        CHECK_FALSE(recorder.update(log));
        CHECK_FALSE(recorder.sync());  // not all is written: never said to be safe
    }
    grow(log, 1);
    REQUIRE(recorder.update(log));
    const Recording whole = read_session(file);
    CHECK_FALSE(whole.torn);
    CHECK(test::text_of(whole.log) == test::text_of(log));
}
