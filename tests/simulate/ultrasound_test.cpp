// SPDX-License-Identifier: Apache-2.0
#include "phantoms.hpp"

#include <guide/core/error.hpp>

#include <catch2/catch.hpp>

#include <cstring>
#include <numbers>

using namespace guide;
using namespace guide::test;

namespace {

constexpr double kDegree = std::numbers::pi / 180;

UltrasoundSettings curved_settings() {
    UltrasoundSettings s = plain_settings();
    s.probe = {filters::ProbeKind::curvilinear, 0, 50, 0.9, 0, 2, 60};
    s.frequency_mhz = 4;
    s.f_number = 2;
    s.focus_mm = 35;
    s.transmit_f_number = 3;
    s.samples = 1200;
    s.lines = 256;
    s.picture = filters::picture_over(s.probe, {0.15, 0.15});
    return s;
}

bool same(const Frame& a, const Frame& b) {
    const auto x = a.intensity.view(), y = b.intensity.view();
    return x.width == y.width && x.height == y.height &&
           std::memcmp(x.data, y.data, sizeof(float) * a.intensity.size()) == 0;
}

/// Fat, a cyst in it and bone below, and a needle.
std::shared_ptr<const TissueField> busy_tank() {
    return tank(Tissue::subcutaneous_fat, Tissue::joint_fluid, [](const Eigen::Vector3d& p) {
        return (p - Eigen::Vector3d(5, 18, 0)).norm() - 6;
    });
}
UltrasoundScene busy_scene() {
    UltrasoundScene scene;
    scene.needle.emplace();
    scene.needle->tip = Eigen::Vector3d(0, 15, 0.2);
    scene.needle->direction = Eigen::Vector3d(0.8, 0.6, 0);
    scene.targets = {{{10, 25, 0}, 30}};
    return scene;
}

/// Of a wall that sinks by `slope` to the right, over the lines in the middle.
double wall_level(UltrasoundSimulator& simulator, double depth, double slope = 0) {
    const UltrasoundSettings& s = simulator.settings();
    static_cast<void>(simulator.frame(Pose{}));
    double power = 0;
    int count = 0;
    for (int line = s.lines / 4; line < 3 * s.lines / 4; ++line, ++count) {
        const double x = s.probe.width_mm * (static_cast<double>(line) / (s.lines - 1) - 0.5);
        const int middle = sample_at(s, depth + slope * x);
        power += std::pow(
            peak_in(simulator.envelope(), {line, line + 1, middle - 12, middle + 13}).amplitude, 2);
    }
    return 10 * std::log10(power / count);
}

}  // namespace

TEST_CASE("ultrasound: a seed gives the same bytes on any number of threads") {
    const UltrasoundSettings s;
    const auto field = busy_tank();
    UltrasoundSimulator one(field, s), two(field, s), five(field, s);
    for (const double move : {0.0, 0.7}) {
        const Pose pose = shifted(move, 0, move);
        const Frame a = one.frame(pose, busy_scene(), {1, {}});
        CHECK(same(a, two.frame(pose, busy_scene(), {2, {}})));
        CHECK(same(a, five.frame(pose, busy_scene(), {5, {}})));
        CHECK(same(a, one.frame(pose, busy_scene(), {1, {}})));
    }
    UltrasoundSettings other = s;
    other.seed = 2;
    UltrasoundSimulator second(field, other);
    CHECK_FALSE(same(one.frame(Pose{}), second.frame(Pose{})));
}

TEST_CASE("ultrasound: frames of a still probe differ in noise alone") {
    UltrasoundSettings s;
    s.noise_db = -60;
    UltrasoundSimulator noisy(busy_tank(), s);
    const Frame first = noisy.frame(Pose{}, {{}, {}, 1});
    CHECK_FALSE(same(first, noisy.frame(Pose{}, {{}, {}, 2})));
    CHECK(same(first, noisy.frame(Pose{}, {{}, {}, 1})));
    s.noise_db = -200;
    UltrasoundSimulator quiet(busy_tank(), s);
    const Frame still = quiet.frame(Pose{}, {{}, {}, 1});
    const Frame later = quiet.frame(Pose{}, {{}, {}, 2});
    double worst = 0;
    for (int y = 0; y < 300; ++y) {
        for (int x = 0; x < 640; ++x)
            worst = std::max(worst, std::abs(static_cast<double>(still.intensity.at(x, y) -
                                                                 later.intensity.at(x, y))));
    }
    CHECK(worst < 0.5);
}

