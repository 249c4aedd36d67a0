// SPDX-License-Identifier: Apache-2.0
// Echoes that come back late: what fills shadow and fluid on real frames.
#include "phantoms.hpp"

#include <guide/core/error.hpp>
#include <guide/simulate/scanner.hpp>

#include <catch2/catch.hpp>

#include <numbers>

using namespace guide;
using namespace guide::test;

namespace {

double level_db(const UltrasoundSimulator& simulator, double from_mm, double to_mm) {
    const UltrasoundSettings& s = simulator.settings();
    return decibels(
        rms(simulator.envelope(), {20, s.lines - 20, sample_at(s, from_mm), sample_at(s, to_mm)}));
}

}  // namespace

TEST_CASE("haze: below bone stands a fading mirror image of the tissue above it") {
    UltrasoundSettings s = plain_settings();
    s.tgc_db_per_cm = fitting_tgc(s, Tissue::synovium);
    s.shadow_clutter_db = -10;
    UltrasoundSimulator simulator(tank_with_floor(Tissue::synovium, Tissue::femur, 16), s);
    static_cast<void>(simulator.frame(Pose{}));
    const double above = level_db(simulator, 6, 14);
    const double near = level_db(simulator, 20, 22), far = level_db(simulator, 26, 28);
    CHECK(above - near == Approx(10 + 20 * std::log10(std::numbers::e) * 5 / 13).margin(1.5));
    CHECK(near - far == Approx(20 * std::log10(std::numbers::e) * 6 / 13).margin(1.5));
}

TEST_CASE("haze: clutter reaches from tissue into the fluid below and fades there") {
    UltrasoundSettings s = plain_settings();
    const auto field = tank_with_floor(Tissue::synovium, Tissue::joint_fluid, 12);
    UltrasoundSimulator clean(field, s);
    static_cast<void>(clean.frame(Pose{}));
    s.clutter_db = -12;
    UltrasoundSimulator dirty(field, s);
    static_cast<void>(dirty.frame(Pose{}));
    CHECK(level_db(dirty, 13, 14) > level_db(clean, 13, 14) + 5);
    CHECK(level_db(dirty, 13, 14) > level_db(dirty, 16, 17) + 6);
    // Far from the tissue only the fluid's own is left.
    const double own = decibels(1 + std::pow(10, s.clutter_db / 20));
    CHECK(level_db(dirty, 24, 28) == Approx(level_db(clean, 24, 28) + own).margin(0.5));
}

TEST_CASE("haze: a bone's line is thicker than the pulse and fades downwards") {
    UltrasoundSettings s = plain_settings();
    UltrasoundSimulator simulator(tank_with_floor(Tissue::water, Tissue::femur, 16), s);
    static_cast<void>(simulator.frame(Pose{}));
    const double line = level_db(simulator, 15.9, 16.1);
    const double after = level_db(simulator, 16.7, 16.9), deep = level_db(simulator, 19, 20);
    CHECK(after < line - 6);
    CHECK(after > deep + 20);
}

TEST_CASE("random scanner: settings that hold, the same for the same seed") {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        const double deep = 15 + static_cast<double>(seed % 46);
        const UltrasoundSettings s = simulate::random_scanner(seed, deep);
        CHECK_NOTHROW(s.validate());
        CHECK(s.probe.end_mm >= deep);
        CHECK(s.picture.height * s.picture.spacing.y_mm <= s.probe.end_mm + 0.1);
        CHECK(s.gain_db == simulate::random_scanner(seed, deep).gain_db);
    }
    CHECK(simulate::random_scanner(1, 30).gain_db != simulate::random_scanner(2, 30).gain_db);
    CHECK_THROWS_AS(simulate::random_scanner(1, 14), PreconditionError);
    CHECK_THROWS_AS(simulate::random_scanner(1, 61), PreconditionError);
}
