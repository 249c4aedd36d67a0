// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/core/execution.hpp>

#include <catch2/catch.hpp>

#include <atomic>
#include <mutex>
#include <set>
#include <vector>

using namespace guide;

TEST_CASE("for_each_band: every row is worked on once, in the same bands for any thread count") {
    for (const int rows : {0, 1, 63, 64, 65, 200}) {
        std::set<std::pair<int, int>> reference;
        for (const int threads : {1, 2, 5}) {
            std::vector<std::atomic<int>> seen(static_cast<std::size_t>(rows));
            std::set<std::pair<int, int>> bands;
            std::mutex guard;
            for_each_band({threads, {}}, rows, [&](int begin, int end) {
                for (int y = begin; y < end; ++y)
                    ++seen[static_cast<std::size_t>(y)];
                const std::scoped_lock lock(guard);
                bands.emplace(begin, end);
            });
            for (const auto& count : seen)
                CHECK(count == 1);
            if (threads == 1) reference = bands;
            CHECK(bands == reference);
        }
    }
}

TEST_CASE("for_each_band: the first band's exception comes back") {
    auto work = [](int begin, int) {
        if (begin >= 64) throw std::runtime_error(std::to_string(begin));
    };
    CHECK_THROWS_WITH(for_each_band({3, {}}, 300, work), "64");
}

TEST_CASE("for_each_band: a requested stop throws Stopped and does no more work") {
    std::stop_source source;
    int bands = 0;
    CHECK_THROWS_AS(for_each_band({1, source.get_token()}, 640,
                                  [&](int, int) {
                                      ++bands;
                                      source.request_stop();
                                  }),
                    Stopped);
    CHECK(bands == 1);
}

TEST_CASE("for_each_band: wrong numbers are named") {
    CHECK_THROWS_AS(for_each_band({-1, {}}, 10, [](int, int) {}), PreconditionError);
    CHECK_THROWS_AS(for_each_band({1, {}}, 10, 0, [](int, int) {}), PreconditionError);
}

TEST_CASE("Workers: pass after pass sees what the pass before wrote") {
    for (const int threads : {1, 2, 5}) {
        Workers workers({threads, {}});
        std::vector<int> a(1000), b(1000);
        for (int pass = 0; pass < 300; ++pass) {
            workers.for_each_band(1000, 100, [&](int begin, int end) {
                for (int i = begin; i < end; ++i) {
                    const auto at = static_cast<std::size_t>(i);
                    b[at] = a[(at + 500) % 1000] + 1;
                }
            });
            std::swap(a, b);
        }
        for (const int value : a)
            REQUIRE(value == 300);
    }
}

TEST_CASE("Workers: an exception in one pass leaves the next one whole") {
    Workers workers({3, {}});
    CHECK_THROWS_AS(workers.for_each_band(100, 10, [](int, int) { throw std::runtime_error("x"); }),
                    std::runtime_error);
    std::atomic<int> rows = 0;
    workers.for_each_band(100, 10, [&](int begin, int end) { rows += end - begin; });
    CHECK(rows == 100);
}