TEST_CASE("ultrasound: a frame knows its scale and where it was taken") {
    UltrasoundSettings s = plain_settings();
    UltrasoundSimulator simulator(tank_of(Tissue::water), s);
    const Pose pose(Eigen::Translation3d(3, 4, 5) *
                    Eigen::Isometry3d(Eigen::AngleAxisd(0.3, Eigen::Vector3d::UnitZ())));
    const Frame frame = simulator.frame(pose);
    CHECK(frame.modality == Modality::ultrasound);
    REQUIRE(frame.spacing);
    CHECK(frame.spacing->x_mm == 0.08);
    CHECK(frame.content_box == PixelBox{0, 0, 640, 480});
    REQUIRE(frame.image_to_reference);
    const Eigen::Vector4d at = *frame.image_to_reference * Eigen::Vector4d(100, 200, 0, 1);
    const Eigen::Vector3d expected = pose * Eigen::Vector3d(100 * 0.08 - 25.56, 16, 0);
    CHECK((at.head<3>() - expected).norm() < 1e-9);
    const ShownPoint shown = shown_point(s, pose, pose * Eigen::Vector3d(1, 12, 2));
    CHECK(shown.pixel.x == Approx(26.56 / 0.08));
    CHECK(shown.pixel.y == Approx(150));
    CHECK(shown.out_of_plane_mm == Approx(2));
}

TEST_CASE("ultrasound: wires stand within 0.02 mm of where they are") {
    for (const bool curved : {false, true}) {
        for (const double speed : {1540.0, 1450.0}) {
            UltrasoundSettings s = curved ? curved_settings() : plain_settings();
            s.tissue_speed_m_s = speed;
            UltrasoundSimulator simulator(tank_of(Tissue::outside), s);
            const filters::BeamGrid grid{s.probe, s.lines, s.samples};
            for (const Eigen::Vector3d& wire :
                 {Eigen::Vector3d(0.03, 10.01, 0), Eigen::Vector3d(-7.37, 16.52, 0),
                  Eigen::Vector3d(11.11, 27.77, 0.1)}) {
                UltrasoundScene scene;
                scene.targets = {{wire, 30}};
                static_cast<void>(simulator.frame(Pose{}, scene));
                const Peak peak = peak_in(simulator.envelope(), everywhere(s));
                const auto found = scan_from_beam(grid, {peak.line, peak.sample});
                // Depth is what the scanner takes it for.
                const auto truth = scan_from_pixel(s.picture, shown_point(s, Pose{}, wire).pixel);
                INFO((curved ? "curved " : "linear ") << speed << " at " << wire.transpose());
                CHECK(std::hypot(found.x - truth.x, found.y - truth.y) < 0.02);
                const Eigen::Vector3d back =
                    patient_point(s, Pose{}, shown_point(s, Pose{}, wire).pixel);
                CHECK((back.head<2>() - wire.head<2>()).norm() < 1e-9);
                if (!curved) {
                    CHECK(truth.x == Approx(wire.x()));
                    CHECK(truth.y == Approx(wire.y() * 1540 / speed));
                }
            }
        }
    }
}

