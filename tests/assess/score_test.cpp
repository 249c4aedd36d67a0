// SPDX-License-Identifier: Apache-2.0
#include <guide/assess/score.hpp>

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>

using namespace guide::assess;

TEST_CASE("score: points run along a line from bad to good, either way round") {
    const auto result = score({{"high", 0.75, "share", 1, 0.5, 3, false},
                               {"low", 1.0, "mm", 0, 4, 1, false},
                               {"told", 7.0, "s", 0, 1, 0, false}},
                              50);
    REQUIRE(result);
    CHECK(result->items[0].share == 0.5);
    CHECK(result->items[1].share == 0.75);
    CHECK(result->items[0].points == 37.5);
    CHECK(result->items[0].lost == 37.5);
    CHECK(result->points == 56.25);
    CHECK(result->items[2].points == 0);
    CHECK(result->passed);
    CHECK_FALSE(score({{"high", 0.75, "share", 1, 0.5, 3, false}}, 51)->passed);
}

TEST_CASE("score: beyond good is no more, beyond bad no less, not measured is nothing") {
    const auto result = score({{"above", 9.0, "", 1, 0, 1, false},
                               {"below", -9.0, "", 1, 0, 1, false},
                               {"none", {}, "", 0, 1, 2, false}});
    REQUIRE(result);
    CHECK(result->items[0].share == 1);
    CHECK(result->items[1].share == 0);
    CHECK(result->items[2].share == 0);
    CHECK(result->points == 25);
}

TEST_CASE("score: without what is necessary there is no pass") {
    const auto with = [](std::optional<double> value, double good) {
        return score(
            {{"must", value, "", good, 1 - good, 1, true}, {"rest", 1.0, "", 1, 0, 99, false}});
    };
    CHECK(with(1.0, 1)->passed);
    CHECK_FALSE(with(0.9, 1)->passed);
    CHECK_FALSE(with(std::nullopt, 1)->passed);
    CHECK(with(0.0, 0)->passed);
    CHECK_FALSE(with(0.5, 0)->passed);
    CHECK(with(0.5, 0)->missing == std::vector<std::string>{"must"});
}

TEST_CASE("score: units do not matter") {
    const auto mm = score({{"a", 3.0, "mm", 1, 9, 1, false}}),
               um = score({{"a", 3072.0, "mm/1024", 1024, 9216, 1, false}});
    CHECK(mm->points == um->points);
}

TEST_CASE("score: what cannot be scored says why") {
    const double inf = std::numeric_limits<double>::infinity();
    for (const ScoreItem& bad :
         {ScoreItem{"a", 1.0, "", 1, 1, 1, false}, ScoreItem{"a", 1.0, "", 1, 0, -1, false},
          ScoreItem{"a", inf, "", 1, 0, 1, false}, ScoreItem{"a", 1.0, "", 1, 0, 0, false},
          ScoreItem{"a", 1.0, "", std::nan(""), 0, 1, false}}) {
        const auto result = score({bad});
        REQUIRE_FALSE(result);
        CHECK(result.error().code == "bad-item");
    }
    CHECK_FALSE(score({}));
}
