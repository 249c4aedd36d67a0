// SPDX-License-Identifier: Apache-2.0
#include "phantoms.hpp"

#include <guide/core/error.hpp>

#include <catch2/catch.hpp>

#include <numbers>

using namespace guide;
using namespace guide::test;

namespace {

constexpr double kDegree = std::numbers::pi / 180;

/// Through (0, 18, out), from the left, dipping by the angle.
InsertedNeedle needle_at(double angle_deg, double out_mm = 0) {
    InsertedNeedle needle;
    needle.direction =
        Eigen::Vector3d(std::cos(angle_deg * kDegree), std::sin(angle_deg * kDegree), 0);
    needle.tip = Eigen::Vector3d(0, 18, out_mm) + 8 * needle.direction;
    needle.inserted_mm = 30;
    return needle;
}

/// The brightest echo of the shaft at the middle line.
double shaft_db(UltrasoundSimulator& simulator, const InsertedNeedle& needle) {
    const UltrasoundSettings& s = simulator.settings();
    UltrasoundScene scene;
    scene.needle = needle;
    static_cast<void>(simulator.frame(Pose{}, scene));
    const int middle = s.lines / 2;
    return decibels(
        peak_in(simulator.envelope(), {middle - 2, middle + 3, sample_at(s, 14), sample_at(s, 21)})
            .amplitude);
}

}  // namespace

TEST_CASE("needle: brightness on the screen falls along the published straight line") {
    UltrasoundSimulator simulator(tank_of(Tissue::outside), plain_settings());
    double n = 0, x = 0, y = 0, xx = 0, xy = 0;
    std::vector<std::pair<double, double>> points;
    for (double angle = 0; angle <= 65; angle += 5) {
        const double level = shaft_db(simulator, needle_at(angle));
        points.emplace_back(angle, level);
        n += 1, x += angle, y += level, xx += angle * angle, xy += angle * level;
        CHECK(level == Approx(shaft_level_db(needle_at(angle), angle * kDegree)).margin(1.5));
    }
    const double slope = (n * xy - x * y) / (n * xx - x * x), start = (y - slope * x) / n;
    for (const auto& [angle, level] : points)
        CHECK(level == Approx(start + slope * angle).margin(1));
    CHECK(-start / slope == Approx(81).epsilon(0.05));  // where none is left
}

TEST_CASE("needle: thin ones are dimmer, those made to be seen are bright at any angle") {
    InsertedNeedle thick = needle_at(20), thin = thick, textured = thick;
    thick.outer_diameter_mm = 1.27;
    thin.outer_diameter_mm = 0.31;
    thin.inner_diameter_mm = 0.16;
    textured.echogenic = 1;
    CHECK(shaft_level_db(thick, 0.3) > shaft_level_db(thin, 0.3) + 3);
    CHECK(shaft_level_db(textured, 1) == Approx(shaft_level_db(textured, 0)));
    CHECK(shaft_level_db(needle_at(0), 1) < shaft_level_db(needle_at(0), 0) - 15);
    CHECK(shaft_level_db(needle_at(0), 0.3) == shaft_level_db(needle_at(0), -0.3));
}

TEST_CASE("needle: fades out of the plane with the beam's thickness") {
    const UltrasoundSettings s = plain_settings();
    UltrasoundSimulator simulator(tank_of(Tissue::outside), s);
    const double level = shaft_db(simulator, needle_at(10));
    const double half = point_spread(s, 17.6).elevation_mm / 2;
    CHECK(level - shaft_db(simulator, needle_at(10, half)) == Approx(6.02).margin(0.5));
    CHECK(level - shaft_db(simulator, needle_at(10, -2 * half)) == Approx(4 * 6.02).margin(1.5));
    CHECK(shaft_db(simulator, needle_at(10, 8)) < -60);
}

TEST_CASE("needle: crossing the plane it is a dot where it crosses") {
    const UltrasoundSettings s = plain_settings();
    UltrasoundSimulator simulator(tank_of(Tissue::outside), s);
    UltrasoundScene scene;
    scene.needle.emplace();
    scene.needle->direction = Eigen::Vector3d::UnitZ();
    scene.needle->tip = Eigen::Vector3d(3, 15, 12);
    static_cast<void>(simulator.frame(Pose{}, scene));
    const Peak peak = peak_in(simulator.envelope(), everywhere(s));
    const double x = s.probe.width_mm * (peak.line / (s.lines - 1) - 0.5);
    CHECK(x == Approx(3).margin(0.05));
    CHECK(depth_of(s, peak.sample) == Approx(15 - scene.needle->outer_diameter_mm / 2).margin(0.1));
}