TEST_CASE("ultrasound: a wire is as high and as wide as asked for") {
    const UltrasoundSettings s = plain_settings();
    UltrasoundSimulator simulator(tank_of(Tissue::outside), s);
    const double line_mm = s.probe.width_mm / (s.lines - 1), sample_mm = depth_of(s, 1);
    for (const double depth : {8.0, 20.0, 33.0}) {
        UltrasoundScene scene;
        scene.targets = {{{0.05, depth, 0}, 20}};
        static_cast<void>(simulator.frame(Pose{}, scene));
        const auto image = simulator.envelope();
        const Peak peak = peak_in(image, everywhere(s));
        CHECK(decibels(peak.amplitude) == Approx(20).margin(0.8));
        const auto width = [&](int dx, int dy) {
            double lower = 0, upper = 0;
            for (const int side : {-1, 1}) {
                double reach = 0;
                auto x = static_cast<int>(peak.line + 0.5), y = static_cast<int>(peak.sample + 0.5);
                while (static_cast<double>(image.at(x, y)) > peak.amplitude / 2)
                    x += side * dx, y += side * dy;
                const auto out = static_cast<double>(image.at(x, y));
                const auto in = static_cast<double>(image.at(x - side * dx, y - side * dy));
                reach = dx * x + dy * y - side * (peak.amplitude / 2 - out) / (in - out);
                (side < 0 ? lower : upper) = reach;
            }
            return upper - lower;
        };
        const PointSpread spread = point_spread(s, depth);
        CHECK(width(1, 0) * line_mm == Approx(spread.lateral_mm).epsilon(0.05));
        CHECK(width(0, 1) * sample_mm == Approx(spread.axial_mm).epsilon(0.05));
    }
}

TEST_CASE("ultrasound: the beam is narrowest at its focus and widens as published") {
    UltrasoundSettings s;
    s.f_number = 2;
    s.aperture_mm = 100;
    s.transmit_f_number = 2;
    s.focus_mm = 20;
    const double wavelength = 1.54 / s.frequency_mhz;
    // Both beams 1.21 wavelengths times the f-number wide: together narrower by the root of 2.
    CHECK(point_spread(s, 20).lateral_mm == Approx(1.21 * wavelength * 2 / std::sqrt(2.0)));
    CHECK(point_spread(s, 20).axial_mm == Approx(0.5 * s.cycles * wavelength));
    CHECK(point_spread(s, 10).lateral_mm > point_spread(s, 20).lateral_mm);
    CHECK(point_spread(s, 30).lateral_mm > point_spread(s, 20).lateral_mm);
    s.elevation_focus_mm = 25;
    CHECK(point_spread(s, 25).elevation_mm < point_spread(s, 15).elevation_mm);
    CHECK(point_spread(s, 25).elevation_mm < point_spread(s, 35).elevation_mm);
}

TEST_CASE("ultrasound: walls echo by impedance, and less when they are turned") {
    UltrasoundSettings s = plain_settings();
    const auto reflection = [](Tissue a, Tissue b) {
        const double u = properties_of(a).impedance_mrayl, v = properties_of(b).impedance_mrayl;
        return std::abs(v - u) / (u + v);
    };
    for (const Tissue below : {Tissue::femur, Tissue::cartilage}) {
        UltrasoundSimulator simulator(tank_with_floor(Tissue::water, below, 20), s);
        // A part goes everywhere, less of it back.
        const double mirror = properties_of(below).specular, rough = is_bone(below) ? 0.25 : 0;
        const double expected = s.interface_db + decibels(reflection(Tissue::water, below)) +
                                decibels(mirror + 0.7 * std::max(1 - mirror, rough));
        INFO(name_of(below));
        CHECK(wall_level(simulator, 20) == Approx(expected).margin(1.5));
    }
    // Rough as it is, the wall is heard at any angle, but its mirror is gone.
    double last = 100;
    for (const double angle : {0.0, 6.0, 12.0, 20.0}) {
        UltrasoundSimulator simulator(
            tank_with_floor(Tissue::water, Tissue::femur, 20, angle * kDegree), s);
        const double level = wall_level(simulator, 20, std::tan(angle * kDegree));
        INFO(angle << " degrees: " << level);
        CHECK(level < last - (angle == 0 ? 0 : angle < 15 ? 3 : 0.5));
        last = level;
    }
}

