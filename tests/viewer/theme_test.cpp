// SPDX-License-Identifier: Apache-2.0
#include "theme_table.hpp"

#include <catch2/catch.hpp>
#include <guide_test/colour_vision.hpp>

#include <string>

namespace {

using namespace guide;
using namespace guide::viewer;

TEST_CASE("theme: contrast is that of WCAG") {
    CHECK(contrast({0, 0, 0}, {255, 255, 255}) == Approx(21));
    CHECK(contrast({255, 255, 255}, {0, 0, 0}) == Approx(21));
    CHECK(contrast({9, 9, 9}, {9, 9, 9}) == Approx(1));
    // The lightest grey that passes on white.
    CHECK(contrast({118, 118, 118}, {255, 255, 255}) == Approx(4.54).margin(0.005));
}

TEST_CASE("theme: all words of all themes have a contrast of 4.5 and more") {
    for (const Theme& theme : themes()) {
        for (const auto& [ink, ground] : word_pairs(theme)) {
            INFO(theme.name << ": " << int(ink.r) << ' ' << int(ink.g) << ' ' << int(ink.b)
                            << " on " << int(ground.r) << ' ' << int(ground.g) << ' '
                            << int(ground.b));
            CHECK(contrast(ink, ground) >= 4.5);
        }
    }
}

TEST_CASE("theme: high contrast has 7 and more") {
    for (const auto& [ink, ground] : word_pairs(theme_named("contrast")))
        CHECK(contrast(ink, ground) >= 7);
}

TEST_CASE("theme: good, to be minded and bad are told apart by everybody, in every theme") {
    for (const Theme& theme : themes()) {
        for (const test::Vision& vision : test::visions()) {
            INFO(theme.name << ", " << vision.name);
            const auto apart = [&](Rgb8 a, Rgb8 b) {
                return (test::lab_of(a, vision.matrix) - test::lab_of(b, vision.matrix)).norm();
            };
            CHECK(apart(theme.good, theme.warn) >= test::kAtAGlance);
            CHECK(apart(theme.good, theme.bad) >= test::kAtAGlance);
            CHECK(apart(theme.warn, theme.bad) >= test::kAtAGlance);
        }
    }
}

TEST_CASE("theme: an unknown name gives the first") {
    CHECK(theme_named("light").name == "light");
    CHECK(theme_named("no-such").name == themes().front().name);
}

}  // namespace