TEST_CASE("needle: head on, sound runs to and fro inside and leaves lines below the shaft") {
    UltrasoundSettings s = plain_settings();
    s.cycles = 1;
    s.samples = 2048;
    UltrasoundSimulator simulator(tank_of(Tissue::outside), s);
    InsertedNeedle needle = needle_at(0);
    needle.outer_diameter_mm = 1.6;
    needle.inner_diameter_mm = 1.2;
    const auto level_below = [&](const InsertedNeedle& which, double below) {
        UltrasoundScene scene;
        scene.needle = which;
        static_cast<void>(simulator.frame(Pose{}, scene));
        const int middle = s.lines / 2;
        const double depth = 18 - 0.8 + below;
        return decibels(
            peak_in(simulator.envelope(),
                    {middle - 1, middle + 2, sample_at(s, depth - 0.2), sample_at(s, depth + 0.2)})
                .amplitude);
    };
    for (const int k : {1, 2, 3})
        CHECK(level_below(needle, k * 1.2) - level_below(needle, 0) == Approx(-6.02 * k).margin(1));
    CHECK(level_below(needle, 1.8) < level_below(needle, 1.2) - 15);
}

TEST_CASE("needle: its tip is seen also where the shaft is not, and casts side lobes") {
    UltrasoundSettings s = plain_settings();
    UltrasoundSimulator plain(tank_of(Tissue::outside), s);
    s.side_lobe_db = -30;
    UltrasoundSimulator lobes(tank_of(Tissue::outside), s);
    InsertedNeedle needle = needle_at(75);
    needle.tip = Eigen::Vector3d(0, 20, 0);
    needle.inserted_mm = 15;
    UltrasoundScene scene;
    scene.needle = needle;
    static_cast<void>(plain.frame(Pose{}, scene));
    const Peak tip = peak_in(plain.envelope(), everywhere(s));
    CHECK(depth_of(s, tip.sample) == Approx(20).margin(0.3));
    static_cast<void>(lobes.frame(Pose{}, scene));
    const int middle = s.lines / 2;
    const Window beside{middle + 8, middle + 25, sample_at(s, 19), sample_at(s, 21)};
    CHECK(decibels(peak_in(lobes.envelope(), beside).amplitude / tip.amplitude) > -45);
    CHECK(decibels(rms(plain.envelope(), beside) / tip.amplitude) < -60);
}

TEST_CASE("needle: bone hides it and it dims what lies below") {
    UltrasoundSettings s = plain_settings();
    UltrasoundSimulator hidden(tank_with_floor(Tissue::outside, Tissue::femur, 10), s);
    CHECK(shaft_db(hidden, needle_at(0)) < -40);
    s.tgc_db_per_cm = fitting_tgc(s, Tissue::synovium);
    UltrasoundSimulator gel(tank_of(Tissue::synovium), s);
    UltrasoundScene scene;
    InsertedNeedle needle = needle_at(0);
    needle.tip = Eigen::Vector3d(0, 12, 0);
    scene.needle = needle;
    static_cast<void>(gel.frame(Pose{}, scene));
    const auto level = [&](int line0, int line1) {
        return decibels(rms(gel.envelope(), {line0, line1, sample_at(s, 24), sample_at(s, 30)}));
    };
    CHECK(level(220, 300) - level(20, 110) > 2);
}

TEST_CASE("needle: bent, it is straight at the skin and turned at the tip") {
    InsertedNeedle needle = needle_at(30);
    needle.bend_mm = 4;
    needle.bend_towards = Eigen::Vector3d::UnitZ();
    needle.validate();
    CHECK((needle.point_at(0) - needle.tip).norm() < 1e-12);
    CHECK((needle.direction_at(needle.inserted_mm) - needle.direction).norm() < 1e-12);
    CHECK(needle.direction_at(0).dot(needle.bend_towards) > 0.2);
    const Eigen::Vector3d entry = needle.point_at(needle.inserted_mm);
    const Eigen::Vector3d straight = entry + needle.inserted_mm * needle.direction;
    CHECK((needle.tip - straight).norm() == Approx(4));
    const Eigen::Vector3d step = needle.point_at(9.99) - needle.point_at(10.01);
    CHECK((step.normalized() - needle.direction_at(10)).norm() < 1e-3);
}

TEST_CASE("needle: faults are named") {
    const auto refused = [](const std::function<void(InsertedNeedle&)>& change, const char* field) {
        InsertedNeedle needle;
        change(needle);
        CHECK_THROWS_WITH(needle.validate(), Catch::Contains(field));
    };
    InsertedNeedle{}.validate();
    refused([](auto& n) { n.direction *= 2; }, "direction");
    refused([](auto& n) { n.tip.x() = NAN; }, "tip");
    refused([](auto& n) { n.inserted_mm = 900; }, "inserted_mm");
    refused([](auto& n) { n.inner_diameter_mm = 1; }, "inner_diameter_mm");
    refused([](auto& n) { n.outer_diameter_mm = 0; }, "outer_diameter_mm");
    refused([](auto& n) { n.bevel_deg = 0; }, "bevel_deg");
    refused([](auto& n) { n.bend_mm = 2, n.bend_towards = n.direction; }, "bend_towards");
    refused([](auto& n) { n.echogenic = 2; }, "echogenic");
    UltrasoundSimulator simulator(tank_of(Tissue::water), UltrasoundSettings{});
    UltrasoundScene scene;
    scene.needle.emplace();
    scene.needle->bend_mm = 99;
    CHECK_THROWS_AS(simulator.frame(Pose{}, scene), PreconditionError);
}