TEST_CASE("ultrasound: bone is bright where it begins and dark below") {
    for (const double angle : {0.0, 6.0}) {
        UltrasoundSettings s = plain_settings();
        s.tgc_db_per_cm = fitting_tgc(s, Tissue::synovium);
        UltrasoundSimulator simulator(
            tank_with_floor(Tissue::synovium, Tissue::femur, 20, angle * kDegree), s);
        static_cast<void>(simulator.frame(Pose{}));
        for (int line = 30; line < s.lines - 30; line += 20) {
            const double x = s.probe.width_mm * (static_cast<double>(line) / (s.lines - 1) - 0.5);
            const double depth = 20 + std::tan(angle * kDegree) * x;
            const Peak peak =
                peak_in(simulator.envelope(),
                        {line - 1, line + 2, sample_at(s, depth - 3), sample_at(s, depth + 3)});
            CHECK(depth_of(s, peak.sample) == Approx(depth).margin(0.12));
            const double above =
                rms(simulator.envelope(),
                    {line - 10, line + 10, sample_at(s, depth - 4), sample_at(s, depth - 2)});
            const double below =
                rms(simulator.envelope(),
                    {line - 10, line + 10, sample_at(s, depth + 4), sample_at(s, depth + 6)});
            CHECK(decibels(above / below) > 30);
        }
    }
}

TEST_CASE("ultrasound: tissue behind fluid is brighter than beside it") {
    UltrasoundSettings s = plain_settings();
    s.tgc_db_per_cm = fitting_tgc(s, Tissue::subcutaneous_fat);
    UltrasoundSimulator simulator(busy_tank(), s);
    static_cast<void>(simulator.frame(Pose{}));
    const auto level = [&](double x, double depth, double height = 8) {
        const int line = static_cast<int>((x / s.probe.width_mm + 0.5) * (s.lines - 1));
        return decibels(rms(simulator.envelope(), {line - 10, line + 10, sample_at(s, depth),
                                                   sample_at(s, depth + height)}));
    };
    // Twice 12 mm of fluid instead of fat, less at the sides of the cyst.
    const double fluid_gain = 2 * 1.17 * s.frequency_mhz *
                              (properties_of(Tissue::subcutaneous_fat).attenuation_db -
                               properties_of(Tissue::joint_fluid).attenuation_db);
    CHECK(level(5, 27) - level(-12, 27) == Approx(fluid_gain).margin(2));
    CHECK(level(5, 16, 4) < level(-12, 16, 4) - 20);
}

TEST_CASE("ultrasound: tendon darkens when the beam leaves its fibres, fat does not") {
    UltrasoundSettings s = plain_settings();
    const auto level = [&](Tissue tissue, double tilt_deg) {
        UltrasoundSimulator simulator(tank_of(tissue), s);
        static_cast<void>(simulator.frame(turned(tilt_deg * kDegree, Eigen::Vector3d::UnitX())));
        return decibels(rms(simulator.envelope(), {20, 300, sample_at(s, 4), sample_at(s, 8)}));
    };
    CHECK(level(Tissue::subcutaneous_fat, 0) - level(Tissue::subcutaneous_fat, 12) ==
          Approx(0).margin(1));
    const double upright = level(Tissue::quadriceps_tendon, 0);
    CHECK(upright - level(Tissue::quadriceps_tendon, 3) < 3);
    CHECK(upright - level(Tissue::quadriceps_tendon, 12) > 8);
}

TEST_CASE(
    "ultrasound: the face throws echoes back: a strong wall is seen again at twice its depth") {
    UltrasoundSettings s = plain_settings();
    s.reverberation = 0.2;
    UltrasoundSimulator simulator(tank_with_floor(Tissue::water, Tissue::femur, 12), s);
    const double first = wall_level(simulator, 12), second = wall_level(simulator, 24);
    CHECK(second - first == Approx(decibels(0.2) + first - s.interface_db).margin(1.5));
    s.reverberation = 0;
    UltrasoundSimulator dry(tank_with_floor(Tissue::water, Tissue::femur, 12), s);
    CHECK(wall_level(dry, 24) < second - 20);
}

TEST_CASE("ultrasound: nothing is heard where the probe does not touch") {
    UltrasoundSettings s = plain_settings();
    s.tgc_db_per_cm = fitting_tgc(s, Tissue::synovium);
    s.lost_contact = {{10, 30}};
    UltrasoundSimulator simulator(tank_of(Tissue::synovium), s);
    static_cast<void>(simulator.frame(Pose{}));
    const auto level = [&](double x, double depth) {
        const int line = static_cast<int>((x / s.probe.width_mm + 0.5) * (s.lines - 1));
        return decibels(rms(simulator.envelope(),
                            {line - 8, line + 8, sample_at(s, depth), sample_at(s, depth + 4)}));
    };
    CHECK(level(20, 10) < level(0, 10) - 40);
    CHECK(level(-20, 10) == Approx(level(0, 10)).margin(1.5));
    // Half of a deep aperture hears past the gap's edge.
    CHECK(level(10, 30) == Approx(level(-5, 30) - 12).margin(3));
    // Sound runs to and fro in the elements.
    CHECK(decibels(rms(simulator.envelope(), {270, 310, 0, sample_at(s, 1)})) > 0);
}

