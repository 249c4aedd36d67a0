// SPDX-License-Identifier: Apache-2.0
#include <guide/plan/needle.hpp>

#include <catch2/catch.hpp>

using namespace guide::plan;

TEST_CASE("needle: the usual words are read") {
    for (const char* text : {"22G:50mm", "22g:50", "22G:50.0mm"}) {
        INFO(text);
        const auto needle = parse_needle(text);
        REQUIRE(needle);
        CHECK(needle->gauge == 22);
        CHECK(needle->length_mm == 50);
        CHECK(needle->inner_diameter_mm == 0.413);
    }
}

TEST_CASE("needle: faulty words are refused with the reason") {
    for (const char* text :
         {"", "22", "22G", "22G:", "22G50mm", "G:50mm", "22G:50cm", "22G:-50mm", "22G:nan", "x"}) {
        INFO(text);
        CHECK_FALSE(parse_needle(text));
    }
    CHECK(parse_needle("28G:50mm").error().code == "unknown-gauge");
    CHECK(parse_needle("22G:5mm").error().code == "bad-needle-length");
    CHECK(parse_needle("22G:5000mm").error().code == "bad-needle-length");
}

TEST_CASE("needle: a larger gauge is never thicker, and the bore fits the wall") {
    double outer = 10;
    for (const int gauge : standard_gauges()) {
        const auto needle = standard_needle(gauge, 50);
        REQUIRE(needle);
        CHECK(needle->outer_diameter_mm < outer);
        CHECK(needle->inner_diameter_mm < needle->outer_diameter_mm);
        outer = needle->outer_diameter_mm;
    }
}