TEST_CASE("ultrasound: grey follows decibels, gain and depth") {
    UltrasoundSettings s = plain_settings();
    s.white_db = 40;
    s.dynamic_range_db = 80;
    const auto grey_of = [](const UltrasoundSettings& settings, double level_db) {
        UltrasoundSimulator simulator(tank_of(Tissue::outside), settings);
        UltrasoundScene scene;
        scene.targets = {{{0, 20, 0}, level_db}};
        const Frame frame = simulator.frame(Pose{}, scene);
        float most = 0;
        for (int y = 0; y < frame.intensity.height(); ++y) {
            for (int x = 0; x < frame.intensity.width(); ++x)
                most = std::max(most, frame.intensity.at(x, y));
        }
        return static_cast<double>(most);
    };
    const double first = grey_of(s, 0);
    CHECK(first == Approx(255.0 * 40 / 80).margin(4));
    CHECK(grey_of(s, 20) - first == Approx(255.0 * 20 / 80).margin(0.5));
    CHECK(grey_of(s, 60) == 255);
    CHECK(grey_of(s, -60) == 0);
    s.gain_db = 10;
    CHECK(grey_of(s, 0) - first == Approx(255.0 * 10 / 80).margin(0.5));
    s.gain_db = 0;
    s.tgc_db_per_cm = 8;
    CHECK(grey_of(s, 0) - first == Approx(255.0 * 16 / 80).margin(0.5));
}

TEST_CASE("ultrasound: noise has its level") {
    UltrasoundSettings s = plain_settings();
    s.noise_db = -30;
    UltrasoundSimulator simulator(tank_of(Tissue::outside), s);
    static_cast<void>(simulator.frame(Pose{}));
    CHECK(decibels(rms(simulator.envelope(), {0, s.lines, 50, s.samples - 50})) ==
          Approx(-30).margin(0.2));
}

TEST_CASE("ultrasound: another state of the tissue is seen, its scatterers stay") {
    UltrasoundSettings s = plain_settings();
    UltrasoundSimulator simulator(tank_of(Tissue::synovium), s);
    const Frame before = simulator.frame(Pose{});
    simulator.set_field(tank(Tissue::synovium, Tissue::joint_fluid, [](const Eigen::Vector3d& p) {
        return (p - Eigen::Vector3d(15, 12, 0)).norm() - 5;
    }));
    const Frame after = simulator.frame(Pose{});
    CHECK_FALSE(same(before, after));
    for (int y = 0; y < 400; ++y) {
        for (int x = 0; x < 380; ++x)
            REQUIRE(before.intensity.at(x, y) == after.intensity.at(x, y));
    }
}

TEST_CASE("ultrasound: a curved probe fills its sector") {
    UltrasoundSettings s = curved_settings();
    s.tgc_db_per_cm = fitting_tgc(s, Tissue::synovium);
    UltrasoundSimulator simulator(tank_of(Tissue::synovium), s);
    const Frame frame = simulator.frame(Pose{});
    const filters::BeamGrid grid{s.probe, s.lines, s.samples};
    int lit = 0, shown = 0;
    for (int y = 0; y < frame.intensity.height(); ++y) {
        for (int x = 0; x < frame.intensity.width(); ++x) {
            const auto scan =
                scan_from_pixel(s.picture, {static_cast<double>(x), static_cast<double>(y)});
            const auto beam = beam_from_scan(grid, scan);
            const bool outside = beam.line < -1 || beam.line > s.lines || beam.sample < -1 ||
                                 beam.sample > s.samples;
            if (outside) CHECK(frame.intensity.at(x, y) == 0);
            // The tank ends at 54 mm and 40 mm to the sides.
            if (beam.line > 1 && beam.line < s.lines - 2 && beam.sample > 1 && scan.y < 50 &&
                std::abs(scan.x) < 38) {
                ++shown;
                lit += frame.intensity.at(x, y) > 0 ? 1 : 0;
            }
        }
    }
    CHECK(lit > 0.97 * shown);
}

TEST_CASE("ultrasound: settings out of range are named") {
    const auto fault = [](const std::function<void(UltrasoundSettings&)>& change) {
        UltrasoundSettings s;
        change(s);
        try {
            s.validate();
        } catch (const PreconditionError& error) {
            return std::string(error.what());
        }
        return std::string();
    };
    CHECK(fault([](auto&) {}).empty());
    CHECK_THAT(fault([](auto& s) { s.lines = 1; }), Catch::Contains("lines"));
    CHECK_THAT(fault([](auto& s) { s.lines = 40; }), Catch::Contains("lines"));
    CHECK_THAT(fault([](auto& s) { s.samples = 100; }), Catch::Contains("samples"));
    CHECK_THAT(fault([](auto& s) { s.frequency_mhz = NAN; }), Catch::Contains("frequency_mhz"));
    CHECK_THAT(fault([](auto& s) { s.cycles = 0; }), Catch::Contains("cycles"));
    CHECK_THAT(fault([](auto& s) { s.looks = 2; }), Catch::Contains("looks"));
    CHECK_THAT(fault([](auto& s) { s.looks = 7, s.look_step_deg = 20; }), Catch::Contains("look"));
    CHECK_THAT(fault([](auto& s) { s.reverberation = 1; }), Catch::Contains("reverberation"));
    CHECK_THAT(fault([](auto& s) { s.limb_centre.x() = NAN; }), Catch::Contains("limb_centre"));
    CHECK_THAT(fault([](auto& s) { s.noise_db = 30; }), Catch::Contains("noise_db"));
    CHECK_THAT(fault([](auto& s) { s.tissue_speed_m_s = 300; }), Catch::Contains("tissue_speed"));
    CHECK_THAT(fault([](auto& s) { s.lost_contact = {{3, 2}}; }), Catch::Contains("lost_contact"));
    CHECK_THAT(fault([](auto& s) { s.probe.width_mm = -1; }), Catch::Contains("width_mm"));
    CHECK_THAT(fault([](auto& s) { s.picture.width = 0; }), Catch::Contains("width"));
    CHECK_THROWS_AS(UltrasoundSimulator(nullptr, {}), PreconditionError);
    UltrasoundSimulator simulator(tank_of(Tissue::water), UltrasoundSettings{});
    Eigen::Isometry3d nowhere = Eigen::Isometry3d::Identity();
    nowhere.translation().x() = NAN;
    CHECK_THROWS_AS(simulator.frame(Pose(nowhere)), PreconditionError);
    CHECK_THROWS_AS(simulator.set_field(nullptr), PreconditionError);
    UltrasoundScene scene;
    scene.targets = {{{INFINITY, 0, 0}, 0}};
    CHECK_THROWS_AS(simulator.frame(Pose{}, scene), PreconditionError);
}

TEST_CASE("ultrasound: outside of the tissue everything is black") {
    UltrasoundSimulator simulator(tank_of(Tissue::synovium), plain_settings());
    const Frame frame = simulator.frame(shifted(0, 500, 0));
    for (int y = 0; y < frame.intensity.height(); ++y)
        REQUIRE(*std::max_element(frame.intensity.view().row(y),
                                  frame.intensity.view().row(y) + frame.intensity.width()) == 0);
}

TEST_CASE("ultrasound: a stopped frame leaves the next one whole") {
    const auto field = busy_tank();
    UltrasoundSimulator simulator(field, UltrasoundSettings{}), other(field, UltrasoundSettings{});
    std::stop_source stop;
    stop.request_stop();
    CHECK_THROWS_AS(simulator.frame(Pose{}, busy_scene(), {2, stop.get_token()}), Stopped);
    CHECK(same(simulator.frame(Pose{}, busy_scene()), other.frame(Pose{}, busy_scene())));
}
